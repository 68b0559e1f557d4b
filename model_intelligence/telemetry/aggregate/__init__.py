"""Recorded calls folded by day, and a window as the sum of its days."""
