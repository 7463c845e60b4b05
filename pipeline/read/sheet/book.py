"""A workbook's sheets as texts and merged areas; also as a program of its own.

`python book.py FILE` prints them as JSON. The old formats are read that way: a
damaged file can make the library ask for all memory there is, which ends the process it runs in.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# A cell in the last row and column makes a grid of 17 thousand million cells out of a small file.
CELLS_LIMIT = 5_000_000
MEMORY = 2**30

# A merged area by its first and last row and column, counted from 0 within the sheet's texts.
Area = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet: its texts from the first used cell on, and where that stands."""

    name: str
    top: int
    left: int
    texts: list[list[str]]
    areas: list[Area]


@dataclass(frozen=True, slots=True)
class Book:
    """The visible sheets of a workbook, the names of the hidden ones, or why it was refused."""

    sheets: list[Sheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    error: str | None = None
    is_encrypted: bool = False


def load(data: bytes) -> Book:
    """The sheets of a workbook. Raises ImportError where the extra office is not installed."""
    from python_calamine import CalamineError, PasswordError, load_workbook  # noqa: PLC0415

    try:
        return _book(load_workbook(io.BytesIO(data)))
    except (KeyboardInterrupt, SystemExit):
        raise
    except PasswordError:
        return Book(is_encrypted=True)
    except (CalamineError, ValueError, OSError) as error:
        return Book(error=str(error)[:200])
    except BaseException as error:  # noqa: BLE001 - the library's panics are no Exceptions
        return Book(error=f"{type(error).__name__}: {error}"[:200])


def _book(book: Any) -> Book:  # noqa: ANN401
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    sheets: list[Sheet] = []
    hidden: list[str] = []
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        if about.visible != SheetVisibleEnum.Visible:
            hidden.append(about.name)
            continue
        sheet = book.get_sheet_by_name(about.name)
        if sheet.height * sheet.width > CELLS_LIMIT:
            return Book(error=f"the sheet {about.name} spans more than {CELLS_LIMIT:,} cells")
        if sheet.height:
            sheets.append(_sheet(sheet))
    return Book(sheets, hidden)


def _sheet(sheet: Any) -> Sheet:  # noqa: ANN401
    top, left = sheet.start or (0, 0)
    texts = [[shown(value) for value in row] for row in sheet.to_python(skip_empty_area=True)]
    areas = [
        (first[0] - top, first[1] - left, last[0] - top, last[1] - left)
        for first, last in sheet.merged_cell_ranges or ()
    ]
    return Sheet(sheet.name, top, left, texts, areas)


def shown(value: Any) -> str:  # noqa: ANN401 - a cell holds whatever a cell can hold
    """A cell's value as text: 3.0 -> "3", a date in ISO form."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).strip()


def to_json(book: Book) -> str:
    """The book as JSON text."""
    return json.dumps(asdict(book), ensure_ascii=True)


def from_json(text: bytes) -> Book:
    """The book from its JSON text. Raises ValueError where that is not whole."""
    told = json.loads(text)
    told["sheets"] = [Sheet(**sheet) for sheet in told["sheets"]]
    return Book(**told)


def main(path: str) -> None:
    """Print a workbook's sheets as JSON, within a limit of memory."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - only where the system has it

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.write(to_json(load(Path(path).read_bytes())))


if __name__ == "__main__":
    main(sys.argv[1])
