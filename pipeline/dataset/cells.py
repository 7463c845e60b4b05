"""Rows <-> CSV that a spreadsheet opens as it is meant.

A byte-order mark lets a double click in Excel show Chinese; a cell that a spreadsheet would run
as a formula gets an apostrophe in front, and loses it when the table is read back.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from typing import TYPE_CHECKING

from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

# A cell may hold all of a long item; the module's own limit is 131,072 characters.
csv.field_size_limit(sys.maxsize)
# Excel takes full-width marks for formulas too; a cell that looks defused is defused once more.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def defuse(cell: object) -> object:
    """A cell that no spreadsheet runs: "=1+1" -> "'=1+1"; other cells stay as they are."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """A cell as it was before `defuse`: "'=1+1" -> "=1+1"."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_rows(
    place: Path, text: str, needed: Iterable[str] = ()
) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of one of our CSV tables, defused cells restored, each with its place for an error.

    What a row lacks is empty. Raises OutputError where the text is no CSV or a column is missing.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        heads = list(reader.fieldnames or ())
        if missing := [head for head in needed if head not in heads]:
            fact = f"the header is {heads}"
            raise OutputError(place, fact, f"it lacks {', '.join(missing)}")
        for row in reader:
            cells = {head: restore(row.get(head) or "") for head in heads}
            yield f"{place} line {reader.line_num}", cells
    except csv.Error as error:
        raise OutputError(
            f"{place} line {reader.line_num}", f"is no CSV ({error})", "mend it"
        ) from error


def rows_to_csv(
    columns: Iterable[str], rows: Iterable[Mapping[str, object]], *, mark: bool = True
) -> bytes:
    """Rows as CSV bytes: UTF-8, formulas defused, a byte-order mark unless told not to."""
    lines = _Lines()
    writer = csv.writer(lines)
    heads = tuple(columns)
    writer.writerow(heads)
    writer.writerows([defuse(row[head]) for head in heads] for row in rows)
    return "".join(lines.written).encode("utf-8-sig" if mark else "utf-8")


class _Lines:
    r"""What csv.writer writes, a row's end turned into a line feed.

    Told to end rows so itself, it leaves a carriage return in a cell bare, which no reader takes.
    """

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, row: str) -> None:
        """Take in a row."""
        self.written.append(row.removesuffix("\r\n") + "\n")
