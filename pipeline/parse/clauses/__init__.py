"""Where a document says who is responsible, and what it says."""
