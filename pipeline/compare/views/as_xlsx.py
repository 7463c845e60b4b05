"""A comparison as a workbook: a report, the tables, every item side by side, and plain columns."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.compare.views.book_parts import (
    Book,
    add_overview,
    add_sheet,
    count_lines,
    set_height,
    set_print,
)
from pipeline.compare.views.cards import make_cards
from pipeline.compare.views.narrative import write_narrative
from pipeline.compare.views.overview_tables import make_overview_tables
from pipeline.compare.views.phrases import (
    FIELD_NAMES,
    ROLES,
    SCORE_NAME,
    SEPARATOR,
    list_warnings,
    name_sides,
)
from pipeline.compare.views.shown_items import show_side
from pipeline.compare.views.xml_text import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.compare.views.cards import Card
    from pipeline.compare.views.shown_items import ShownItem
    from pipeline.comparison import Comparison
    from pipeline.model import Item, Notice

# A row is at most 409 points high in every spreadsheet: longer texts go on in the next row.
_LONGEST = 480
_SIDE_WIDTH = 46
_PAIR = 2
# The width of the report's column, and the height of its lines in points.
_REPORT_WIDTH, _REPORT_LINE = 110, 20


class _Piece(NamedTuple):
    text: str
    fate: str


def to_xlsx(comparison: Comparison, previous: Notice, current: Notice) -> bytes:
    """The workbook: A4 sideways, heads repeated on every page, changed words marked in their cells."""
    cards = make_cards(comparison, previous, current)
    sides = name_sides(comparison)
    file = io.BytesIO()
    book = Book(file)
    title = f"{sides[0]}与{sides[1]}工作事项对照"
    _add_report(book, title, [*list_warnings(comparison), *write_narrative(comparison, cards)])
    _add_cards(book, cards, sides)
    for one in make_overview_tables(comparison, cards):
        add_overview(book, one)
    _add_columns(book, cards, sides)
    book.workbook.close()
    return file.getvalue()


def _add_report(book: Book, title: str, paragraphs: Iterable[str]) -> None:
    sheet = book.workbook.add_worksheet("总体情况")
    set_print(sheet)
    sheet.set_column(0, 0, _REPORT_WIDTH)
    sheet.write_string(0, 0, title, book.title)
    sheet.set_row(0, 30)
    row = 1
    for paragraph in paragraphs:
        for text in _cut(paragraph, _LONGEST * 2):
            sheet.write_string(row, 0, xml_text(text), book.report)
            # The letters of the report are a fifth larger than those that columns are measured by.
            sheet.set_row(row, _REPORT_LINE * count_lines(text, _REPORT_WIDTH / 1.2) + 6)
            row += 1


def _cut(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(0, len(text), length)]


def _add_cards(book: Book, cards: Sequence[Card], sides: tuple[str, str]) -> None:
    """Every card side by side; a long one goes on in further rows."""
    heads = ("组号", "类别", "部分", *sides, "变动")
    widths = (6, 9, 14, _SIDE_WIDTH, _SIDE_WIDTH, 22)
    sheet = add_sheet(book, "逐项对照", heads, widths)
    row = 0
    for card in cards:
        columns = [
            _cut_pieces(_list_pieces(show_side(card, is_current=is_current), fate))
            for is_current, fate in ((False, "removed"), (True, "added"))
        ]
        notes = [f"{name}：{words}" for name, words in card.notes]
        notes += [f"{SCORE_NAME}{card.score:.2f}，请核对"] if card.is_doubtful else []
        noted = _cut_pieces([_Piece("\n".join(notes), "kept")], _LONGEST // 2)
        for n in range(max(len(columns[0]), len(columns[1]), len(noted))):
            row += 1
            begins = (str(card.number) if not n else f"{card.number}续", card.kind_name)
            for column, text in enumerate(begins):
                sheet.write_string(row, column, text, book.middle)
            sheet.write_string(row, 2, xml_text(card.section), book.cell)
            chunks = [one[n] if n < len(one) else [] for one in (*columns, noted)]
            for column, pieces in enumerate(chunks, 3):
                _write_pieces(book, sheet, (row, column), pieces)
            texts = ["".join(piece.text for piece in pieces) for pieces in chunks]
            set_height(sheet, row, (*begins, card.section, *texts), widths)
    sheet.autofilter(0, 0, max(row, 1), len(heads) - 1)


def _list_pieces(items: Iterable[ShownItem], fate: str) -> Iterator[_Piece]:
    """The texts of a cell: each item's label and content, then its units, leaders and deadline."""
    for n, item in enumerate(items):
        head = f"{item.label} " if item.label else ""
        yield _Piece(("\n" if n else "") + head, "kept")
        yield from (_Piece(run.text, fate if run.changed else "kept") for run in item.runs)
        for name, runs in item.people:
            yield _Piece(f"\n{name}：", "kept")
            yield from (_Piece(run.text, fate if run.changed else "kept") for run in runs)


