"""Files that are replaced keep their mode and their links; devices and pipes are never replaced."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.dataset.files import replace_whole, write_changed, write_whole
from pipeline.dataset.manifest import file_hash
from pipeline.dataset.ownership import Journal
from pipeline.errors import OutputError


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.csv", b"x")
    assert mode(tmp_path / "a.csv") == 0o640


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("wanted", [0o600, 0o664])
def test_a_replaced_file_keeps_its_mode(tmp_path: Path, wanted: int) -> None:
    path = tmp_path / "corrections.csv"
    path.write_bytes(b"old")
    path.chmod(wanted)
    write_whole(path, b"new")
    assert (mode(path), path.read_bytes()) == (wanted, b"new")


def test_of_a_link_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_bytes(b"old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_whole(tmp_path / "link.csv", b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"new"


def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"data")
    reader.join(10)
    assert got == [b"data"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    device = tmp_path / "null"
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
        device.write_bytes(b"x")
    except OSError:
        pytest.skip("needs the right to make a device node")
    write_whole(device, b"data")
    assert stat.S_ISCHR(device.stat().st_mode)
    with pytest.raises(OutputError, match="cannot be replaced"), replace_whole(device):
        pass
    assert stat.S_ISCHR(device.stat().st_mode)


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OutputError):
        write_whole(tmp_path / "loop", b"x")
    assert (tmp_path / "loop").is_symlink()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        write_whole(tmp_path, b"x")


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    os.mkfifo(path)
    with pytest.raises(OutputError, match="is a device or a pipe and cannot be replaced"):
        write_changed(path, b"x")
    with pytest.raises(OutputError, match="is no file of fengong and would be overwritten"):
        Journal(tmp_path, set()).announce(path.name)
    assert file_hash(path) == ""
    assert stat.S_ISFIFO(path.stat().st_mode)


@pytest.mark.parametrize("allowed", [{"owner", "group"}, {"group"}, set()], ids=len)
def test_a_replaced_file_keeps_owner_and_group_where_that_is_allowed(
    tmp_path: Path, allowed: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, int] = {}

    def change(_handle: int, owner: int, group: int) -> None:
        wanted = {"owner": owner} if owner != -1 else {"group": group}
        if not wanted.keys() <= allowed:
            raise PermissionError
        given.update(wanted)

    monkeypatch.setattr(os, "fchown", change)
    path = tmp_path / "corrections.csv"
    write_whole(path, b"old")
    assert given == {}
    before = path.stat()
    write_whole(path, b"new")
    ours = {"owner": before.st_uid, "group": before.st_gid}
    assert given == {name: ours[name] for name in allowed}
    assert path.read_bytes() == b"new"
