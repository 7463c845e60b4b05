"""Write rows on sheets that can be read on a screen, filtered, filled in, and printed."""

from __future__ import annotations

import re
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.errors import OutputError
from pipeline.ledger.columns import STATE, STATES
from pipeline.ledger.write.layout import SIZES, pixels_of, printed
from pipeline.ledger.write.sheet_names import SheetNames
from pipeline.ledger.write.styles import MOST_LINES, RISKY, Styles, height_of, lines_of
from pipeline.ledger.write.worksheet import GrowingSheet, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from pipeline.ledger.columns import LedgerColumn
    from pipeline.ledger.write.layout import PaperSize

# The row of a sheet's heads, below its title and a line.
TOP = 2
MOST_ROWS, MOST_LINKS = 1_048_576, 65_530
_FOOTER = "&L&10&A&C&10第 &P 页，共 &N 页"
_UNSHOWN = re.compile("[\x00-\x1f]+")
_LONGEST_LINK = 255
_FIRST_DAY = date(1900, 3, 1)
_NONE: Mapping[str, str] = MappingProxyType({})
_NO_LINKS: Mapping[str, Link] = MappingProxyType({})


class Formula(NamedTuple):
    """A formula, and the number that it has when the workbook is written; None shows nothing."""

    text: str
    value: int | None


_NO_FORMULAS: Mapping[str, Formula] = MappingProxyType({})


class PaperRow(NamedTuple):
    """A row: its cells by key, filled-in texts by head, notes and link targets by key, depth.

    `formulas` are by key, or by head in columns without one.
    """

    cells: Mapping[str, str]
    filled: Mapping[str, str] = _NONE
    notes: Mapping[str, str] = _NONE
    targets: Mapping[str, Link] = _NO_LINKS
    depth: int = 0
    formulas: Mapping[str, Formula] = _NO_FORMULAS
    item_id: str = ""


class LongText(NamedTuple):
    """A text that a row cannot show whole, with its item and the head of its column."""

    item_id: str
    head: str
    text: str


