"""The user's YAML files, one module each."""
