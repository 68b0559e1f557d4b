"""From the names that sources and people write to models, and back into their spelling."""
