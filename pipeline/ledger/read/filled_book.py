"""Read the sheets of a filled-in workbook as texts with their positions."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import OutputError, PipelineError
from pipeline.ledger.read.comments import find_comments
from pipeline.read.file_signatures import is_encrypted
from pipeline.read.package import Package
from pipeline.read.sheet.book import Book, MergedArea, shown
from pipeline.read.sheet.book_process import load_rows_apart
from pipeline.read.sheet.shares import find_shares, show_cells
from pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pipeline.ledger.read.comments import CellComment

_Cells = list[tuple[int, int]]

_REMEDY = "open it with a spreadsheet program and save it as .xlsx"
_SIZE_LIMIT = 256 * 1024 * 1024


class Sheet(NamedTuple):
    """A sheet: its texts from the first used cell on, and the row and column of that from 0."""

    name: str
    top: int
    left: int
    texts: list[list[str]]


class FilledBook:
    """A workbook of which one sheet at a time is in memory; its rows are in a file.

    `texts` are texts that are in memory already: equal ones of the workbook become the same.
    `comments` are those on its cells; none of .xls and .et.
    """

    def __init__(
        self,
        rows: Path,
        shares: Mapping[str, _Cells],
        texts: dict[str, str],
        comments: Sequence[CellComment] = (),
    ) -> None:
        self.comments = comments
        self._rows = rows
        self._shares = shares
        self._texts = texts

    def sheets(
        self, is_wanted: Callable[[Sequence[str]], bool] = lambda _: True
    ) -> Iterator[Sheet]:
        """Yield the sheets, hidden ones too; only those wanted by the texts of their first row."""
        with self._rows.open(encoding="utf-8", errors="surrogatepass") as lines:
            for line in lines:
                name, top, left, areas, count = json.loads(line)
                first = self._parse(next(lines)) if count else []
                others = islice(lines, max(0, count - 1))
                if not is_wanted(first):
                    deque(others, maxlen=0)
                    continue
                sheet = Sheet(name, top, left, [first, *map(self._parse, others)] if count else [])
                for area in areas:
                    _spread(sheet, area)
                show_cells(sheet, self._shares.get(name, ()))
                yield sheet

    def _parse(self, line: str) -> list[str]:
        """Parse a row as texts as people see them; a text keeps its outer blanks."""
        texts = (one if isinstance(one, str) else shown(one) for one in json.loads(line))
        return [self._texts.setdefault(one, one) for one in texts]


@contextlib.contextmanager
def open_book(path: Path, texts: Iterable[str] = ()) -> Iterator[FilledBook]:
    """Open .xlsx, .xlsm, .ods, .xls or .et, to be read as people see its cells.

    What is merged over several cells stands in each of them. Raises OutputError for what cannot
    be read, is encrypted or is no workbook, and where the extra office is not installed.
    """
    with scratch_folder() as folder:
        rows, shares, comments = _load(path, folder)
        yield FilledBook(rows, shares, {one: one for one in texts}, comments)


def _load(path: Path, folder: Path) -> tuple[Path, dict[str, _Cells], list[CellComment]]:
    """Load a workbook into a file of rows; returns it, the cells that show percentages, and comments."""
    data = _read_file(path)
    book, rows = Book(is_encrypted=True), folder
    if not is_encrypted(data):
        try:
            book, rows = load_rows_apart(data, path, folder)
        except PipelineError as error:
            raise OutputError(path, error.fact, _REMEDY) from error
        except ValueError as error:
            raise OutputError(path, "is a damaged workbook, or too large", _REMEDY) from error
    if book.is_encrypted:
        raise OutputError(path, "the workbook is encrypted", "save it without a password")
    if book.error is not None:
        raise OutputError(path, f"is no readable workbook ({book.error})", _REMEDY)
    package = _open_package(data, path)
    return rows, _find_shares(package), _find_comments(package)


def _read_file(path: Path) -> bytes:
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
    return data


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


def _open_package(data: bytes, path: Path) -> Package | None:
    if data.startswith(b"PK"):
        with contextlib.suppress(PipelineError):
            return Package(data, path)
    return None


def _find_shares(package: Package | None) -> dict[str, _Cells]:
    """Find the cells that people see as shares: 0.8 in a cell of percentages is 80%."""
    if package is not None and "xl/workbook.xml" in package:
        with contextlib.suppress(PipelineError):
            return find_shares(package)
    return {}


def _find_comments(package: Package | None) -> list[CellComment]:
    with contextlib.suppress(PipelineError):
        return find_comments(package) if package is not None else []
    return []
