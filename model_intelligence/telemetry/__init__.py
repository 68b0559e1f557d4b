"""Recorded calls of models: the formats they are imported from, and how they are aggregated."""
