"""The folder of a static copy: its own files are replaced, those of others never touched."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from pipeline.dataset.files import write_changed
from pipeline.dataset.manifest import bytes_hash, file_hash
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

LIST = ".fengong-site.json"


class SiteFolder:
    """The folder that a copy is written into. Raises OutputError where files of others are in its way."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._earlier = _read_list(folder / LIST)
        self._written: dict[str, str] = {}

    def begin(self, names: Collection[str]) -> None:
        """Refuse to write where one of these names is a file of somebody else; make a note of all."""
        foreign = [
            name for name in names if name not in self._earlier and (self._folder / name).exists()
        ]
        if foreign:
            fact = f"has files that are not of a copy ({', '.join(sorted(foreign)[:3])})"
            raise OutputError(self._folder, fact, "name an empty folder")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            fact = f"cannot be made ({error.strerror or error})"
            raise OutputError(self._folder, fact, "check path and rights") from error
        # A copy that is broken off leaves a note of the files that it may have written.
        self._write_list(dict.fromkeys(names, "") | self._earlier)

    def write(self, name: str, data: bytes) -> None:
        """Write a file, unless it has these bytes already."""
        write_changed(self._folder / name, data)
        self._written[name] = bytes_hash(data)

    def finish(self) -> list[str]:
        """Remove the files of an earlier copy that this one lacks; return their names."""
        gone = []
        for name in sorted(self._earlier.keys() - self._written.keys()):
            path = self._folder / name
            # What somebody has changed since is his own.
            if self._earlier[name] not in ("", file_hash(path)):
                continue
            with suppress(OSError):
                path.unlink()
                gone.append(name)
        self._write_list(self._written)
        return gone

    def _write_list(self, files: dict[str, str]) -> None:
        data = json.dumps({"files": dict(sorted(files.items()))}, ensure_ascii=False, indent=1)
        write_changed(self._folder / LIST, data.encode() + b"\n")


def _read_list(path: Path) -> dict[str, str]:
    """Read the list of a copy's files; none where there is no copy."""
    try:
        files = dict(json.loads(path.read_bytes())["files"])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _not_ours(path) from error
    if not all(_is_inside(name) for name in files):
        raise _not_ours(path)
    return files


def _not_ours(path: Path) -> OutputError:
    return OutputError(path, "is no list of the files of a copy", "name another folder")


def _is_inside(name: str) -> bool:
    return not name.startswith("/") and ".." not in name.split("/")
