"""A comparison as one HTML page: both years side by side, words marked, filters; works offline.

This module collects the values that `templates/comparison_page.html` shows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.compare.views.cards import Card, group_by_section, make_cards
from pipeline.compare.views.narrative import write_narrative
from pipeline.compare.views.overview_tables import make_overview_tables
from pipeline.compare.views.page_frame import link_table, render_page
from pipeline.compare.views.phrases import (
    KIND_NAMES,
    SCORE_NAME,
    list_warnings,
    name_field,
    name_sides,
)
from pipeline.compare.views.shown_items import show_side

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.compare.views.shown_items import ShownItem
    from pipeline.comparison import Comparison
    from pipeline.model import Notice

# The changes that a reader can filter by come in this order, any others behind them.
_FILTERED = ("leaders", "host_units", "co_host_units", "deadline", "figures", "renamed", "path")
_FILTER_NAMES = {"figures": "数字指标", "renamed": "机构更名"}
# Changes of almost every reworded item: no filter for them.
_NOT_FILTERED = frozenset({"number", "title", "content"})
_GROUPINGS = (("section", "按部分"), ("unit", "按单位"), ("kind", "按类别"), ("none", "不分组"))


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
        score_name=SCORE_NAME,
        warnings=list_warnings(comparison),
        narrative=write_narrative(comparison, cards),
        tables=[link_table(one, anchors) for one in make_overview_tables(comparison, cards)],
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
        show_side(card, is_current=False),
        show_side(card, is_current=True),
    )
