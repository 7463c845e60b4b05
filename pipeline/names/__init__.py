"""Split printed lists into names, and resolve a name to the one body that it means."""
