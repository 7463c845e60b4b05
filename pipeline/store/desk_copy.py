"""The desk's own copy of an OUTPUT: a SQLite file that follows it, notice by notice."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from pipeline.errors import StoreError
from pipeline.store.database import Store
from pipeline.store.load import Loaded, load_known
from pipeline.store.review import create_review, renew_review
from pipeline.store.schema import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.dataset.manifest import Manifest

# The second number changes with the tables that only the copy has.
COPY_FORMAT = f"{SCHEMA}.1"


def follow_output(output: Path, manifest: Manifest, store: Store) -> Loaded:
    """Load into the copy of an OUTPUT what changed there by its manifest. Raises StoreError."""
    with store.writing() as connection:
        create_review(connection)
        loaded = load_known(output, manifest, connection)
        renew_review(connection, [*loaded.added, *loaded.updated], loaded.retired)
    return loaded


def make_copy(path: Path) -> Store:
    """Open the copy of an OUTPUT, readers of which wait for no writer; one that is damaged is made anew.

    Raises StoreError.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_whole(path):
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            _is_whole(path)
    except (OSError, sqlite3.Error) as error:
        fact = f"cannot be made ({error})"
        raise StoreError(path, fact, "check path and rights, or name another folder") from error
    return Store(path)


def _is_whole(path: Path) -> bool:
    """Let readers of a file go on while it is written; answer whether it is a database at all."""
    with closing(sqlite3.connect(path)) as connection, suppress(sqlite3.DatabaseError):
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return True
    return False
