"""Parse on a Dask cluster: batches of sources become partitions, which a run elsewhere gathers."""
