"""Benchmark results that two models share: editions, leads and grades."""
