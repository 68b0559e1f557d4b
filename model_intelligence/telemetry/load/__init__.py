"""From files and tables to stored calls."""
