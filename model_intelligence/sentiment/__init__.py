"""From posts to mentions to signals."""
