"""What people write: how it is read, and how well on sentences labelled by hand."""
