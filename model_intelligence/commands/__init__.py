"""The commands of `model-intel`, by what they are for; heavy imports wait until one is called."""
