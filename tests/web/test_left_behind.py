"""What a kill or an earlier version left behind is removed; nothing of a person's is."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.store.desk_copy import COPY_FORMAT
from pipeline.web.library import Library
from pipeline.web.library.old_copies import remove_old_copies
from pipeline.web.plans.sent_files import keep_file, remove_unfinished
from tests.web.small_desk import open_desk

PART = ".0123456789abcdef.part"
LONG_AGO = time.time() - 31 * 86_400


def test_unfinished_uploads_are_removed_at_the_next_start(output: Path, tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    kept = keep_file(uploads, "a.txt", BytesIO(b"one"))
    others = (".notes.part", "0123456789abcdef.part", ".0123456789abcdef.part.txt", "plan.part")
    for name in others:
        (uploads / name).write_text("a person's")
    (uploads / "sub").mkdir()
    (uploads / "sub" / PART).write_text("in another folder")
    (uploads / ".fedcba9876543210.part").symlink_to(kept)
    (uploads / PART).write_text("half")
    with open_desk(output, uploads=uploads, is_read_only=True):
        assert (uploads / PART).exists()
    with open_desk(output, uploads=uploads):
        assert not (uploads / PART).exists()
    assert {*others, ".fedcba9876543210.part"} <= {one.name for one in uploads.iterdir()}
    assert (uploads / "sub" / PART).exists()
    assert kept.read_bytes() == b"one"


def test_an_upload_that_another_desk_receives_is_left_alone(tmp_path: Path) -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            remove_unfinished(tmp_path)
            return super().read(size)

    assert keep_file(tmp_path, "a.txt", Slow(b"one")).read_bytes() == b"one"


def test_a_file_is_kept_where_the_file_system_has_no_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", fail)
    assert keep_file(tmp_path, "a.txt", BytesIO(b"one")).read_bytes() == b"one"
    (tmp_path / PART).write_text("half")
    # Perhaps somebody is sending it.
    remove_unfinished(tmp_path)
    assert (tmp_path / PART).exists()


def test_only_old_copies_go(tmp_path: Path) -> None:
    def make(name: str, *, is_old: bool) -> Path:
        path = tmp_path / name
        path.write_text("x")
        if is_old:
            os.utime(path, (LONG_AGO, LONG_AGO))
        return path

    old, new, own, busy = ("a" * 24, "b" * 24, "c" * 24, "d" * 24)
    gone = [make(f"{old}-3.1.sqlite{end}", is_old=True) for end in ("", "-wal", "-shm")]
    kept = [
        make(f"{new}-3.1.sqlite", is_old=False),
        make(f"{own}-{COPY_FORMAT}.sqlite", is_old=True),
        make(f"{busy}-3.1.sqlite", is_old=True),
        make(f"{busy}-3.1.sqlite-wal", is_old=False),
        make("notes.sqlite", is_old=True),
        make(f"{old}-3.1.sqlite.bak", is_old=True),
    ]
    link = tmp_path / f"{'e' * 24}-3.1.sqlite"
    link.symlink_to(kept[4])
    remove_old_copies(tmp_path, f"{own}-{COPY_FORMAT}.sqlite")
    assert not any(one.exists() for one in gone)
    assert all(one.exists() for one in kept)
    assert link.is_symlink()


def test_a_copy_that_is_opened_is_in_use(output: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    library = Library(output, cache)
    library.current().load()
    library.close()
    (copy,) = cache.glob("*.sqlite")
    os.utime(copy, (LONG_AGO, LONG_AGO))
    left = cache / f"{'a' * 24}-3.1.sqlite"
    left.write_text("x")
    os.utime(left, (LONG_AGO, LONG_AGO))
    library = Library(output, cache)
    library.current().load()
    library.close()
    assert copy.stat().st_mtime > LONG_AGO + 86_400
    assert not left.exists()
