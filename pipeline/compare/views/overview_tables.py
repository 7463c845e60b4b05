"""The tables of a comparison, one for pages, documents and workbooks: bodies, figures, deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.compare.views.later_deadlines import list_later_deadlines
from pipeline.compare.views.phrases import name_sides
from pipeline.compare.views.unit_changes import list_unit_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.compare.views.cards import Card
    from pipeline.comparison import Comparison

# So many numbers in a row are told as the first and the last.
_RANGE = 3
# A cell that names cards contains their numbers.
CardNumbers = tuple[int, ...]
Cell = str | CardNumbers


@dataclass(frozen=True, slots=True)
class OverviewTable:
    """A table with its heads; cells are texts or the numbers of cards.

    `is_counted`: how many cards a cell names is what the table is about.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    is_counted: bool = False


def make_overview_tables(comparison: Comparison, cards: Sequence[Card]) -> list[OverviewTable]:
    """The tables that have rows."""
    tables = (
        _make_unit_table(cards),
        _make_figure_table(comparison, cards),
        _make_deadline_table(comparison, cards),
    )
    return [one for one in tables if one.rows]


def _make_unit_table(cards: Sequence[Card]) -> OverviewTable:
    rows: list[tuple[Cell, ...]] = []
    for row in list_unit_changes(cards):
        columns = (row.kept, row.gained, row.lost, row.now_hosts, row.hosts_no_more)
        rows.append((row.name, *(tuple(one) for one in columns)))
    return OverviewTable(
        "单位分工变动",
        ("单位", "继续承担", "新增", "减少", "改任主办", "不再主办"),
        tuple(rows),
        "每格先列项数，再列组号。新增、减少包括新增和取消的事项；"
        "改任主办、不再主办只计继续承担的事项。",
        is_counted=True,
    )


def _make_figure_table(comparison: Comparison, cards: Sequence[Card]) -> OverviewTable:
    rows: list[tuple[Cell, ...]] = [
        ((card.number,), card.name, one.about or "—", one.before or "—", one.after or "—")
        for card in cards
        for change in card.changes
        for one in change.figures
    ]
    heads = ("组号", "事项", "指标", *name_sides(comparison))
    return OverviewTable("指标对照", heads, tuple(rows))


def _make_deadline_table(comparison: Comparison, cards: Sequence[Card]) -> OverviewTable:
    years = (comparison.plans[0].year, comparison.plans[1].year)
    rows: list[tuple[Cell, ...]] = [
        ((one.card.number,), one.card.name, one.before, one.after, one.delay)
        for one in list_later_deadlines(cards, years)
    ]
    heads = ("组号", "事项", *name_sides(comparison), "推迟")
    note = "按各自年度计算：同一月日顺延到下一年度的不算推迟。"
    return OverviewTable("完成时限推迟", heads, tuple(rows), note)


def show_cell(value: Cell, *, counted: bool) -> str:
    """A cell as text: numbers of cards with how many they are on a line of its own, where `counted`."""
    if isinstance(value, str):
        return value
    if not value:
        return "—"
    # A blank behind each comma lets every program break the line there.
    numbers = ", ".join(_list_ranges(value))
    return f"{len(value)}\n{numbers}" if counted else numbers


def _list_ranges(numbers: CardNumbers) -> Iterator[str]:
    """Numbers as a list, three and more in a row as one: 1, 4—7, 9, 10."""
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda one: one[1] - one[0]):
        row = [number for _, number in run]
        if len(row) >= _RANGE:
            yield f"{row[0]}—{row[-1]}"
        else:
            yield from map(str, row)
