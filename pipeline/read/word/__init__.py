"""Word files to text."""
