"""Records -> files: JSON, CSV tables and the data package that describes them."""

from __future__ import annotations

from pipeline.export.dataset import read_records, write_dataset

__all__ = ["read_records", "write_dataset"]
