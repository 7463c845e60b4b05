"""Read the sheets of a filled-in workbook as texts with their positions."""

from __future__ import annotations

import contextlib
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import OutputError, PipelineError
from pipeline.read.file_signatures import is_encrypted
from pipeline.read.package import Package
from pipeline.read.sheet.book import Book, BookSheet, MergedArea, shown
from pipeline.read.sheet.book_process import load_apart
from pipeline.read.sheet.shares import show_shares

_REMEDY = "open it with a spreadsheet program and save it as .xlsx"
_SIZE_LIMIT = 256 * 1024 * 1024


class Sheet(NamedTuple):
    """A sheet: its texts from the first used cell on, and the row and column of that from 0."""

    name: str
    top: int
    left: int
    texts: list[list[str]]


def read_book(path: Path) -> list[Sheet]:
    """The sheets of .xlsx, .xlsm, .ods, .xls or .et, hidden ones too, as people see their cells.

    What is merged over several cells stands in each of them. Raises OutputError for what cannot
    be read, is encrypted or is no workbook, and where the extra office is not installed.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        fact = f"cannot be read ({error.strerror})"
        raise OutputError(path, fact, "check the path and the rights") from error
    if not data or len(data) > _SIZE_LIMIT:
        fact = f"larger than {_SIZE_LIMIT >> 20} MB" if data else "is empty"
        raise OutputError(path, fact, "give the ledger that was filled in")
    if find_spec("python_calamine") is None:
        remedy = "install it: pip install python-calamine"
        raise OutputError(path, "reading a ledger needs the extra office", remedy)
    book = Book(is_encrypted=True) if is_encrypted(data) else _load(data, path)
    if book.is_encrypted:
        raise OutputError(path, "the workbook is encrypted", "save it without a password")
    if book.error is not None:
        raise OutputError(path, f"is no readable workbook ({book.error})", _REMEDY)
    sheets = [_sheet(one) for one in book.sheets]
    _show_shares(sheets, data, path)
    return sheets


def _load(data: bytes, path: Path) -> Book:
    """All sheets of a workbook, loaded in a process of its own."""
    try:
        return load_apart(data, path, with_hidden=True)
    except PipelineError as error:
        raise OutputError(path, error.fact, _REMEDY) from error
    except ValueError as error:
        raise OutputError(path, "is a damaged workbook, or too large", _REMEDY) from error


def _sheet(loaded: BookSheet) -> Sheet:
    """The sheet with its values as texts, a text with its outer blanks."""
    texts = [[one if isinstance(one, str) else shown(one) for one in row] for row in loaded.rows]
    sheet = Sheet(loaded.name, loaded.top, loaded.left, texts)
    for area in loaded.areas:
        _spread(sheet, area)
    return sheet


def _spread(sheet: Sheet, area: MergedArea) -> None:
    """Repeat a merged value in every cell that it covers: progress of three items at once."""
    first, left, last, right = area
    # A merged area that begins before the first used cell is empty, as it shows its first cell.
    if left < 0 or first < 0:
        return
    rows = sheet.texts[first : last + 1]
    if rows and left < len(rows[0]):
        text = rows[0][left]
        for row in rows:
            row[left : right + 1] = [text] * len(row[left : right + 1])


def _show_shares(sheets: list[Sheet], data: bytes, path: Path) -> None:
    """Write shares as people see them: 0.8 in a cell of percentages is 80%."""
    if not data.startswith(b"PK"):
        return
    with contextlib.suppress(PipelineError):
        package = Package(data, path)
        if "xl/workbook.xml" in package:
            show_shares(sheets, package)
