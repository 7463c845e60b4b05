"""A workbook file -> its sheets as texts, each where it stands."""

from __future__ import annotations

import json
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import OutputError, PipelineError
from pipeline.read.legacy import is_encrypted, run
from pipeline.read.package import Package
from pipeline.read.sheet.book import shown
from pipeline.read.sheet.shares import as_percent, find_shares

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
    told = {} if is_encrypted(data) else _load(data, path)
    if not told or told.get("encrypted"):
        raise OutputError(path, "the workbook is encrypted", "save it without a password")
    if "error" in told:
        raise OutputError(path, f"is no readable workbook ({told['error']})", _REMEDY)
    return _with_shares([_sheet(one) for one in told["sheets"]], data, path)


def _load(data: bytes, path: Path) -> dict[str, Any]:
    """What the program beside this file tells of the bytes."""
    with tempfile.TemporaryDirectory(prefix="fengong-") as name:
        copy = Path(name) / "book"
        copy.write_bytes(data)
        command = [sys.executable, "-P", str(Path(__file__).with_name("cells.py")), str(copy)]
        try:
            told: dict[str, Any] = json.loads(run(command, path, copy.parent))
        except PipelineError as error:
            raise OutputError(path, error.fact, _REMEDY) from error
        except ValueError as error:
            raise OutputError(path, "is a damaged workbook, or too large", _REMEDY) from error
    return told


def _sheet(told: dict[str, Any]) -> Sheet:
    texts = [[one if isinstance(one, str) else shown(one) for one in row] for row in told["rows"]]
    sheet = Sheet(told["name"], told["top"], told["left"], texts)
    for area in told["areas"]:
        _spread(sheet, *area)
    return sheet


def _spread(sheet: Sheet, first: int, left: int, last: int, right: int) -> None:
    """Write what is merged into every cell that it covers: progress of three items at once."""
    a, b = left - sheet.left, right - sheet.left + 1
    first, last = first - sheet.top, last - sheet.top + 1
    # A merged area that begins before the first used cell is empty, as it shows its first cell.
    if a < 0 or first < 0:
        return
    rows = sheet.texts[first:last]
    if rows and a < len(rows[0]):
        text = rows[0][a]
        for row in rows:
            row[a:b] = [text] * len(row[a:b])


def _with_shares(sheets: list[Sheet], data: bytes, path: Path) -> list[Sheet]:
    """The sheets with shares as people see them: 0.8 in a cell of percentages is 80%."""
    if not data.startswith(b"PK"):
        return sheets
    try:
        package = Package(data, path)
        shares = find_shares(package) if "xl/workbook.xml" in package else {}
    except PipelineError:
        return sheets
    for sheet in sheets:
        for row, column in shares.get(sheet.name, ()):
            texts = sheet.texts[row - sheet.top : row - sheet.top + 1] if row >= sheet.top else []
            at = column - sheet.left
            if texts and 0 <= at < len(texts[0]):
                texts[0][at] = as_percent(texts[0][at])
    return sheets
