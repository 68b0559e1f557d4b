"""Why: in words, and in the stored dossier."""
