"""What people read beside pull requests: dashboard, job summary, score cards, config issue."""
