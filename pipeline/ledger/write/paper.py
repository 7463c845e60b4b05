"""Rows on a sheet that can be read on a screen, filtered, filled in, and printed on A4."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import OutputError
from pipeline.ledger.columns import STATE, STATES
from pipeline.ledger.write.sheet_names import SheetNames
from pipeline.ledger.write.styles import (
    MOST_LINES,
    MOST_SMALL_LINES,
    RISKY,
    SMALLER,
    Styles,
    height_of,
    lines_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlsxwriter.url import Url
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from pipeline.ledger.columns import Column

MOST_ROWS, MOST_LINKS = 1_048_576, 65_530
_A4 = 9
_FOOTER = "&L&8&A&C&9第 &P 页，共 &N 页"
_UNSHOWN = re.compile("[\x00-\x1f]+")
_LONGEST_LINK = 255
_FIRST_DAY = date(1900, 3, 1)
_NONE: dict[str, str] = {}


class Row(NamedTuple):
    """A row's cells by key, what was filled in by head, notes and link targets by key, depth."""

    cells: Mapping[str, str]
    filled: Mapping[str, str] = _NONE
    notes: Mapping[str, str] = _NONE
    targets: Mapping[str, Url] = {}
    depth: int = 0


class Paper:
    """A workbook while it is written; every sheet of it has the same look."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.styles = Styles(book)
        self.names = SheetNames()
        self.too_tall = 0

    def add(self, name: str) -> Worksheet:
        """A new sheet; its name has been taken before."""
        from pipeline.ledger.write.worksheet import GrowingSheet  # noqa: PLC0415

        sheet: Worksheet = self.book.add_worksheet(name, GrowingSheet)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(_FOOTER, {"margin": 0.3})
        return sheet

    def title(self, sheet: Worksheet, text: str, line: str, last: int) -> None:
        """A title over the columns, and a small line below it."""
        for row, (words, style, height) in enumerate(((text, "title", 34), (line, "line", 20))):
            sheet.set_row(row, height)
            form = self.styles.of(style, words)
            if last > 0:
                # What is merged is written as a value, which could be a formula; so nothing is.
                sheet.merge_range(row, 0, row, last, "", form)
            sheet.write_string(row, 0, words, form)

    def rows(
        self, sheet: Worksheet, top: int, columns: Sequence[Column], rows: Sequence[Row]
    ) -> None:
        """The heads and the rows below them, filtered and frozen; raises OutputError."""
        if top + len(rows) >= MOST_ROWS:
            fact = f"{len(rows):,} rows are more than a sheet holds"
            raise OutputError(sheet.get_name(), fact, "export some notices only, with --notice")
        sheet.set_row(top, 26)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(top, at, column.head, self.styles.of("head", column.head))
        _Body(self, sheet, columns).write(top + 1, rows)
        last = top + len(rows)
        sheet.autofilter(top, 0, max(last, top + 1), len(columns) - 1)
        sheet.repeat_rows(top)
        shown = len(columns) - (2 if columns[-1].key == "item_id" else 1)
        sheet.print_area(0, 0, last, shown)
        self._offer_states(sheet, columns, top + 1, last)

    def _offer_states(
        self, sheet: Worksheet, columns: Sequence[Column], first: int, last: int
    ) -> None:
        """A list to choose from under 完成情况; other words may be written too."""
        for at, column in enumerate(columns):
            if column.key or column.head != STATE or last < first:
                continue
            told = {"validate": "list", "source": list(STATES), "error_type": "information"}
            told |= {"error_title": STATE, "error_message": f"建议填写: {'、'.join(STATES)}"}
            sheet.data_validation(first, at, last, at, told)
            for state, form in self.styles.states.items():
                rule = {"type": "cell", "criteria": "==", "value": f'"{state}"', "format": form}
                sheet.conditional_format(first, at, last, at, rule)


class _Body:
    """The rows of one sheet while they are written."""

    def __init__(self, paper: Paper, sheet: Worksheet, columns: Sequence[Column]) -> None:
        self.paper, self.sheet = paper, sheet
        self.links = 0
        styles = paper.styles
        self.columns = [
            # So many characters are one line, whatever they are.
            (at, one, styles.plain(one.style), one.style == "text", one.width // 2)
            for at, one in enumerate(columns)
        ]
        # The lines of the highest cell of a row, of the usual letters and of small ones.
        self.lines, self.small = 1, 0

    def write(self, first: int, rows: Iterable[Row]) -> None:
        """Write rows; a plain text goes the short way, for a ledger has hundreds of thousands."""
        blank, string = self.sheet.write_blank, self.sheet.write_string
        for number, row in enumerate(rows, first):
            self.lines, self.small = 1, 0
            is_plain = not (row.notes or row.targets or row.depth)
            for at, column, form, is_text, length in self.columns:
                text = row.cells.get(column.key) if column.key else row.filled.get(column.head)
                if text and is_plain and is_text and len(text) <= length and text[0] not in RISKY:
                    string(number, at, text, form)
                elif text or column.key in row.notes:
                    self._write(number, at, column, text or "", row)
                else:
                    blank(number, at, None, form)
            self.sheet.set_row(number, height_of(self.lines, self.small))

    def _write(self, number: int, at: int, column: Column, text: str, row: Row) -> None:
        """A cell that may be special: a link, a day, corrected, indented, or long."""
        note = row.notes.get(column.key)
        indent = row.depth if column.key == "title" else 0
        target = row.targets.get(column.key) if self.links < MOST_LINKS else None
        style = self._measure(text, column, indent)
        about = (text[:1] in RISKY, note is not None, indent, target is not None)
        form = self.paper.styles.get(style, *about)
        if target:
            self.links += 1
            self.sheet.write_url(number, at, target, form)
            if target.text != text:
                self.sheet.write_string(number, at, text, form)
        elif style == "number":
            self.sheet.write_number(number, at, int(text), form)
        elif style == "date" and (day := _day(text)):
            self.sheet.write_datetime(number, at, day, form)
        else:
            self.sheet.write_string(number, at, text, form)
        if note:
            size = {"x_scale": 2, "y_scale": 1 + len(note) / 120}
            self.sheet.write_comment(number, at, note, {"author": "fengong", **size})

    def _measure(self, text: str, column: Column, indent: int) -> str:
        """The style of a cell: small letters where the usual ones need too high a row."""
        if column.style == "code":
            self.small = max(self.small, lines_of(text, column.width * SMALLER))
            return column.style
        width = max(2.0, column.width - 2 * indent)
        lines = lines_of(text, width)
        if lines <= MOST_LINES or column.style != "text":
            self.lines = max(self.lines, lines)
            return column.style
        small = lines_of(text, width * SMALLER)
        self.small = max(self.small, small)
        self.paper.too_tall += small > MOST_SMALL_LINES
        return "small"


def _day(text: str) -> date | None:
    """A day that a spreadsheet counts as we do."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= _FIRST_DAY else None


def link(sheet: str, row: int, column: int, text: str) -> Url:
    """A link to a cell of the workbook: '任务台账'!A5."""
    from xlsxwriter.url import Url  # noqa: PLC0415
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415

    quoted = sheet.replace("'", "''")
    made = Url(f"internal:'{quoted}'!{xl_rowcol_to_cell(row, column)}")
    # The words stand in an attribute too, which holds less than a cell does.
    made.text = _UNSHOWN.sub(" ", text)[:_LONGEST_LINK]
    return made
