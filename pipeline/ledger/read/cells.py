"""A workbook's sheets as JSON, hidden ones too: `python cells.py FILE`, a program of its own.

A damaged file, or one with a word in its last row, can make the library ask for all memory there
is, which ends the process it runs in; this one is limited and may end.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from typing import Any

_CELLS_LIMIT = 20_000_000
_MEMORY = 3 * 2**30


def load(path: str) -> dict[str, Any]:
    """The sheets of a workbook, or why it was refused: {sheets: [...]} or {error, encrypted}."""
    from python_calamine import PasswordError, load_workbook  # noqa: PLC0415

    try:
        book = load_workbook(path)
        return {"sheets": [_sheet(book.get_sheet_by_name(name)) for name in book.sheet_names]}
    except PasswordError:
        return {"error": "encrypted", "encrypted": True}
    except BaseException as error:  # noqa: BLE001 - the library's panics are no Exceptions
        return {"error": f"{type(error).__name__}: {error}"[:200]}


def _sheet(sheet: Any) -> dict[str, Any]:  # noqa: ANN401
    if sheet.height * sheet.width > _CELLS_LIMIT:
        fact = f"the sheet {sheet.name} spans more than {_CELLS_LIMIT:,} cells"
        raise ValueError(fact)
    top, left = sheet.start or (0, 0)
    rows = sheet.to_python(skip_empty_area=True) if sheet.height else []
    return {
        "name": sheet.name,
        "top": top,
        "left": left,
        "rows": [[_plain(value) for value in row] for row in rows],
        "areas": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
    }


def _plain(value: Any) -> str | float | bool:  # noqa: ANN401 - whatever a cell can hold
    if isinstance(value, str | float | int):
        return value
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def main(path: str) -> None:
    """Print a workbook's sheets, within a limit of memory."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - only where the system has it

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sys.stdout.write(json.dumps(load(path)))


if __name__ == "__main__":
    main(sys.argv[1])
