"""Setting up a repository: init, check, doctor."""
