"""One state and its writes for each use case; pure."""
