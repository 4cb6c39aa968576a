"""Who published a repository, and who should have."""
