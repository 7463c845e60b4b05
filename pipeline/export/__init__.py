"""Records -> folders of files for other programs: Parquet, JSON Lines, CSV."""
