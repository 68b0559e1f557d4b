"""The abilities of all models, estimated from all results at once; loads numpy."""
