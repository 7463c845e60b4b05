"""The list of plans, and parsing more documents into the OUTPUT."""
