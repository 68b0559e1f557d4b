"""The one folding statement on every engine that it is promised for."""
