"""Load a workbook in a process of its own, which may run out of memory alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.read.process import run_program
from pipeline.read.sheet import book
from pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from pipeline.read.sheet.book import Book


def load_apart(data: bytes, place: Path, *, with_hidden: bool = False) -> Book:
    """The visible sheets of a workbook, or all of them.

    Raises SourceError where the program takes too long, ValueError where it ends early: the
    workbook is damaged or too large.
    """
    with scratch_folder() as folder:
        return _run(data, place, folder, "all" if with_hidden else "visible")


def load_rows_apart(data: bytes, place: Path, folder: Path) -> tuple[Book, Path]:
    """All sheets of a workbook as a file in a folder, and the book without them.

    The file has for each sheet a line with name, top, left, merged areas and the number of rows,
    and a line a row, all in JSON. Raises as `load_apart` does.
    """
    rows = folder / "rows"
    return _run(data, place, folder, "all", str(rows)), rows


def _run(data: bytes, place: Path, folder: Path, *more: str) -> Book:
    copy = folder / "book"
    copy.write_bytes(data)
    # A bare script: -m would import the package first.
    command = [sys.executable, "-P", str(Path(book.__file__)), str(copy), *more]
    return book.from_json(run_program(command, place, folder, len(data)))
