"""Write the rows of a list as a file: CSV and XLSX for spreadsheets, JSON for programs."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Literal, NamedTuple

import xlsxwriter
from starlette.responses import Response

from pipeline.dataset.csv_rows import rows_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ExportFormat = Literal["csv", "json", "xlsx"]
_MEDIA_TYPES: dict[ExportFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A cell of a workbook has room for so many characters, a sheet for so many rows.
_CELL = 32_767
_SHEET_ROWS = 1_048_575
# A text is written as a text, whatever it begins with: no formula, no link, no number.
_BOOK = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class ExportedFile(NamedTuple):
    """A file that a reader saves."""

    data: bytes
    media_type: str
    filename: str

    def as_response(self) -> Response:
        """Return the answer with which a browser saves the file."""
        headers = {"content-disposition": f'attachment; filename="{self.filename}"'}
        return Response(self.data, media_type=self.media_type, headers=headers)


def export_table(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, object]],
    kind: ExportFormat,
) -> ExportedFile:
    """Write rows under these columns; `name` is that of the file without its ending, in ASCII.

    CSV defuses what a spreadsheet would run or misread, as the tables of an OUTPUT do; XLSX keeps
    every text as a text, cut where a cell has no more room (32,767 characters).
    """
    writers = {"csv": rows_to_csv, "json": _write_json, "xlsx": _write_workbook}
    return ExportedFile(writers[kind](columns, rows), _MEDIA_TYPES[kind], f"{name}.{kind}")


def _write_json(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    heads = tuple(columns)
    made = [{head: row[head] for head in heads} for row in rows]
    return json.dumps(made, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _write_workbook(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    heads = tuple(columns)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _BOOK) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for at, head in enumerate(heads):
            sheet.write_string(0, at, head, bold)
        for line, row in zip(range(1, _SHEET_ROWS + 1), rows, strict=False):
            for at, head in enumerate(heads):
                cell = row[head]
                if isinstance(cell, (int, float)):
                    sheet.write_number(line, at, cell)
                elif cell is not None and cell != "":
                    sheet.write_string(line, at, _fit(str(cell)))
    return target.getvalue()


def _fit(text: str) -> str:
    """Return a text that a cell has room for."""
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"
