"""What one source stated, names unresolved."""
