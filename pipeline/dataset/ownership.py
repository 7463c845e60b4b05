"""Which files of an OUTPUT are ours: those that its manifest or its journal names, and no others.

The journal names files before they are written. It is there from a run's first write until its
manifest is written, so that the next run knows what a killed one left.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.file_moves import remove_temporary
from pipeline.dataset.files import has_bytes, is_temporary, write_whole
from pipeline.dataset.manifest import MANIFEST, Manifest, bytes_hash, file_hash, read_manifest
from pipeline.dataset.output_lock import LOCK
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

JOURNAL = ".fengong.journal"
_HIDDEN = frozenset({LOCK, JOURNAL, MANIFEST})


def find_owned(output: Path, manifest: Manifest, *, take_over: bool) -> set[str]:
    """Return the names of the files below an OUTPUT that a run may overwrite or delete.

    With `take_over`, all files of a folder without a manifest are taken for ours. Raises OutputError
    where such a folder has files of somebody else.
    """
    owned = find_written(output, manifest)
    if (output / MANIFEST).exists():
        return owned
    others = [name for name in _find_files(output) if name not in owned]
    if others and not take_over:
        fact = f"has files that are not of fengong ({', '.join(sorted(others)[:3])} …)"
        remedy = "name an empty folder; --take-over overwrites what has the names of our files"
        raise OutputError(output, fact, remedy)
    return owned | set(others)


def find_written(output: Path, manifest: Manifest) -> set[str]:
    """Return the names of the files that earlier runs wrote, by their manifest and journal."""
    records = {f"json/{notice_id}.json" for notice_id in manifest.records}
    return records | manifest.tables.keys() | _read_journal(output)


def _find_files(output: Path) -> list[str]:
    """Return the names of all files below a folder, without those that hide our own state."""
    paths = (path for path in output.rglob("*") if not path.is_dir() or path.is_symlink())
    return [
        path.relative_to(output).as_posix()
        for path in paths
        if path.name not in _HIDDEN and not is_temporary(path)
    ]


def _read_journal(output: Path) -> set[str]:
    try:
        return set((output / JOURNAL).read_text("utf-8", "replace").splitlines())
    except OSError:
        return set()


class MadeFiles(NamedTuple):
    """Files that a command makes anew each time in an OUTPUT, ready to be written.

    `files` maps paths to bytes, `removed` are files of an earlier run that go, `manifest` names the
    files afterwards.
    """

    files: dict[Path, bytes]
    removed: list[Path]
    manifest: Manifest


def make_files(output: Path, made: Mapping[str, bytes], folder: str | None = None) -> MadeFiles:
    """Return what writing such files changes; `made` maps names below the OUTPUT to bytes.

    With `folder`, files that an earlier run made in it and this one did not are removed, unless a
    person has changed them since. Raises OutputError where a file would be replaced that is somebody
    else's, or one of ours that a person has changed.
    """
    manifest = read_manifest(output)
    hashes = {name: bytes_hash(data) for name, data in made.items()}
    for name, digest in hashes.items():
        if (output / name).exists() and file_hash(output / name) not in (
            digest,
            manifest.files.get(name),
        ):
            fact = "is not as fengong wrote it and would be overwritten"
            raise OutputError(output / name, fact, "move it away")
    gone = {one for one in manifest.files if folder and one.startswith(f"{folder}/")} - made.keys()
    removed = [output / one for one in gone if file_hash(output / one) == manifest.files[one]]
    kept = {name: digest for name, digest in manifest.files.items() if name not in gone}
    files = {output / name: data for name, data in made.items()}
    return MadeFiles(files, removed, replace(manifest, files=kept | hashes))


class Journal:
    """The names of files that a run is about to write, kept on disk until its manifest is."""

    def __init__(self, output: Path, owned: set[str]) -> None:
        self.owned = owned
        self._output = output
        self._path = output / JOURNAL
        self._new: list[str] = []

    def announce(self, name: str, data: bytes) -> None:
        """Note a file that will be written. Raises OutputError if somebody else's is there."""
        if name in self.owned:
            return
        path = self._output / name
        try:
            os.fsencode(path)
        except UnicodeEncodeError as error:
            fact = "this locale has no such characters"
            raise OutputError(name, fact, "set PYTHONUTF8=1") from error
        if path.exists() and not has_bytes(path, data):
            fact = "is no file of fengong and would be overwritten"
            raise OutputError(path, fact, "move it away, or name another folder")
        self.owned.add(name)
        self._new.append(name)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the noted names on disk while the block moves the files. Raises OutputError.

        Where the block fails, none of them was written.
        """
        if not self._new:
            yield
            return
        before = self._path.read_bytes() if self._path.exists() else None
        names = "".join(f"{name}\n" for name in self._new).encode()
        write_whole(self._path, (before or b"") + names)
        try:
            yield
        except BaseException:
            with suppress(OSError, OutputError):
                if before is None:
                    self._path.unlink()
                else:
                    write_whole(self._path, before)
            raise

    def close(self) -> None:
        """Remove the journal once the manifest names its files."""
        remove_temporary(self._path)
