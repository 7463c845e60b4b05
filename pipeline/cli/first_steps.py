"""fengong alone: what to do first in the folder where it is called, with the command for it."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from pipeline.cli.terminal import tell
from pipeline.dataset.manifest import MANIFEST, PACKAGE
from pipeline.read.skipped import skip_reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# So many folders and files are looked at; a home folder may hold millions.
_MOST_ENTRIES = 2000
_DEEPEST = 3
_LISTED = 3


def show_first_steps(folder: Path) -> int:
    """Print what to do first in a folder: make a dataset of its documents, or use the one it has."""
    output = _find_output(folder)
    if output:
        name = shlex.quote(output)
        tell(f"this folder has a dataset in {output}; with it you can:")
        _show_command(f"fengong export {name} --to xlsx", "make the task ledger, a workbook")
        _show_command(f"fengong threads {name}", "follow every item through the years")
        _show_command(f"fengong names {name}", "list the units that are named")
        _show_command(f"fengong verify {name}", "check that nothing was damaged")
    else:
        documents = _find_documents(folder)
        if documents:
            tell("this folder has documents; make records and tables of them:")
        else:
            tell("this folder has no documents; name a folder or a file with plans:")
            documents = ["FOLDER"]
        words = " ".join(map(shlex.quote, documents))
        _show_command(f"fengong parse {words} -o output", "reads them and changes none of them")
    tell("all commands:")
    _show_command("fengong --help", "")
    return 0


def _show_command(command: str, purpose_message: str) -> None:
    tell(f"  {command}")
    if purpose_message:
        tell(f"      {purpose_message}")


def _find_output(folder: Path) -> str | None:
    """Return the path of the first dataset in a folder, or of the folder itself."""
    if is_dataset(folder):
        return "."
    return next((one.name for one in _list(folder) if is_dataset(folder / one.name)), None)


def is_dataset(folder: Path) -> bool:
    """Whether a folder is an OUTPUT; a copy without hidden files lacks the manifest."""
    has_records = (folder / PACKAGE).is_file() and (folder / "json").is_dir()
    return (folder / MANIFEST).is_file() or has_records


def _find_documents(folder: Path) -> list[str]:
    """Return what to name as sources: the only document, this folder, or folders with documents."""
    entries = _list(folder)
    files = [one.name for one in entries if one.is_file() and skip_reason(one.name) is None]
    if files:
        return files if len(files) == 1 else ["."]
    folders = [one.name for one in entries if one.is_dir() and _has_documents(folder / one.name, 1)]
    return folders if len(folders) <= _LISTED else ["."]


def _has_documents(folder: Path, depth: int) -> bool:
    entries = _list(folder)
    if any(one.is_file() and skip_reason(one.name) is None for one in entries):
        return True
    return depth < _DEEPEST and any(
        _has_documents(folder / one.name, depth + 1) for one in entries if one.is_dir()
    )


def _list(folder: Path) -> list[os.DirEntry[str]]:
    """Return the first entries of a folder, hidden ones aside; none where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(_take(entries), key=lambda one: one.name)
    except OSError:
        return []


def _take(entries: Iterator[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    for _, one in zip(range(_MOST_ENTRIES), entries, strict=False):
        if not one.name.startswith("."):
            yield one
