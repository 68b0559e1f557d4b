"""A proposal's text: body, marker, Markdown, chart."""
