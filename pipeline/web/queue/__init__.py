"""The queue of doubtful items over all notices, the most doubtful first."""
