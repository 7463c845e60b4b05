"""The desk: pages and an API on which people read, check and correct an OUTPUT."""
