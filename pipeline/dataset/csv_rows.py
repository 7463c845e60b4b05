"""Write rows as CSV that a spreadsheet shows correctly, and read them back.

A byte-order mark lets a double click in Excel show Chinese. A cell that a spreadsheet would run
as a formula, or would take for another number or day than is printed, gets an apostrophe in front,
which is removed when the table is read back.
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

# A cell may contain all of a long item; the csv module's own limit is 131,072 characters.
csv.field_size_limit(sys.maxsize)
# Must match: =1+1, ＝1+1 (Excel runs full-width signs too).
_FORMULA = r"[=+\-@\t\r\n＝＋－＠]"
# What Excel, WPS or LibreOffice shows as another number, or as a day or a time. A day in ISO form is
# the day that it says, and plain numbers are themselves.
# Must not match: 2011-07-22, 12, 1., 1.2, 0.50, 440308, （一）, 1、, 12月, 2011年, 2011年7月, 80%.
_MISREAD = r"""
    [(（]\d[\d.,]*[)）]                                # (1) becomes -1
  | 0\d+ | \d{12,}                                    # 007 becomes 7, long numbers 1.23E+11
  | (?!0[.．])\d+[.．]\d*0                             # 1.10 becomes 1.1
  | \d+ (?:[.．]\d*)? [eEｅＥ] \d+                     # 1E5 becomes 100000
  | (?!\d{4}-\d\d-\d\d\Z)
    \d{1,4} (?:[-/－／]\d{1,4}){1,2}                   # 1-2 and 1/2 become 2 January
  | \d{1,4} [.．] \d{1,2} [.．] \d{1,4}               # 1.2.3 becomes 3 February 2001
  | \d{1,2} (?:[:：]\d{2}){1,2}                       # 1:30
  | \d{1,2}月\d{1,2}日                                  # 6月30日 gets the year of today
  | (?!\d{4}年[1-9]\d?月\Z)                             # shown as it is, if it becomes a day at all
    (?:\d{2}|\d{4})年\d{1,2}月(?:\d{1,2}日)?            # LibreOffice: 2011年7月22日 becomes 7/22/11
"""
# '=1+1 looks defused already and is defused once more, so that it survives `restore`.
# Must not match: 区民政局, '只是撇号.
_SPOILT = re.compile(rf"'*(?: {_FORMULA} | (?:{_MISREAD})\Z )", re.VERBOSE)


def defuse(cell: object) -> object:
    """Return a cell that no spreadsheet runs or misreads: "=1+1" -> "'=1+1", "(1)" -> "'(1)".

    Other cells stay as they are.
    """
    return f"'{cell}" if isinstance(cell, str) and _SPOILT.match(cell) else cell


def restore(cell: str) -> str:
    """Return a cell as it was before `defuse`: "'=1+1" -> "=1+1"."""
    return cell[1:] if cell.startswith("'") and _SPOILT.match(cell) else cell


def read_rows(
    place: Path, text: str, needed: Iterable[str] = ()
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of one of our CSV tables with defused cells restored.

    Each row comes with its place ("items.csv line 3") for error messages; a cell that the row
    lacks is empty. Raises OutputError where the text is not CSV or a needed column is missing.
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
    """Return rows as CSV in UTF-8, cells defused, with a byte-order mark unless `mark` is False."""
    lines = _LineFeedRows()
    writer = csv.writer(lines)
    heads = tuple(columns)
    writer.writerow(heads)
    writer.writerows([defuse(row[head]) for head in heads] for row in rows)
    return "".join(lines.rows).encode("utf-8-sig" if mark else "utf-8")


class _LineFeedRows:
    r"""The rows that csv.writer writes, each ended by a line feed instead of "\r\n".

    With lineterminator="\n" csv.writer leaves a carriage return in a cell unquoted, and no reader
    accepts that; so it writes "\r\n" and the end is replaced here.
    """

    def __init__(self) -> None:
        self.rows: list[str] = []

    def write(self, row: str) -> None:
        """Keep one row."""
        self.rows.append(row.removesuffix("\r\n") + "\n")
