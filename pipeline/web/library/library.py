"""Follow an OUTPUT while other commands and people change it."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from functools import partial
from pathlib import Path
from threading import Lock
from time import monotonic, time
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.manifest import MANIFEST, read_manifest
from pipeline.errors import OutputError, StoreError
from pipeline.store.desk_copy import COPY_FORMAT, DeskCopy
from pipeline.web.library.notice_view import read_notice_view
from pipeline.web.library.old_copies import mark_used, remove_old_copies
from pipeline.web.library.remembered import Remembered
from pipeline.web.library.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.dataset.manifest import Manifest
    from pipeline.model import Notice
    from pipeline.store.desk_copy import FollowedCopy
    from pipeline.web.library.notice_view import NoticeView

_NOTICES = 64
_MARK_SECONDS = 86_400
# Lists that are older than this are waited for.
_LATE_SECONDS = 2.0


class _State(NamedTuple):
    """The manifest's file as it was when it was last read: time, size and number of its inode."""

    written: int
    size: int
    inode: int

    @property
    def version(self) -> str:
        return "-".join(f"{value:x}" for value in self)


class Library:
    """An OUTPUT, with a copy of it in a database that lists and searches are read from.

    The copy is in `cache`, or in the user's folder for such files; it follows the OUTPUT notice by
    notice and may be removed at any time. May be used by many threads at once.
    """

    def __init__(self, output: Path, cache: Path | None = None) -> None:
        self.output = output
        self._cache = cache
        self._views: Remembered[NoticeView] = Remembered(_NOTICES)
        # Whoever has both takes the first one first.
        self._loading, self._following = Lock(), Lock()
        self._copy: tuple[str, DeskCopy] | None = None
        self._followed: tuple[Snapshot, FollowedCopy] | None = None
        self._looked = 0
        self._tell: Callable[[], object] = _tell_nobody
        self._state: _State | None = None
        self._snapshot: Snapshot | None = None
        self._marked = monotonic()

    def tell_changes_to(self, tell: Callable[[], object]) -> None:
        """Have a function called whenever the OUTPUT was found changed; it must return at once."""
        self._tell = tell

    def current(self) -> Snapshot:
        """Return the OUTPUT as it is now; while another thread looks at it anew, as it was before.

        Raises OutputError.
        """
        snapshot, copy = self._snapshot, self._copy
        if monotonic() - self._marked > _MARK_SECONDS:
            # Another desk removes what nobody has used for long.
            self._mark_used()
        if copy and not copy[1].is_there and not self._loading.locked():
            # It was removed after all, and is made anew below.
            self.close()
        if snapshot is not None and _read_state(self.output) == self._state:
            return snapshot
        if snapshot is not None and self._loading.locked():
            return snapshot
        return self.refresh()

    def refresh(self) -> Snapshot:
        """Return the OUTPUT as it is now, whoever changed it; to be called after one's own change.

        Its lists are brought up to it when the first one is asked for. Raises OutputError.
        """
        with self._loading:
            state = _read_state(self.output)
            if self._snapshot is None or state != self._state:
                # The state is that before reading: what is written meanwhile is seen the next time.
                self._snapshot, self._state = self._look(state), state
                self._tell()
            return self._snapshot

    @property
    def looked(self) -> int:
        """How often the OUTPUT was found changed: the number of its state as it is known now."""
        return self._looked

    def listed(self, seen: int = 0) -> Snapshot:
        """Return the OUTPUT with lists that are ready: of the state of that number or of a later one.

        They may be a moment older than `current`. Whoever has changed something gives the number of
        the state that has it. Raises OutputError.
        """
        now, followed, state = self.current(), self._followed, self._state
        is_seen = followed is not None and followed[0].number >= min(seen, self._looked)
        is_late = state is not None and time() - state.written / 1e9 > _LATE_SECONDS
        return followed[0] if followed and is_seen and not is_late else now

    def load_lists(self) -> None:
        """Bring the lists up to the OUTPUT as it was last looked at. Raises StoreError."""
        snapshot = self._snapshot
        if snapshot is not None:
            snapshot.load()

    def find_kept(self, notice_id: str, version: str) -> Notice | None:
        """Return the record of a notice by the hash of its file, None where it is not in memory."""
        view = self.earlier(notice_id, version)
        return view.record if view else None

    def earlier(self, notice_id: str, version: str) -> NoticeView | None:
        """Return an earlier version of a notice, None where it is not in memory any more."""
        return self._views.get((notice_id, version))

    def close(self) -> None:
        """Close the copy."""
        with self._loading, self._following:
            if self._copy:
                self._copy[1].close()
            self._copy = self._followed = self._snapshot = self._state = None

    def _look(self, state: _State) -> Snapshot:
        manifest = read_manifest(self.output)
        if self._copy and not manifest.output_id:
            remedy = "put it back, or stop the desk"
            raise OutputError(self.output, "the dataset is not there any more", remedy)
        self._looked += 1
        looked = (self._looked, state.version)
        return Snapshot(self.output, looked, manifest, self._follow, self._views)

    def _follow(self, snapshot: Snapshot) -> FollowedCopy:
        """Bring the copy up to the OUTPUT as it was at that look, unless it is that far already."""
        with self._following:
            followed, manifest = self._followed, snapshot.manifest
            if followed and followed[0].number >= snapshot.number:
                return followed[1]
            # Of an OUTPUT that is followed already few records are new, and pages will show them next.
            read = partial(self._read_record, manifest) if followed else None
            copy = self._open(manifest.output_id).follow(self.output, manifest, read)
            self._followed = snapshot, copy
            return copy

    def _read_record(self, manifest: Manifest, notice_id: str) -> Notice:
        """Read a record once for the copy and for the pages that show it. Raises RecordError."""
        key = notice_id, manifest.records[notice_id].sha256
        view = self._views.find(key, lambda: read_notice_view(self.output, notice_id))
        if view.version != key[1]:
            self._views.forget(key)
        return view.record

    def _open(self, output_id: str) -> DeskCopy:
        """Open the copy of this OUTPUT: another one that takes its place has another copy."""
        if self._copy and self._copy[0] == output_id:
            return self._copy[1]
        key = hashlib.sha256(f"{self.output.resolve()}\n{output_id}".encode()).hexdigest()[:24]
        name = f"{key}-{COPY_FORMAT}.sqlite"
        if self._copy:
            self._copy[1].close()
        self._copy = output_id, _open_first(name, self._cache)
        self._mark_used()
        remove_old_copies(self._copy[1].path.parent, name)
        return self._copy[1]

    def _mark_used(self) -> None:
        if self._copy:
            mark_used(self._copy[1].path)
        self._marked = monotonic()


def _tell_nobody() -> None:
    pass


def _open_first(name: str, cache: Path | None) -> DeskCopy:
    """Open a copy in a folder; if none is given in the user's, or else in one for this run alone."""
    if cache is not None:
        return DeskCopy(cache / name)
    home = os.environ.get("XDG_CACHE_HOME")
    folder = Path(home) if home else Path("~/.cache").expanduser()
    try:
        return DeskCopy(folder / "fengong" / name)
    except StoreError:
        kept = tempfile.mkdtemp(prefix="fengong-")
        atexit.register(shutil.rmtree, kept, ignore_errors=True)
        return DeskCopy(Path(kept) / name)


def _read_state(output: Path) -> _State:
    """Look at the manifest of an OUTPUT without opening it; zeros where there is none."""
    try:
        found = (output / MANIFEST).stat()
    except OSError:
        return _State(0, 0, 0)
    return _State(found.st_mtime_ns, found.st_size, found.st_ino)
