"""Load a workbook's sheets; also a program of its own: `python book.py FILE visible|all [ROWS]`.

A damaged file, or one with a word in its last row, can make the library ask for all memory there
is, which ends its process: as a program, with limited memory, that is harmless. The program prints
JSON; where a file ROWS is named, sheets go there one by one, a line a row. It imports nothing of the package and no dataclasses, so that it starts fast.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import sys
from collections.abc import Callable, Sequence
from typing import IO, Any, NamedTuple

# A cell in the last row and column makes a grid of 17 thousand million cells out of a small file.
CELLS_LIMIT = 5_000_000

CellValue = str | float | bool
# A merged area by its first row and column and its last, counted from 0 in the sheet's rows.
MergedArea = tuple[int, int, int, int]


class Scope(NamedTuple):
    """Which sheets to load, and the limits: cells of a sheet, bytes of memory of the program."""

    with_hidden: bool
    cells: int
    memory: int


SCOPES = {
    "visible": Scope(with_hidden=False, cells=CELLS_LIMIT, memory=2**30),
    "all": Scope(with_hidden=True, cells=20_000_000, memory=3 * 2**30),
}


class BookSheet(NamedTuple):
    """A sheet: its values from the first used cell on, and the row and column of that from 0."""

    name: str
    top: int
    left: int
    rows: list[list[CellValue]]
    areas: list[MergedArea]


class Book(NamedTuple):
    """The sheets of a workbook, the names of those left out as hidden, or why it was refused."""

    sheets: Sequence[BookSheet] = ()
    hidden: Sequence[str] = ()
    error: str | None = None
    is_encrypted: bool = False


def load(data: bytes, scope: Scope, keep: Callable[[BookSheet], object] | None = None) -> Book:
    """The sheets of a workbook; with `keep`, each is given to it instead, and the book has none.

    Raises ImportError where the extra office is not installed.
    """
    import python_calamine as calamine  # noqa: PLC0415 - the one door to it

    try:
        book = calamine.load_workbook(io.BytesIO(data))
        if scope.with_hidden:
            names, hidden = list(book.sheet_names), []
        else:
            worksheets = [
                one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            visible = calamine.SheetVisibleEnum.Visible
            names = [one.name for one in worksheets if one.visible == visible]
            hidden = [one.name for one in worksheets if one.visible != visible]
        sheets = (_sheet(book.get_sheet_by_name(name), scope.cells) for name in names)
        if keep is None:
            return Book(list(sheets), hidden)
        for sheet in sheets:
            keep(sheet)
        return Book((), hidden)
    except (KeyboardInterrupt, SystemExit):
        raise
    except calamine.PasswordError:
        return Book(is_encrypted=True)
    except (calamine.CalamineError, ValueError, OSError) as error:
        return Book(error=str(error)[:200])
    except BaseException as error:  # noqa: BLE001 - the library's panics are no Exceptions
        return Book(error=f"{type(error).__name__}: {error}"[:200])


def _sheet(sheet: Any, cells_limit: int) -> BookSheet:  # noqa: ANN401 - a class of the library
    if sheet.height * sheet.width > cells_limit:
        fact = f"the sheet {sheet.name} spans more than {cells_limit:,} cells"
        raise ValueError(fact)
    top, left = sheet.start or (0, 0)
    rows = sheet.to_python(skip_empty_area=True) if sheet.height else []
    areas = [
        (first[0] - top, first[1] - left, last[0] - top, last[1] - left)
        for first, last in sheet.merged_cell_ranges or ()
    ]
    return BookSheet(
        sheet.name, top, left, [[plain_value(one) for one in row] for row in rows], areas
    )


def plain_value(value: Any) -> CellValue:  # noqa: ANN401 - any type that a cell can have
    """A cell's value as JSON can express it: dates and times in ISO form."""
    if isinstance(value, str | float | int):
        return value
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def shown(value: CellValue) -> str:
    """A cell's value as people see it: 3.0 -> "3", True -> "TRUE"; a text without outer blanks."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(value, ".15g")
    return str(value).strip()


def to_json(book: Book) -> str:
    """The book as JSON text in ASCII."""
    return json.dumps(book, ensure_ascii=True)


def from_json(text: bytes) -> Book:
    """The book from its JSON text. Raises ValueError where that is incomplete."""
    sheets, *others = json.loads(text)
    return Book([BookSheet(*sheet) for sheet in sheets], *others)


def write_rows(sheet: BookSheet, file: IO[str]) -> None:
    """Write a sheet to a file: a line with everything but its rows, and how many; a line a row."""
    about = (sheet.name, sheet.top, sheet.left, sheet.areas, len(sheet.rows))
    for line in (about, *sheet.rows):
        # Not in ASCII: a Chinese character would take twice the bytes.
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def main(path: str, scope_name: str, rows: str = "") -> None:
    """Print a workbook's sheets as JSON, within the memory of the scope."""
    scope = SCOPES[scope_name]
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - only where the system has it

        resource.setrlimit(resource.RLIMIT_AS, (scope.memory, scope.memory))
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib takes 7 ms to import
        data = file.read()
    if not rows:
        sys.stdout.write(to_json(load(data, scope)))
        return
    with open(rows, "w", encoding="utf-8", errors="surrogatepass") as lines:  # noqa: PTH123
        sys.stdout.write(to_json(load(data, scope, lambda sheet: write_rows(sheet, lines))))


if __name__ == "__main__":
    main(*sys.argv[1:])
