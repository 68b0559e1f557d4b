"""What merged proposals promised, beside what came of it."""
