"""Two runs in one OUTPUT wait for each other; a folder that cannot be locked is used without."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from pathlib import Path

import pytest

from pipeline.dataset.output_lock import LOCK, lock_output
from pipeline.errors import OutputError


def refuse(_words: str = "") -> None:
    pytest.fail("nobody is there to wait for")


def test_the_second_waits_until_the_first_is_done(tmp_path: Path) -> None:
    events: list[str] = []
    waiting = threading.Event()

    def wait(_words: str) -> None:
        events.append("waits")
        waiting.set()

    def second() -> None:
        with lock_output(tmp_path, wait):
            events.append("second")

    with lock_output(tmp_path, refuse):
        other = threading.Thread(target=second)
        other.start()
        assert waiting.wait(10)
        events.append("first")
    other.join(10)
    assert events == ["waits", "first", "second"]


def test_a_lock_ends_with_its_block(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(KeyError), lock_output(tmp_path, refuse):
            raise KeyError
    with lock_output(tmp_path, refuse):
        assert (tmp_path / LOCK).is_file()


def test_a_folder_that_is_not_there_is_not_locked(tmp_path: Path) -> None:
    with lock_output(tmp_path / "none", refuse), lock_output(tmp_path / "none", refuse):
        assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_written_is_not_locked(tmp_path: Path) -> None:
    # A folder of the lock's name stands in for missing rights, which root would not miss.
    (tmp_path / LOCK).mkdir()
    said: list[str] = []
    with lock_output(tmp_path, said.append):
        assert os.listdir(tmp_path) == [LOCK]  # noqa: PTH208
    assert "cannot be locked" in said[0]


def test_a_file_system_without_locks_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def acquire(*_: object, **__: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr("filelock.FileLock.acquire", acquire)
    said: list[str] = []
    with lock_output(tmp_path, said.append):
        pass
    assert said == [f"{tmp_path}: the file system has no locks; keep other runs away"]


@pytest.mark.filterwarnings("error")
def test_a_lock_that_the_system_does_not_know_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", flock)
    said: list[str] = []
    with lock_output(tmp_path, said.append):
        pass
    assert said == [f"{tmp_path}: the file system has no locks; keep other runs away"]


def test_folders_above_a_new_one_are_removed_as_far_as_they_are_empty(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b" / "out"
    with pytest.raises(KeyError), lock_output(out, refuse, create=True):
        raise KeyError
    assert list(tmp_path.iterdir()) == []
    with lock_output(out, refuse, create=True):
        (tmp_path / "a" / "x").touch()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x"]


def test_folders_that_cannot_be_made_leave_none(tmp_path: Path) -> None:
    out = tmp_path / "a" / ("长" * 300)
    with pytest.raises(OutputError, match="cannot be made"), lock_output(out, refuse, create=True):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_new_folder_is_made_locked_and_removed_where_it_stays_empty(tmp_path: Path) -> None:
    out = tmp_path / "a" / "out"
    with lock_output(out, refuse, create=True):
        assert (out / LOCK).is_file()
    assert not out.exists()
    with lock_output(out, refuse, create=True):
        (out / "x").touch()
    assert (out / "x").is_file()
