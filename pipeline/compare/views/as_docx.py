"""A comparison as a Word document to circulate in an office: a report, then every item side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.views.cards import group_by_section, make_cards
from pipeline.compare.views.narrative import write_narrative
from pipeline.compare.views.overview_tables import make_overview_tables, show_cell
from pipeline.compare.views.phrases import SCORE_NAME, list_warnings, name_sides
from pipeline.compare.views.shown_items import Run, show_side
from pipeline.compare.views.word_parts import (
    add_heading,
    add_note,
    add_row,
    add_table,
    add_text,
    add_title,
    open_document,
    pack_document,
    turn_sideways,
    write_cell,
    write_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docx.document import Document
    from docx.table import Table

    from pipeline.compare.views.cards import Card
    from pipeline.compare.views.overview_tables import OverviewTable
    from pipeline.compare.views.shown_items import ShownItem
    from pipeline.comparison import Comparison
    from pipeline.model import Notice

# Millimetres of an upright page's columns by the table's number of columns, and of the sideways table's.
_UPRIGHT_WIDTHS = {5: (14, 56, 30, 28, 28), 6: (34, 27, 27, 26, 21, 21)}
_SIDEWAYS_WIDTHS = (13, 18, 91, 91, 44)
_NUMERALS = "一二三四五六七八九十"


def to_docx(comparison: Comparison, previous: Notice, current: Notice) -> bytes:
    """The document; changed words are marked as runs: removed ones struck through, added underlined."""
    cards = make_cards(comparison, previous, current)
    sides = name_sides(comparison)
    document = open_document()
    title = comparison.plans[1].title or comparison.plans[1].notice_id
    document.core_properties.title = f"{title}：{sides[0]}与{sides[1]}对照"
    add_title(document, f"{sides[0]}与{sides[1]}工作事项对照")
    add_heading(document, "一、总体情况")
    for warning in list_warnings(comparison):
        add_text(document, f"提示：{warning}")
    for paragraph in write_narrative(comparison, cards):
        add_text(document, paragraph)
    for n, one in enumerate(make_overview_tables(comparison, cards), 1):
        _add_overview(document, f"{_NUMERALS[n]}、{one.title}", one)
    turn_sideways(document)
    add_title(document, f"附表　{sides[0]}与{sides[1]}逐项对照表")
    legend = (("删去的文字", "removed"), ("　", "kept"), ("新增的文字", "added"))
    add_note(
        document, [("说明：", "kept"), *legend, ("　一句中保留不足三分之一的，整句标出。", "kept")]
    )
    _add_cards(document, cards, sides)
    return pack_document(document)


def _add_overview(document: Document, heading: str, overview: OverviewTable) -> None:
    add_heading(document, heading)
    if overview.note:
        add_note(document, [(overview.note, "kept")])
    widths = _UPRIGHT_WIDTHS[len(overview.heads)]
    table = add_table(document, overview.heads, widths)
    for row in overview.rows:
        cells = add_row(table, widths)
        for cell, value in zip(cells, row, strict=True):
            is_number = not isinstance(value, str)
            write_cell(cell, show_cell(value, counted=len(overview.heads) > 5), middle=is_number)


def _add_cards(document: Document, cards: Sequence[Card], sides: tuple[str, str]) -> None:
    heads = ("组号", "类别", *sides, "变动")
    table = add_table(document, heads, _SIDEWAYS_WIDTHS)
    for section, members in group_by_section(cards):
        if section:
            _add_section_row(table, section)
        for card in members:
            _add_card(table, card)


def _add_section_row(table: Table, section: str) -> None:
    cells = add_row(table, _SIDEWAYS_WIDTHS)
    write_lines(cells[0].merge(cells[-1]), [(section, ())], "kept")


def _add_card(table: Table, card: Card) -> None:
    # A long item may go on over the end of a page; a whole row would leave half a page empty.
    cells = add_row(table, _SIDEWAYS_WIDTHS, whole=False)
    write_cell(cells[0], str(card.number), middle=True)
    write_cell(cells[1], card.kind_name, middle=True)
    for cell, is_current, fate in ((cells[2], False, "removed"), (cells[3], True, "added")):
        write_lines(cell, _list_lines(show_side(card, is_current=is_current)), fate)
    notes = [(f"{name}：", (Run(words, changed=False),)) for name, words in card.notes]
    if card.is_doubtful:
        notes.append(("", (Run(f"{SCORE_NAME}{card.score:.2f}，请核对", changed=False),)))
    write_lines(cells[4], notes, "kept")


def _list_lines(items: Sequence[ShownItem]) -> Iterator[tuple[str, Sequence[Run]]]:
    """The lines of a cell: each item's label and content, then its units, leaders and deadline."""
    for item in items:
        yield (f"{item.label} " if item.label else ""), item.runs
        for name, runs in item.people:
            yield f"{name}：", runs
