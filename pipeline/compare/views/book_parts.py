"""Pieces of a workbook for Chinese offices: formats, sheets for A4 paper, tables."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from pipeline.compare.views.overview_tables import show_cell
from pipeline.compare.views.xml_text import xml_text

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Sequence

    from pipeline.compare.views.overview_tables import OverviewTable

# A workbook must have a day of creation; the same comparison gives the same file.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - the library wants none
_A4, _POINTS = 9, 10
_TEXT_FONT, _HEAD_FONT = "宋体", "黑体"
# The height of a line of a table, and the greatest height of a row, in points.
_LINE, _HIGHEST = 14.5, 409
# Widths of columns in characters: the least, the greatest, and what a sheet of A4 sideways takes.
_NARROWEST, _WIDEST, _SHEET_WIDTH = 8.0, 44.0, 145.0


class Book:
    """A workbook that is being written, with the formats of its cells."""

    def __init__(self, file: io.BytesIO) -> None:
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.workbook = xlsxwriter.Workbook(file, options)
        # By the category the reader of sources knows that it is no plan.
        self.workbook.set_properties({"created": _CREATED, "category": "fengong"})
        text = {"font_name": _TEXT_FONT, "font_size": _POINTS}
        cell = text | {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#8C959F"}
        head = {
            "font_name": _HEAD_FONT,
            "align": "center",
            "valign": "vcenter",
            "bg_color": "#EDEFF2",
        }
        removed = {"font_strikeout": True, "font_color": "#A8261C"}
        added = {"underline": 1, "font_color": "#0B4F9E"}
        add = self.workbook.add_format
        self.cell, self.middle = add(cell), add(cell | {"align": "center"})
        self.plain = add(text | {"valign": "top"})
        self.head = add(cell | head)
        self.title = add({"font_name": _HEAD_FONT, "font_size": 16, "align": "left"})
        self.report = add(text | {"font_size": 12, "text_wrap": True, "valign": "top"})
        self.runs = {"kept": add(text), "removed": add(text | removed), "added": add(text | added)}
        self.cells = {
            "kept": self.cell, "removed": add(cell | removed), "added": add(cell | added),
        }  # fmt: skip


def add_sheet(book: Book, name: str, heads: Sequence[str], widths: Sequence[float]) -> Any:  # noqa: ANN401
    """A sheet with a head that stays in sight and is printed on every page."""
    sheet = book.workbook.add_worksheet(name)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    set_print(sheet)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, book.head)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    return sheet


def set_print(sheet: Any) -> None:  # noqa: ANN401
    """Print a sheet on A4 sideways, as wide as the paper, with the number of the page below."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页&R&A")


def count_lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; a Chinese character is two units wide."""
    lines = text.split("\n")
    return sum(1 + int(_measure(line) / (width - 1)) for line in lines)


def set_height(sheet: Any, row: int, texts: Iterable[str], widths: Iterable[float]) -> None:  # noqa: ANN401
    """Make a row as high as its texts need: not every program does that when it opens the file."""
    lines = max(count_lines(text, width) for text, width in zip(texts, widths, strict=True))
    sheet.set_row(row, min(_HIGHEST, lines * _LINE + 3))


def add_overview(book: Book, table: OverviewTable) -> None:
    """A table as a sheet of its own, with its note above each printed page."""
    shown = [[show_cell(value, counted=table.is_counted) for value in row] for row in table.rows]
    widths = fit_widths([table.heads, *shown])
    sheet = add_sheet(book, table.title, table.heads, widths)
    for n, (row, texts) in enumerate(zip(table.rows, shown, strict=True), 1):
        set_height(sheet, n, texts, widths)
        for column, (value, text) in enumerate(zip(row, texts, strict=True)):
            form = book.cell if isinstance(value, str) else book.middle
            sheet.write_string(n, column, xml_text(text), form)
    sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
    if table.note:
        sheet.set_header(f"&L{table.note}")


def fit_widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Widths of columns by their longest lines, all together no wider than a sheet of A4 sideways."""
    longest = [
        max(_measure(line) for row in rows for line in row[column].split("\n"))
        for column in range(len(rows[0]))
    ]
    widths = [min(_WIDEST, max(_NARROWEST, one + 3.0)) for one in longest]
    excess = sum(widths) / _SHEET_WIDTH
    return widths if excess <= 1 else [max(_NARROWEST, one / excess) for one in widths]


def _measure(text: str) -> int:
    return sum(1 + (ch > "\u2e80") for ch in text)
