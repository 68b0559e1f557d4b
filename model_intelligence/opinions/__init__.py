"""What people write about models, read by rules that would rather say nothing."""
