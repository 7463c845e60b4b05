"""Documents drawn on pages (PDF, OFD, scans) to text."""
