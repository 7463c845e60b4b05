"""Which files of an OUTPUT are ours: those that its manifest or its journal names, and no others.

The journal names files before they are written. It is there from a run's first write until its
manifest is written, so that the next run knows what a killed one left.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.dataset.files import is_temporary, write_changed, write_whole
from pipeline.dataset.manifest import MANIFEST, Manifest, file_hash, read_manifest, write_manifest
from pipeline.dataset.output_lock import LOCK
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable
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
    return records | manifest.tables.keys() | read_journal(output)


def _find_files(output: Path) -> list[str]:
    """Return the names of all files below a folder, without those that hide our own state."""
    paths = (path for path in output.rglob("*") if not path.is_dir() or path.is_symlink())
    return [
        path.relative_to(output).as_posix()
        for path in paths
        if path.name not in _HIDDEN and not is_temporary(path)
    ]


def read_journal(folder: Path) -> set[str]:
    """Return the names of the files that a killed run wrote or was about to write or remove."""
    try:
        return set((folder / JOURNAL).read_text("utf-8", "replace").splitlines())
    except OSError:
        return set()


def write_journal(folder: Path, names: Iterable[str]) -> None:
    """Name files that are about to be replaced or removed, for the run after a killed one.

    Raises OutputError.
    """
    write_whole(folder / JOURNAL, "".join(f"{name}\n" for name in sorted(names)).encode())


def remove_journal(folder: Path) -> None:
    """Remove the journal of files that are all written and removed."""
    (folder / JOURNAL).unlink(missing_ok=True)


def write_made_file(output: Path, name: str, data: bytes) -> None:
    """Write a file that a command makes anew each time into an OUTPUT, and note it in the manifest.

    While it is written the manifest has its hashes before and after, so that a run that is killed
    there leaves a file that is known to be ours. A file of somebody else's, or one of ours that a
    person has changed since, is not replaced. Raises OutputError.
    """
    manifest = read_manifest(output)
    path = output / name
    digest = hashlib.sha256(data).hexdigest()
    present = file_hash(path)
    if path.exists() and present not in (digest, *_hashes(manifest, name)):
        fact = "is not as fengong wrote it and would be overwritten"
        raise OutputError(path, fact, "move it away")
    is_noted = (output / MANIFEST).exists()
    if is_noted and present != digest:
        _note(manifest, name, f"{present} {digest}".strip(), output)
    write_changed(path, data)
    if is_noted:
        _note(manifest, name, digest, output)


def _hashes(manifest: Manifest, name: str) -> list[str]:
    """Return the hashes that a file of ours may have; two where a run was killed while writing it."""
    return manifest.files.get(name, "").split()


def _note(manifest: Manifest, name: str, hashes: str, output: Path) -> None:
    write_manifest(replace(manifest, files=manifest.files | {name: hashes}), output)


def remove_made_files(output: Path, folder: str, kept: set[str]) -> None:
    """Remove the files of a folder of an OUTPUT that commands made, but for those kept.

    One that a person has changed since stays.
    """
    manifest = read_manifest(output)
    gone = {one for one in manifest.files if one.startswith(f"{folder}/")} - kept
    for name in gone:
        if file_hash(output / name) in _hashes(manifest, name):
            (output / name).unlink(missing_ok=True)
    if gone:
        files = {name: one for name, one in manifest.files.items() if name not in gone}
        write_manifest(replace(manifest, files=files), output)


class Journal:
    """The names of files that a run is about to write, kept on disk until its manifest is."""

    def __init__(self, output: Path, owned: set[str]) -> None:
        self.owned = owned
        self._output = output

    def announce(self, name: str, data: bytes) -> None:
        """Note a file before it is written. Raises OutputError if somebody else's is there."""
        if name in self.owned:
            return
        path = self._output / name
        try:
            os.fsencode(path)
        except UnicodeEncodeError as error:
            fact = "this locale has no such characters"
            raise OutputError(name, fact, "set PYTHONUTF8=1") from error
        if path.exists() and not (path.is_file() and path.read_bytes() == data):
            fact = "is no file of fengong and would be overwritten"
            raise OutputError(path, fact, "move it away, or name another folder")
        self.owned.add(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with (self._output / JOURNAL).open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
        except OSError as error:
            fact = f"cannot be written ({error.strerror or error})"
            raise OutputError(self._output, fact, "check rights and free space") from error

    def close(self) -> None:
        """Remove the journal once the manifest names its files."""
        (self._output / JOURNAL).unlink(missing_ok=True)
