"""Read and write files of a folder by its address: of this machine, s3://…, memory://…, by fsspec."""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec

from pipeline.errors import OutputError, PipelineError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHECK = "check the address and the rights; keys and endpoints come from the environment"
# Systems that show a file when it is whole; in others it is written beside its place and moved.
_WHOLE_AT_ONCE = frozenset({"abfs", "az", "gcs", "gs", "memory", "s3", "s3a"})
_UNFINISHED = ".part"
_AT_ONCE = 16
CHANGING = "changes while it is read"
LATER = "run it again when nobody writes into it"


class Storage:
    """A folder by its address, and the files below it by their names, with slashes between folders.

    All methods raise OutputError where the system refuses.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/") or "/"
        with storage_failures(address):
            # A listing that is kept would miss what other machines write.
            self._system, self.root = fsspec.core.url_to_fs(self.address, use_listings_cache=False)
        protocol = self._system.protocol
        self._protocols = {protocol} if isinstance(protocol, str) else set(protocol)
        self.is_local = "file" in self._protocols

    def find_place(self, name: str) -> str:
        """Return the address of a file, for messages."""
        return f"{self.address}/{name}" if name else self.address

    def find_files(self) -> dict[str, int]:
        """Return the size of each file, in all folders below too, by the full name in its system."""
        with storage_failures(self.address):
            found: dict[str, dict[str, Any]] = self._system.find(self.root, detail=True)
            return {
                name: int(about["size"] or 0)
                for name, about in sorted(found.items())
                if about["type"] == "file" and not name.endswith("/")
            }

    def list_names(self, folder: str = "") -> list[str]:
        """Return the names in a folder; none where it does not exist."""
        path = self._path(folder)
        with storage_failures(self.find_place(folder)):
            if not self._system.exists(path):
                return []
            if self._system.isfile(path):
                raise OutputError(self.find_place(folder), "is a file", "name a folder")
            return sorted(
                str(one).rstrip("/").rpartition("/")[2]
                for one in self._system.ls(path, detail=False)
            )

    def find_size(self, name: str) -> int | None:
        """Return the size of a file; None where there is none."""
        with storage_failures(self.find_place(name)):
            try:
                return int(self._system.info(self._path(name))["size"])
            except FileNotFoundError:
                return None

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        with storage_failures(self.find_place(name)):
            data: bytes = self._system.cat_file(self._path(name))
            return data

    def read_if_there(self, name: str) -> bytes | None:
        """Return the bytes of a file; None where there is none."""
        with storage_failures(self.find_place(name)):
            try:
                data: bytes = self._system.cat_file(self._path(name))
            except FileNotFoundError:
                return None
            return data

    def read_full(self, names: Sequence[str]) -> list[bytes | PipelineError]:
        """Return the bytes of files by their full names in the system, or the error of each."""
        # An answer of a store of objects takes longer than its bytes; other systems may have no threads.
        threads = _AT_ONCE if self._system.async_impl else 1
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(self._read_one, names))

    def _read_one(self, name: str) -> bytes | PipelineError:
        try:
            with storage_failures(name):
                data: bytes = self._system.cat_file(name)
                is_fixed = self._protocols & _WHOLE_AT_ONCE
                size = len(data) if is_fixed else int(self._system.info(name)["size"])
        except OutputError as error:
            return error
        return data if size == len(data) else SourceError(name, CHANGING, LATER)

    def copy_here(self, name: str, path: Path) -> None:
        """Copy a file to a path of this machine."""
        with storage_failures(self.find_place(name)):
            self._system.get_file(self._path(name), str(path))

    def write(self, name: str, data: bytes) -> None:
        """Write a file, which is there whole or not at all, whenever this process ends."""
        path = self._path(name)
        with storage_failures(self.find_place(name)):
            if self.is_local:
                _write_local(Path(path), data)
            elif self._protocols & _WHOLE_AT_ONCE:
                self._system.pipe_file(path, data)
            else:
                beside = f"{path}.{secrets.token_hex(6)}{_UNFINISHED}"
                self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
                self._system.pipe_file(beside, data)
                with suppress(FileNotFoundError):
                    self._system.rm_file(path)
                self._system.mv(beside, path)

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone already is no error."""
        with storage_failures(self.find_place(name)), suppress(FileNotFoundError):
            self._system.rm_file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self.root.rstrip('/')}/{name}" if name else self.root


def is_address(word: str) -> bool:
    """Answer whether a word is an address and no path: s3://bucket/plans."""
    return "://" in word


def is_unfinished(name: str) -> bool:
    """Answer whether a file was left by a process that was killed while it wrote."""
    return name.endswith(_UNFINISHED)


def _write_local(path: Path, data: bytes) -> None:
    # Many machines may write into one shared folder: no file of another process is touched.
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.parent / f"{path.name}.{secrets.token_hex(6)}{_UNFINISHED}"
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


@contextmanager
def storage_failures(place: str) -> Iterator[None]:
    """Raise whatever a file system raises as an OutputError of a place; each has errors of its own."""
    try:
        yield
    except PipelineError:
        raise
    except ImportError as error:
        fact = f"needs a library that is not installed ({error})"
        raise OutputError(place, fact, "install it, for s3:// that is s3fs") from error
    except FileNotFoundError as error:
        raise OutputError(place, "does not exist", _CHECK) from error
    except PermissionError as error:
        raise OutputError(place, f"refuses this user ({error})", _CHECK) from error
    except OSError as error:
        fact = f"cannot be used ({error.strerror or error})"
        raise OutputError(place, fact, "check rights and free space") from error
    except Exception as error:
        raise OutputError(place, f"cannot be used ({error})", _CHECK) from error
