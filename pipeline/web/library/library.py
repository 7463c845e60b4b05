"""Follow an OUTPUT while other commands and people change it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Lock
from time import time
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.manifest import MANIFEST, read_manifest
from pipeline.errors import OutputError
from pipeline.web.library.followed_output import FollowedOutput
from pipeline.web.library.remembered import Remembered
from pipeline.web.library.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import Notice
    from pipeline.web.library.notice_view import NoticeView

_NOTICES = 64
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

    The copy follows the OUTPUT notice by notice; for `cache` see `FollowedOutput`. May be used by many
    threads at once.
    """

    def __init__(self, output: Path, cache: Path | None = None) -> None:
        self.output = output
        self._views: Remembered[NoticeView] = Remembered(_NOTICES)
        self._copy = FollowedOutput(output, cache, self._views)
        self._loading = Lock()
        self._looked = 0
        self._tell: Callable[[], object] = _tell_nobody
        self._state: _State | None = None
        # As it was last looked at, and the latest state whose lists are ready.
        self._snapshot: Snapshot | None = None
        self._listed: Snapshot | None = None

    def tell_changes_to(self, tell: Callable[[], object]) -> None:
        """Have a function called whenever the OUTPUT was found changed; it must return at once."""
        self._tell = tell

    def current(self) -> Snapshot:
        """Return the OUTPUT as it is now; while another thread looks at it anew, as it was before.

        Raises OutputError.
        """
        snapshot = self._snapshot
        self._copy.keep_from_others()
        if self._copy.is_removed and not self._loading.locked():
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
        now, state = self.current(), self._state
        ready = self._listed
        if now.is_loaded or ready is None or not ready.is_loaded:
            self._listed = ready = now
        # Where they are being loaded nobody else waits, but for whoever has changed something.
        is_late = state is not None and time() - state.written / 1e9 > _LATE_SECONDS
        is_waited_for = is_late and not self._copy.is_following
        return now if is_waited_for or ready.number < min(seen, self._looked) else ready

    def load_lists(self) -> None:
        """Bring the lists up to the OUTPUT as it was last looked at. Raises StoreError."""
        snapshot = self._snapshot
        if snapshot is not None:
            snapshot.load()
            # None where the copy was closed meanwhile, with which these lists are gone.
            if self._listed is not None:
                self._listed = snapshot

    def find_kept(self, notice_id: str, version: str) -> Notice | None:
        """Return the record of a notice by the hash of its file, None where it is not in memory."""
        view = self.earlier(notice_id, version)
        return view.record if view and view.version == version else None

    def earlier(self, notice_id: str, version: str) -> NoticeView | None:
        """Return an earlier version of a notice, None where it is not in memory any more."""
        return self._views.get((notice_id, version))

    def close(self) -> None:
        """Close the copy."""
        with self._loading:
            self._copy.close()
            self._snapshot = self._listed = self._state = None

    def _look(self, state: _State) -> Snapshot:
        manifest = read_manifest(self.output)
        if self._copy.is_open and not manifest.output_id:
            remedy = "put it back, or stop the desk"
            raise OutputError(self.output, "the dataset is not there any more", remedy)
        self._looked += 1
        looked = (self._looked, state.version)
        follow = partial(self._copy.follow, self._looked, manifest)
        return Snapshot(self.output, looked, manifest, follow, self._views)


def _tell_nobody() -> None:
    pass


def _read_state(output: Path) -> _State:
    """Look at the manifest of an OUTPUT without opening it; zeros where there is none."""
    try:
        found = (output / MANIFEST).stat()
    except OSError:
        return _State(0, 0, 0)
    return _State(found.st_mtime_ns, found.st_size, found.st_ino)
