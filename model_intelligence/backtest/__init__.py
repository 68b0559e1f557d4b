"""Past decisions made again with what was public then, and judged by what came to light later."""
