"""The desk's copy of an OUTPUT, which lists are read from, brought up to one state after the other."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
from functools import partial
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from pipeline.dataset.manifest import file_hash
from pipeline.dataset.record_files import read_own_record, record_path
from pipeline.errors import RecordError, StoreError
from pipeline.store.desk_copy import COPY_FORMAT, DeskCopy
from pipeline.web.library.notice_view import read_notice_view
from pipeline.web.library.old_copies import mark_used, remove_old_copies

if TYPE_CHECKING:
    from pipeline.dataset.manifest import Manifest
    from pipeline.model import Notice
    from pipeline.store.desk_copy import FollowedCopy
    from pipeline.web.library.notice_view import NoticeView
    from pipeline.web.library.remembered import Remembered

_MARK_SECONDS = 86_400


class FollowedOutput:
    """The copy of an OUTPUT in `cache`, or in the user's folder for such files; for many threads at once.

    It may be removed at any time. `views` gets the notices that are read for it.
    """

    def __init__(self, output: Path, cache: Path | None, views: Remembered[NoticeView]) -> None:
        self._output = output
        self._cache = cache
        self._views = views
        self._following = Lock()
        self._copy: tuple[str, DeskCopy] | None = None
        self._followed: tuple[int, FollowedCopy] | None = None
        self._marked = monotonic()

    @property
    def is_open(self) -> bool:
        """Whether it was opened, and not closed since."""
        return self._copy is not None

    @property
    def is_removed(self) -> bool:
        """Whether another program has removed the file that was opened."""
        copy = self._copy
        return copy is not None and not copy[1].is_there

    @property
    def is_following(self) -> bool:
        """Whether a thread is bringing it up to date."""
        return self._following.locked()

    def keep_from_others(self) -> None:
        """Say once a day that it is in use: another desk removes what nobody has used for long."""
        if monotonic() - self._marked > _MARK_SECONDS:
            self._mark_used()

    def follow(self, number: int, manifest: Manifest) -> FollowedCopy:
        """Bring it up to a state of the OUTPUT by its number, unless it is that far already.

        Raises StoreError.
        """
        with self._following:
            followed = self._followed
            if followed and followed[0] >= number:
                return followed[1]
            # Of an OUTPUT that is followed already few records are new, and pages will show them next.
            read = self._read_for_pages if followed else self._read
            copy = self._open(manifest.output_id).follow(
                self._output, manifest, partial(read, manifest)
            )
            self._followed = number, copy
            return copy

    def close(self) -> None:
        """Close the file."""
        with self._following:
            if self._copy:
                self._copy[1].close()
            self._copy = self._followed = None

    def _read_for_pages(self, manifest: Manifest, notice_id: str) -> Notice:
        """Read a record once for the copy and for the pages that show it. Raises RecordError."""
        key = notice_id, manifest.records[notice_id].sha256
        view = self._views.find(key, lambda: read_notice_view(self._output, notice_id))
        if view.version != key[1]:
            self._views.forget(key)
            raise self._newer_error(notice_id)
        return view.record

    def _read(self, manifest: Manifest, notice_id: str) -> Notice:
        path = record_path(self._output, notice_id)
        record, digest = read_own_record(path), file_hash(path)
        if digest != manifest.records[notice_id].sha256:
            raise self._newer_error(notice_id)
        return record

    def _newer_error(self, notice_id: str) -> RecordError:
        """The error of a record that is newer than its manifest: the copy would take it for the older one.

        The next state of the OUTPUT, which has it, is followed in a moment.
        """
        path = record_path(self._output, notice_id)
        return RecordError(path, "is another one than the manifest says", "parse the source again")

    def _open(self, output_id: str) -> DeskCopy:
        """Open the copy of this OUTPUT: another one that takes its place has another copy."""
        if self._copy and self._copy[0] == output_id:
            return self._copy[1]
        key = hashlib.sha256(f"{self._output.resolve()}\n{output_id}".encode()).hexdigest()[:24]
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
