"""The leaderboards, one file each."""