class Paper:
    """A workbook while it is written; every sheet of it has the same look.

    `outside` are the texts that it has outside of tables: titles, lines below them and notes.
    """

    def __init__(self, book: Workbook, size: PaperSize = SIZES["A4"]) -> None:
        self.book = book
        self.size = size
        self.styles = Styles(book)
        self.names = SheetNames()
        self.outside: dict[str, None] = {}
        self.too_tall: dict[LongText, None] = {}
        # Sheets that are more than one page wide.
        self.too_wide: list[str] = []
        # Sheet -> cells without a link, as the sheet has as many as it may.
        self.unlinked: dict[str, int] = {}

    def add(self, name: str) -> GrowingSheet:
        """Add a sheet; its name has been taken before."""
        sheet: GrowingSheet = self.book.add_worksheet(name, GrowingSheet)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(self.size.number)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(_FOOTER, {"margin": 0.3})
        return sheet

    def title(
        self, sheet: GrowingSheet, text: str, line: str, last: int, back: Link | None = None
    ) -> None:
        """Write a title over the columns, a link behind it, and a small line below it."""
        for row, (words, style, height) in enumerate(((text, "title", 34), (line, "line", 20))):
            sheet.set_row(row, height)
            self.outside.setdefault(words)
            form = self.styles.of(style, words)
            if last > 0:
                # A text in merge_range could become a formula: the area is merged empty, then written.
                sheet.merge_range(row, 0, row, last, "", form)
            sheet.write_string(row, 0, words, form)
            if back and not row:
                self.outside.setdefault(back.text)
                sheet.write_link(row, last + 1, back, back.text, self.styles.plain("back"))

    def note(self, sheet: GrowingSheet, row: int, column: int, note: str) -> None:
        """Write a note on a cell."""
        self.outside.setdefault(note)
        size = {"x_scale": 2, "y_scale": 1 + len(note) / 120}
        sheet.write_comment(row, column, note, {"author": "fengong", **size})

    def rows(
        self,
        sheet: GrowingSheet,
        columns: Sequence[LedgerColumn],
        count: int,
        rows: Iterable[PaperRow],
    ) -> None:
        """Write the heads and so many rows below them, with a filter.

        Raises OutputError for more rows than a sheet holds.
        """
        top = TOP
        if top + count >= MOST_ROWS:
            fact = f"{count:,} rows are more than a sheet holds"
            raise OutputError(sheet.get_name(), fact, "export some notices only, with --notice")
        heights = [lines_of(column.head, column.width) for column in columns]
        sheet.set_row(top, 12 + 14 * max(heights))
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(top, at, column.head, self.styles.of("head", column.head))
        _write_rows(self, sheet, columns, rows)
        last = top + count
        sheet.autofilter(top, 0, max(last, top + 1), len(columns) - 1)
        self._prepare_print(sheet, columns, last)
        self._offer_states(sheet, columns, top + 1, last)
        sheet.rest()

    def _prepare_print(
        self, sheet: GrowingSheet, columns: Sequence[LedgerColumn], last: int
    ) -> None:
        """Print the heads on every page; columns that need more than a page go on another one."""
        sheet.repeat_rows(TOP)
        sheet.print_area(0, 0, last, len(printed(columns)) - 1)
        pages = -int(-pixels_of(columns) // (self.size.pixels * 1.02))
        if pages > 1:
            sheet.fit_to_pages(pages, 0)
            titles = [at for at, one in enumerate(columns) if one.key == "title"]
            if titles and pixels_of(columns[: titles[0] + 1]) < self.size.pixels / 2:
                sheet.repeat_columns(0, titles[0])
            self.too_wide.append(sheet.get_name())

    def _offer_states(
        self, sheet: Worksheet, columns: Sequence[LedgerColumn], first: int, last: int
    ) -> None:
        """Offer a list of states under 完成情况; other words may be written too."""
        for at, column in enumerate(columns):
            if column.key or column.head != STATE or last < first:
                continue
            rule = {"validate": "list", "source": list(STATES), "error_type": "information"}
            rule |= {"error_title": STATE, "error_message": f"建议填写: {'、'.join(STATES)}"}
            sheet.data_validation(first, at, last, at, rule)
            for state, form in self.styles.states.items():
                look = {"type": "cell", "criteria": "==", "value": f'"{state}"', "format": form}
                sheet.conditional_format(first, at, last, at, look)


class _SpecialCell(NamedTuple):
    """A cell that may be special: a link, a day, corrected, indented, or long."""

    row: int
    at: int
    column: LedgerColumn
    text: str
    note: str | None
    indent: int
    target: Link | None


class CellFit(NamedTuple):
    """The style of a text, and its lines."""

    style: str
    lines: int


def fit_cell(text: str, column: LedgerColumn, indent: int) -> CellFit:
    """Fit a text into a column: at the top of its cell where a row cannot be as high as it."""
    if column.style == "code":
        return CellFit(column.style, 1)
    lines = lines_of(text, max(2.0, column.width - 2 * indent))
    is_tall = lines > MOST_LINES and column.style == "text"
    return CellFit("tall" if is_tall else column.style, lines)


def _write_rows(
    paper: Paper, sheet: GrowingSheet, columns: Sequence[LedgerColumn], rows: Iterable[PaperRow]
) -> None:
    """Write rows below the heads; a plain text goes the short way: a ledger has 100,000s."""
    shapes = [
        # So many characters are one line, whatever they are.
        (at, one, paper.styles.plain(one.style), one.style == "text", one.width // 2)
        for at, one in enumerate(columns)
    ]
    blank, string = sheet.write_blank, sheet.write_string
    links = sheet.links
    for number, row in enumerate(rows, TOP + 1):
        lines = 1
        is_plain = not (row.notes or row.targets or row.depth)
        for at, column, form, is_text, length in shapes:
            text = row.cells.get(column.key) if column.key else row.filled.get(column.head)
            if text and is_plain and is_text and len(text) <= length and text[0] not in RISKY:
                string(number, at, text, form)
            elif text or column.key in row.notes:
                cell = _make_cell(number, at, column, row, has_link=links < MOST_LINKS)
                links += column.key in row.targets
                fit = _write_cell(paper, sheet, cell)
                lines = max(lines, fit.lines)
                if fit.style == "tall":
                    paper.too_tall.setdefault(LongText(row.item_id, column.head, cell.text))
            elif formula := row.formulas.get(column.key or column.head):
                value = "" if formula.value is None else formula.value
                sheet.write_formula(number, at, formula.text, form, value)
            else:
                blank(number, at, None, form)
        sheet.set_row(number, height_of(lines))
    if links > MOST_LINKS:
        paper.unlinked[sheet.get_name()] = links - MOST_LINKS


def _make_cell(
    number: int, at: int, column: LedgerColumn, row: PaperRow, *, has_link: bool
) -> _SpecialCell:
    text = row.cells.get(column.key) if column.key else row.filled.get(column.head)
    note = row.notes.get(column.key)
    indent = row.depth if column.key == "title" else 0
    target = row.targets.get(column.key) if has_link else None
    return _SpecialCell(number, at, column, text or "", note, indent, target)


def _write_cell(paper: Paper, sheet: GrowingSheet, cell: _SpecialCell) -> CellFit:
    """Write a cell with its own format, link or note; returns how its text fits."""
    row, at, column, text, note, indent, target = cell
    fit = fit_cell(text, column, indent)
    is_noted, is_linked = note is not None, target is not None
    form = paper.styles.get(fit.style, text[:1] in RISKY, is_noted, indent, is_linked)
    if target:
        sheet.write_link(row, at, target, text, form)
    elif fit.style == "number":
        sheet.write_number(row, at, int(text), form)
    elif fit.style == "date" and (day := _parse_day(text)):
        sheet.write_datetime(row, at, day, form)
    else:
        sheet.write_string(row, at, text, form)
    if note:
        paper.note(sheet, row, at, note)
    return fit


def _parse_day(text: str) -> date | None:
    """Parse a day; None before March 1900, when a spreadsheet counts days in another way."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= _FIRST_DAY else None


def link(sheet: str, row: int, column: int, text: str) -> Link:
    """Make a link to a cell of the workbook: '任务台账'!A5."""
    quoted = sheet.replace("'", "''")
    # The text is in an attribute too, which may be only so long.
    shown = _UNSHOWN.sub(" ", text)[:_LONGEST_LINK]
    return Link(f"'{quoted}'!{xl_rowcol_to_cell(row, column)}", shown)
