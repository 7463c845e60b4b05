"""Keep notices in a database: a SQLite file, or PostgreSQL by its URL, with one schema for both."""

from __future__ import annotations

from pipeline.store.database import Store
from pipeline.store.load import Loaded, load_notices, load_output
from pipeline.store.queries import Hit, Query, Result, search

__all__ = ["Hit", "Loaded", "Query", "Result", "Store", "load_notices", "load_output", "search"]
