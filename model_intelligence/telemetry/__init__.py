"""Calls of models as applications recorded them: the doors they come in by, and their storage."""
