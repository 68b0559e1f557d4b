"""Price lists, one file each, all of one shape: `listings()` gives what providers offer."""
