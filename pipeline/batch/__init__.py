"""Many files: one job a file, only what changed, and the check of an OUTPUT."""
