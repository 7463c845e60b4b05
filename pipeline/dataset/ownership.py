"""Which files of an OUTPUT are ours: those that its manifest or its journal names, and no others.

The journal names files before they are written. It is there from a run's first write until its
manifest is written, so that the next run knows what a killed one left.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.file_moves import remove_temporary, restore_on_failure
from pipeline.dataset.files import is_temporary, write_whole
from pipeline.dataset.manifest import MANIFEST, Manifest, bytes_hash, file_hash, read_manifest
from pipeline.dataset.output_lock import LOCK
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from contextlib import AbstractContextManager
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


@contextmanager
def keep_journal(folder: Path, names: Collection[str]) -> Iterator[None]:
    """Name files while the block replaces or removes them, for the run after a killed one.

    Where the block fails, none of them was changed, and the journal is the earlier one. Raises
    OutputError.
    """
    path = folder / JOURNAL
    with restore_on_failure([path]):
        if names:
            lines = (f"{name}\n" for name in sorted(read_journal(folder).union(names)))
            write_whole(path, "".join(lines).encode())
        yield
    remove_temporary(path)


class MadeFiles(NamedTuple):
    """Files that a command makes anew each time in an OUTPUT, ready to be written.

    `files` maps paths to bytes, `removed` are files of an earlier run that go, `manifest` names the
    files afterwards. `pending` is the manifest while they are written: it has the hashes before and
    after, so that a run that is killed there leaves files that are known to be ours.
    """

    files: dict[Path, bytes]
    removed: list[Path]
    manifest: Manifest
    pending: Manifest


def make_files(
    output: Path, made: Mapping[str, bytes], folder: str | None, kept: Collection[str]
) -> MadeFiles:
    """Return what writing such files changes; `made` maps names below the OUTPUT to bytes.

    With `folder`, files that an earlier run made in it and this one did not are removed, unless they
    are `kept` or a person has changed them since. Raises OutputError where a file would be replaced
    that is somebody else's, or one of ours that a person has changed.
    """
    manifest = read_manifest(output)
    hashes = {name: bytes_hash(data) for name, data in made.items()}
    both: dict[str, str] = {}
    for name, digest in hashes.items():
        path, present = output / name, file_hash(output / name)
        if path.exists() and present not in (digest, *_hashes(manifest, name)):
            fact = "is not as fengong wrote it and would be overwritten"
            raise OutputError(path, fact, "move it away")
        both[name] = digest if present == digest else f"{present} {digest}".strip()
    of_folder = {one for one in manifest.files if folder and one.startswith(f"{folder}/")}
    gone = of_folder - made.keys() - set(kept)
    removed = [output / one for one in gone if file_hash(output / one) in _hashes(manifest, one)]
    staying = {name: digest for name, digest in manifest.files.items() if name not in gone}
    return MadeFiles(
        {output / name: data for name, data in made.items()},
        removed,
        replace(manifest, files=staying | hashes),
        replace(manifest, files=manifest.files | both),
    )


def _hashes(manifest: Manifest, name: str) -> list[str]:
    """Return the hashes that a file of ours may have; two where a run was killed while writing it."""
    return manifest.files.get(name, "").split()


class Journal:
    """The names of files that a run is about to write, kept on disk until its manifest is."""

    def __init__(self, output: Path, owned: set[str]) -> None:
        self.owned = owned
        self._output = output
        self._new: list[str] = []

    def announce(self, name: str, digest: str | None = None) -> None:
        """Note a file that will be written. Raises OutputError if somebody else's is there.

        A file with this hash, which is that of the bytes to be written, is as good as ours.
        """
        if name in self.owned:
            return
        path = self._output / name
        try:
            os.fsencode(path)
        except UnicodeEncodeError as error:
            fact = "this locale has no such characters"
            raise OutputError(name, fact, "set PYTHONUTF8=1") from error
        if path.exists() and (digest is None or file_hash(path) != digest):
            fact = "is no file of fengong and would be overwritten"
            raise OutputError(path, fact, "move it away, or name another folder")
        self.owned.add(name)
        self._new.append(name)

    def kept(self) -> AbstractContextManager[None]:
        """Keep the noted names on disk while the block moves the files. Raises OutputError."""
        return keep_journal(self._output, self._new)
