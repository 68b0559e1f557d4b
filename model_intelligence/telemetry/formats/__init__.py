"""One file a format of recorded calls."""
