"""Records to files for other programs: Parquet, JSON Lines, CSV."""
