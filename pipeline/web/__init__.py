"""The desk: pages on which people read, check and correct the records of an OUTPUT."""
