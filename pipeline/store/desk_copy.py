"""The desk's own copy of an OUTPUT: a SQLite file that follows it, notice by notice."""

from __future__ import annotations

import sqlite3
import weakref
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import event

from pipeline.errors import StoreError
from pipeline.store.database import Store
from pipeline.store.facet_index import FacetIndex
from pipeline.store.load import load_known
from pipeline.store.review import create_review, renew_review
from pipeline.store.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.dataset.manifest import Manifest
    from pipeline.errors import PipelineError
    from pipeline.model import Notice

# The second number changes with the tables that only the copy has.
COPY_FORMAT = f"{SCHEMA}.2"


class FollowedCopy(NamedTuple):
    """The copy as it was loaded last: its store, and its items by facets.

    `errors` are those of records that could not be loaded.
    """

    store: Store
    facets: FacetIndex
    errors: tuple[PipelineError, ...]


class DeskCopy:
    """The copy of one OUTPUT, for one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file, readers of which wait for no writer; a damaged one is made anew.

        Raises StoreError.
        """
        self.path = path
        self.store = _open_copy(path)
        self._inode = _inode_of(path)
        # A copy that is dropped and not closed leaves no connection open.
        weakref.finalize(self, self.store.close)
        self._facets: FacetIndex | None = None
        self._known: dict[str, str] = {}

    @property
    def is_there(self) -> bool:
        """Whether its file is still the one that was opened: another program may have removed it."""
        return _inode_of(self.path) == self._inode

    def follow(
        self, output: Path, manifest: Manifest, read: Callable[[str], Notice] | None = None
    ) -> FollowedCopy:
        """Load into the copy what changed in its OUTPUT by the manifest.

        `read` gives the record of a notice by its id to whoever keeps them. Raises StoreError.
        """
        now = {key: one.sha256 for key, one in manifest.records.items() if not one.duplicate}
        with self.store.writing() as connection:
            create_review(connection)
            loaded = load_known(output, manifest, connection, read)
            renew_review(connection, [*loaded.added, *loaded.updated], loaded.retired)
            # Another program may have loaded some of what is new here.
            changed = {one for one, _ in now.items() ^ self._known.items()}
            # One that could not be loaded then, and has been now.
            changed.update(loaded.added, loaded.updated, loaded.retired)
            if self._facets is None:
                self._facets = FacetIndex().renew(connection, None)
            else:
                self._facets = self._facets.renew(connection, changed)
        self._known = now
        return FollowedCopy(self.store, self._facets, loaded.held)

    def close(self) -> None:
        """Close the file."""
        self.store.close()


def _inode_of(path: Path) -> int:
    """Return the number of a file's inode, 0 where there is none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _open_copy(path: Path) -> Store:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_whole(path):
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            _is_whole(path)
    except (OSError, sqlite3.Error) as error:
        strerror = getattr(error, "strerror", None) or error
        fact = f"cannot keep the copy of an OUTPUT ({strerror})"
        raise StoreError(path, fact, "check path and rights, or name another folder") from error
    store = Store(path)
    event.listen(store.engine, "connect", _wait_for_no_disk)
    return store


def _wait_for_no_disk(connection: sqlite3.Connection, _: object) -> None:
    """Leave it to the system when a commit reaches the disk: after a power cut the copy is one of before."""
    connection.execute("PRAGMA synchronous = NORMAL")


def _is_whole(path: Path) -> bool:
    """Let readers of a file go on while it is written; answer whether it is a database at all."""
    with closing(sqlite3.connect(path)) as connection, suppress(sqlite3.DatabaseError):
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return True
    return False
