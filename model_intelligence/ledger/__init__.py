"""Append-only rows, and the newest of them as of a time."""
