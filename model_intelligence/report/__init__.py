"""The report: what is known and decided of every use case, as one page that needs nothing else."""