def _cut_pieces(pieces: Iterable[_Piece], longest: int = _LONGEST) -> list[list[_Piece]]:
    """Pieces in chunks of at most so many characters, each for one cell; a line counts as half a row."""
    chunks: list[list[_Piece]] = [[]]
    room = longest
    for piece in pieces:
        rest = piece.text
        while rest:
            if room <= 0:
                chunks.append([])
                room = longest
            part, rest = rest[:room], rest[room:]
            chunks[-1].append(_Piece(part, piece.fate))
            room -= len(part) + part.count("\n") * _SIDE_WIDTH // 4
    return chunks


def _write_pieces(book: Book, sheet: Any, place: tuple[int, int], pieces: list[_Piece]) -> None:  # noqa: ANN401
    """A cell of which parts are marked; a spreadsheet knows marked parts only where there are two."""
    joined: list[_Piece] = []
    for one in pieces:
        if joined and joined[-1].fate == one.fate:
            joined[-1] = _Piece(joined[-1].text + xml_text(one.text), one.fate)
        elif one.text:
            joined.append(_Piece(xml_text(one.text), one.fate))
    if len(joined) < _PAIR:
        text, fate = joined[0] if joined else ("", "kept")
        sheet.write_string(*place, text, book.cells[fate])
        return
    parts = [part for one in joined for part in (book.runs[one.fate], one.text)]
    sheet.write_rich_string(*place, *parts, book.cell)


def _add_columns(book: Book, cards: Sequence[Card], sides: tuple[str, str]) -> None:
    """Plain columns to sort, filter and count by: a row a card."""
    fields = (
        "事项",
        "内容",
        *(FIELD_NAMES[role] for role in ROLES),
        FIELD_NAMES["deadline"],
        "事项编号",
    )
    heads = (
        "组号",
        "类别",
        SCORE_NAME,
        "部分",
        *(f"{side}{field}" for side in sides for field in fields),
    )
    sheet = add_sheet(book, "数据", heads, (6, 10, 8, 16, *([18, 40, 12, 20, 20, 14, 24] * 2)))
    plain = book.plain
    for row, card in enumerate(cards, 1):
        sheet.write_number(row, 0, card.number, plain)
        sheet.write_string(row, 1, card.kind_name, plain)
        if card.score is not None:
            sheet.write_number(row, 2, round(card.score, 3), plain)
        texts = [card.section, *_list_columns(card.previous), *_list_columns(card.current)]
        for column, text in enumerate(texts, 3):
            sheet.write_string(row, column, xml_text(text)[:32767], plain)
    sheet.autofilter(0, 0, max(len(cards), 1), len(heads) - 1)


def _list_columns(items: Sequence[Item]) -> Iterator[str]:
    """The texts of a side's columns; several items are joined by line feeds."""
    yield "\n".join(item.title for item in items)
    yield "\n".join(item.content for item in items)
    for role in ROLES:
        names = (name.name for item in items for name in getattr(item, role))
        yield SEPARATOR.join(dict.fromkeys(names))
    yield "\n".join(item.deadline.text for item in items if item.deadline)
    yield "\n".join(item.item_id for item in items)
