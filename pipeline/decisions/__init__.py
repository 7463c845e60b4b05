"""What people decided about records: corrections and judgements, kept beside the records."""
