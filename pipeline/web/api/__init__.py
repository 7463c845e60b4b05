"""The API of the desk: the records of an OUTPUT as JSON, under /api/v1."""
