"""Calls that write below a folder, counted; one of them fails as on a full or broken disk."""

from __future__ import annotations

import builtins
import contextlib
import functools
import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any
from unittest import mock

_WRITING = re.compile("[wax+]")
_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class PlantedFailure:
    """The call of number `failing` below a folder fails with an error code, `lasting` also all after it.

    `count` is the number of calls so far, `failed` the first one that failed.
    """

    def __init__(self, folder: Path, failing: int, code: int, *, lasting: bool = False) -> None:
        self.count = 0
        self.failed: str | None = None
        self._folder, self._failing, self._code = str(folder), failing, code
        self._lasting = lasting

    @contextlib.contextmanager
    def planted(self) -> Iterator[None]:
        """Count and fail the calls of this process while the block runs."""
        opening = self._open_file(io.open)
        with contextlib.ExitStack() as stack:
            for name in ("replace", "rename", "link", "unlink", "mkdir", "rmdir"):
                stack.enter_context(mock.patch.object(os, name, self._named(getattr(os, name))))
            stack.enter_context(mock.patch.object(os, "open", self._open(os.open)))
            stack.enter_context(mock.patch.object(os, "fsync", self._fsync(os.fsync)))
            stack.enter_context(mock.patch.object(os, "fdopen", self._fdopen(os.fdopen)))
            stack.enter_context(mock.patch.object(io, "open", opening))
            stack.enter_context(mock.patch.object(builtins, "open", opening))
            yield

    def _tick(self, name: str, place: Any, *, is_named: bool = True) -> None:
        """Count a call; raises OSError where it is the one that fails."""
        if not self._is_below(place):
            return
        self.count += 1
        if self.count == self._failing or (self._lasting and self.count > self._failing > 0):
            self.failed = self.failed or f"{name} {Path(place).name}"
            raise OSError(self._code, os.strerror(self._code), *([str(place)] if is_named else []))

    def _is_below(self, place: Any) -> bool:
        return isinstance(place, str | os.PathLike) and os.fspath(place).startswith(self._folder)

    def _named(self, real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def call(place: Any, *args: Any, **options: Any) -> Any:
            self._tick(real.__name__, place)
            return real(place, *args, **options)

        return call

    def _open(self, real: Callable[..., int]) -> Callable[..., int]:
        def call(place: Any, flags: int, *args: Any, **options: Any) -> int:
            if flags & _FLAGS:
                self._tick("open", place)
            return real(place, flags, *args, **options)

        return call

    def _fsync(self, real: Callable[[int], None]) -> Callable[[int], None]:
        def call(handle: int) -> None:
            self._tick("fsync", _path_of(handle), is_named=False)
            real(handle)

        return call

    def _fdopen(self, real: Callable[..., IO[Any]]) -> Callable[..., IO[Any]]:
        def call(handle: int, mode: str = "r", *args: Any, **options: Any) -> IO[Any]:
            return (
                self._buffered(handle, "w")
                if mode == "wb"
                else real(handle, mode, *args, **options)
            )

        return call

    def _open_file(self, real: Callable[..., IO[Any]]) -> Callable[..., IO[Any]]:
        def call(place: Any, mode: str = "r", *args: Any, **options: Any) -> IO[Any]:
            if self._is_below(place) and _WRITING.search(mode):
                self._tick("open", place)
                if "+" in mode:
                    return real(place, mode, *args, **options)
                if "b" in mode:
                    return self._buffered(place, mode.replace("b", ""))
                return io.TextIOWrapper(self._buffered(place, mode), encoding="utf-8")
            return real(place, mode, *args, **options)

        return call

    def _buffered(self, place: Any, mode: str) -> IO[Any]:
        tick = self._tick

        class Raw(io.FileIO):
            def write(self, data: Any) -> int:
                tick("write", _path_of(self.fileno()), is_named=False)
                return super().write(data)

        return io.BufferedWriter(Raw(place, mode))


def _path_of(handle: int) -> str:
    return str(Path(f"/proc/self/fd/{handle}").readlink())
