"""Intervals and histograms; knows no model."""
