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
        copy = folder / "book"
        copy.write_bytes(data)
        scope = "all" if with_hidden else "visible"
        # A bare script: -m would import the package first.
        command = [sys.executable, "-P", str(Path(book.__file__)), str(copy), scope]
        return book.from_json(run_program(command, place, copy.parent))
