"""A comparison as one HTML page: both years side by side, words marked, filters; works offline.

This module collects the values that `templates/comparison_page.html` shows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.compare.views.phrases import (
    FIELD_NAMES,
    KIND_NAMES,
    ROLES,
    SEPARATOR,
    describe_link,
    index_items,
    item_heading,
)
from pipeline.comparison import DOUBTFUL
from pipeline.messages.catalogue import say_in_chinese

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jinja2 import Template

    from pipeline.comparison import Comparison, Link, Words
    from pipeline.model import Item, Notice

# The changes that a reader can filter by, in the order of the list.
_FILTERED = ("leaders", "host_units", "co_host_units", "deadline", "figures", "renamed", "path")
_FILTER_NAMES = FIELD_NAMES | {"figures": "数字指标", "renamed": "机构更名"}


class Run(NamedTuple):
    """Neighbouring characters of a content that were all changed, or all kept."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as a card shows it; `people` are its roles and deadline as (name, words)."""

    heading: str
    path: str
    label: str | None
    runs: tuple[Run, ...]
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A link, or a dropped or added item; `fields` and `units` are what the filters look at."""

    kind: str
    previous: tuple[ShownItem, ...]
    current: tuple[ShownItem, ...]
    units: tuple[str, ...]
    fields: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    score: float | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether the score is so low that a reader should check the link."""
        return self.score is not None and self.score < DOUBTFUL


def to_page(comparison: Comparison, previous: Notice, current: Notice) -> str:
    """The page; it contains its style and script and loads nothing."""
    before, after = index_items(previous, current)
    years = " → ".join(str(one.year or one.title or one.notice_id) for one in comparison.plans)
    fields = Counter(field for link in comparison.links for field in _list_fields(link))
    units = Counter(
        name for item in (*before.values(), *after.values()) for name in _list_units([item])
    )
    return _load_template().render(
        title=f"{years} {comparison.plans[1].title or ''}".strip(),
        plans=list(zip(("上年", "本年"), comparison.plans, strict=True)),
        summary=comparison.summary,
        warnings=[say_in_chinese(one) for one in comparison.warnings],
        kind_names=KIND_NAMES,
        kind_counts={kind: comparison.counts.get(kind, 0) for kind in KIND_NAMES},
        field_names=_FILTER_NAMES,
        field_counts=[(field, fields[field]) for field in _FILTERED if fields[field]],
        unit_counts=sorted(units.items(), key=lambda row: (-row[1], row[0])),
        cards=_make_cards(comparison, before, after),
    )


@cache
def _load_template() -> Template:
    environment = Environment(
        loader=PackageLoader("pipeline.compare.views"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("comparison_page.html")


def _list_fields(link: Link) -> set[str]:
    """The changes of a link by the keys of the filter."""
    fields: set[str] = {change.field for change in link.changes}
    fields |= {"figures"} if any(change.figures for change in link.changes) else set()
    return fields | ({"renamed"} if link.renames else set())


def _list_units(items: Iterable[Item]) -> tuple[str, ...]:
    names = (n for item in items for n in (*item.host_units, *item.co_host_units))
    return tuple(dict.fromkeys(name.name for name in names))


def _make_cards(
    comparison: Comparison, before: dict[str, Item], after: dict[str, Item]
) -> list[Card]:
    """Links and added items in the current plan's order; a dropped one after its neighbour."""
    order = {item_id: n for n, item_id in enumerate(after)}
    rows = [
        (order[link.current[0]], 0, _make_link_card(link, before, after))
        for link in comparison.links
    ]
    for item_id in comparison.added:
        item = after[item_id]
        card = Card("added", (), (_show_item(item),), _list_units([item]))
        rows.append((order[item_id], 0, card))
    place_of = {one: order[link.current[0]] for link in comparison.links for one in link.previous}
    place, dropped = -1, set(comparison.dropped)
    for n, (item_id, item) in enumerate(before.items(), 1):
        place = place_of.get(item_id, place)
        if item_id in dropped:
            card = Card("dropped", (_show_item(item),), (), _list_units([item]))
            rows.append((place, n, card))
    return [card for _, _, card in sorted(rows, key=lambda row: row[:2])]


def _make_link_card(link: Link, before: dict[str, Item], after: dict[str, Item]) -> Card:
    ours, theirs = [before[n] for n in link.previous], [after[n] for n in link.current]
    words = [one for change in link.changes for one in change.words]
    return Card(
        kind=link.kind,
        previous=_show_side(ours, [one for one in words if one.fate != "added"]),
        current=_show_side(theirs, [one for one in words if one.fate != "removed"]),
        units=_list_units([*ours, *theirs]),
        fields=tuple(sorted(_list_fields(link))),
        notes=tuple(describe_link(link)),
        score=link.score if link.kind != "same" else None,
    )


def _show_side(items: Sequence[Item], words: Sequence[Words]) -> tuple[ShownItem, ...]:
    """The items of one side; `words` are all of their contents, or none where nothing changed."""
    if not words:
        return tuple(_show_item(item) for item in items)
    runs = _cut_runs(words, [len(item.content) for item in items])
    return tuple(_show_item(item, one) for item, one in zip(items, runs, strict=True))


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


def _show_item(item: Item, runs: tuple[Run, ...] = ()) -> ShownItem:
    """The item as a card shows it, with its content unmarked if no runs are given."""
    people = [
        (FIELD_NAMES[role], SEPARATOR.join(name.name for name in names))
        for role in ROLES
        if (names := getattr(item, role))
    ]
    if item.deadline:
        people.append((FIELD_NAMES["deadline"], item.deadline.text))
    if not runs and item.content:
        runs = (Run(item.content, changed=False),)
    return ShownItem(item_heading(item), " / ".join(item.path), item.label, runs, tuple(people))
