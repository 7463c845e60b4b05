"""One notice beside its source, the queue of doubtful items, and correcting."""
