"""A comparison as one HTML page: both years side by side, words marked, filters; works offline.

This module collects the values that `templates/comparison_page.html` shows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.views.cards import Card, group_by_section, make_cards
from pipeline.compare.views.narrative import write_narrative
from pipeline.compare.views.overview_tables import make_overview_tables
from pipeline.compare.views.page_frame import Reference, Table, render_page
from pipeline.compare.views.phrases import (
    FIELD_NAMES,
    KIND_NAMES,
    ROLES,
    name_field,
    name_sides,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.compare.views.overview_tables import OverviewTable
    from pipeline.comparison import Comparison, RoleField, Words
    from pipeline.model import Item, Name, Notice

# The changes that a reader can filter by come in this order, any others behind them.
_FILTERED = ("leaders", "host_units", "co_host_units", "deadline", "figures", "renamed", "path")
_FILTER_NAMES = {"figures": "数字指标", "renamed": "机构更名"}
# Changes of almost every reworded item: no filter for them.
_NOT_FILTERED = frozenset({"number", "title", "content"})
_GROUPINGS = (("section", "按部分"), ("unit", "按单位"), ("kind", "按类别"), ("none", "不分组"))


class Run(NamedTuple):
    """Neighbouring characters that were all changed, or all kept."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item on one side of a card; `people` are its roles and deadline as (name, runs)."""

    path: str
    label: str | None
    runs: tuple[Run, ...]
    people: tuple[tuple[str, tuple[Run, ...]], ...]


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card as the page shows it; `fields` and `units` are what the filters look at."""

    number: int
    anchor: str
    kind: str
    kind_name: str
    heading: str
    section: str
    is_unchanged: bool
    is_doubtful: bool
    score: float | None
    notes: tuple[tuple[str, str], ...]
    fields: tuple[str, ...]
    units: tuple[str, ...]
    previous: tuple[ShownItem, ...]
    current: tuple[ShownItem, ...]


def to_page(comparison: Comparison, previous: Notice, current: Notice) -> str:
    """The page; it contains its style and script and loads nothing."""
    cards = make_cards(comparison, previous, current)
    sides = name_sides(comparison)
    units = Counter(name for card in cards for name in card.units)
    anchors = {card.number: card.anchor for card in cards}
    return render_page(
        "comparison_page.html",
        title=f"{sides[0]}与{sides[1]}对照：{comparison.plans[1].title or current.notice_id}",
        sides=sides,
        plans=list(zip(sides, comparison.plans, strict=True)),
        warnings=comparison.warnings,
        narrative=write_narrative(comparison, cards),
        tables=[_link_table(one, anchors) for one in make_overview_tables(comparison, cards)],
        chips=[(kind, name, comparison.counts.get(kind, 0)) for kind, name in KIND_NAMES.items()],
        units=sorted(units.items(), key=lambda row: (-row[1], row[0])),
        fields=_list_fields(cards),
        groupings=_GROUPINGS,
        groups=[
            (section, [_show_card(card) for card in members])
            for section, members in group_by_section(cards)
        ],
    )


def _list_fields(cards: Iterable[Card]) -> list[tuple[str, str, int]]:
    """The choices of the filter by change: key, name, number of cards."""
    counts = Counter(field for card in cards for field in card.fields)
    order = [*_FILTERED, *sorted(counts.keys() - {*_FILTERED} - _NOT_FILTERED)]
    return [
        (key, _FILTER_NAMES.get(key) or name_field(key), counts[key])
        for key in order
        if counts[key]
    ]


def _link_table(table: OverviewTable, anchors: dict[int, str]) -> Table:
    """The table with the numbers of cards as links to them."""
    rows = tuple(
        tuple(
            cell
            if isinstance(cell, str)
            else tuple(Reference(anchors[number], str(number)) for number in cell)
            for cell in row
        )
        for row in table.rows
    )
    return Table(table.title, table.heads, rows, table.note)


def _show_card(card: Card) -> ShownCard:
    return ShownCard(
        card.number,
        card.anchor,
        card.kind,
        card.kind_name,
        card.heading,
        card.section,
        card.is_unchanged,
        card.is_doubtful,
        card.score,
        tuple(card.notes),
        card.fields,
        card.units,
        _show_side(card, is_current=False),
        _show_side(card, is_current=True),
    )


def _show_side(card: Card, *, is_current: bool) -> tuple[ShownItem, ...]:
    """The items of one side with what went or came marked."""
    items = card.current if is_current else card.previous
    fate = "added" if is_current else "removed"
    words = [one for one in card.words if one.fate in ("kept", fate)]
    runs = _cut_runs(words, [len(item.content) for item in items]) if words else [()] * len(items)
    marked = mark_names(card, is_current=is_current)
    return tuple(_show_item(item, one, marked) for item, one in zip(items, runs, strict=True))


def mark_names(card: Card, *, is_current: bool) -> frozenset[tuple[str, str]]:
    """The names that came to a role (current side) or went from it, and changed deadlines.

    As (field, text): ("host_units", "区财政局").
    """
    marked: set[tuple[str, str]] = set()
    for change in card.changes:
        marked |= {(change.field, one) for one in (change.gained if is_current else change.lost)}
        for move in change.moved:
            marked.add((move.after if is_current else move.before, move.name))
        if change.field == "deadline":
            side = change.after if is_current else change.before
            texts = side if isinstance(side, tuple) else (side,)
            marked |= {("deadline", str(one)) for one in texts}
    return frozenset(marked)


def _cut_runs(words: Iterable[Words], lengths: Iterable[int]) -> Iterator[tuple[Run, ...]]:
    """The words of several contents, which a line feed joins, as the runs of each content."""
    characters = [(ch, one.fate != "kept") for one in words for ch in one.text]
    start = 0
    for length in lengths:
        part = characters[start : start + length]
        start += length + 1
        yield tuple(
            Run("".join(ch for ch, _ in run), changed)
            for changed, run in groupby(part, key=lambda one: one[1])
        )


def _show_item(item: Item, runs: tuple[Run, ...], marked: frozenset[tuple[str, str]]) -> ShownItem:
    """The item as a card shows it, with its content unmarked if no runs are given."""
    people = [
        (FIELD_NAMES[role], _show_names(role, names, marked))
        for role in ROLES
        if (names := getattr(item, role))
    ]
    if item.deadline:
        text = item.deadline.text
        people.append((FIELD_NAMES["deadline"], (Run(text, ("deadline", text) in marked),)))
    people += [(field.label, (Run(field.text, changed=False),)) for field in item.fields.values()]
    if not runs and item.content:
        runs = (Run(item.content, changed=False),)
    return ShownItem(" / ".join(item.path), item.label, runs, tuple(people))


def _show_names(
    role: RoleField, names: Sequence[Name], marked: frozenset[tuple[str, str]]
) -> tuple[Run, ...]:
    """The names of a role joined by 、, those that came or went marked."""
    runs = [Run(names[0].name, (role, names[0].name) in marked)]
    for name in names[1:]:
        runs += [Run("、", changed=False), Run(name.name, (role, name.name) in marked)]
    return tuple(runs)
