"""What is appended and never overwritten, and the rows behind a figure."""
