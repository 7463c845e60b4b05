"""Every item of a plan followed through its years: which item it came from, and where it ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pipeline.compare.diff import diff_notices
from pipeline.compare.item_matches import match_revived
from pipeline.comparison import Step
from pipeline.names.same_body import is_same_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.compare.series import Series
    from pipeline.comparison import Comparison, Link
    from pipeline.model import Item, Notice

_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class Origin:
    """How an item came from the plan before; `continues` is the item with the same thread."""

    kind: Literal["new", "same", "reworded", "split", "merged", "revived"]
    previous: tuple[str, ...] = ()
    gap: int = 0
    continues: str | None = None


@dataclass(frozen=True, slots=True)
class DroppedItem:
    """An item that has ended so far, with the year of its plan; it may be revived."""

    item: Item
    year: int


def follow_items(series: Series) -> list[Step]:
    """Every item of a series as a step of its thread, year by year in reading order.

    A thread goes on in the most similar item: of a split in the best part, of a merger from the
    best source; the other parts begin threads of their own. A year that is missing is a gap, and
    an item that comes back after a year without it goes on with its old thread.
    """
    if not series.notices:
        return []
    origins = {item.item_id: Origin("new") for item in series.notices[0].items}
    continued: set[str] = set()
    dropped: dict[str, DroppedItem] = {}
    for before, after in pairwise(series.notices):
        comparison = diff_notices(before, after)
        found = _find_origins(before, after, comparison, dropped)
        origins |= found
        revived = {one.continues for one in found.values() if one.kind == "revived"}
        continued |= {one for link in comparison.links for one in link.previous}
        continued |= {one for one in revived if one}
        dropped = {key: one for key, one in dropped.items() if key not in revived}
        dropped |= _find_dropped(before, comparison)
    return _make_steps(series, origins, continued)


def _find_origins(
    before: Notice, after: Notice, comparison: Comparison, dropped: Mapping[str, DroppedItem]
) -> dict[str, Origin]:
    """The origin of every item of `after`, in reading order."""
    gap = _count_years_between(before.year, after.year)
    link_of = {one: link for link in comparison.links for one in link.current}
    added = set(comparison.added)
    revived = match_revived(
        [one.item for one in dropped.values()],
        (item for item in after.items if item.item_id in added),
    )
    origins = {}
    for item in after.items:
        item_id = item.item_id
        if item_id in link_of:
            origins[item_id] = _find_linked_origin(item_id, link_of[item_id], gap)
        elif item_id in revived:
            old = revived[item_id]
            years = _count_years_between(dropped[old].year, after.year)
            origins[item_id] = Origin("revived", (old,), years, continues=old)
        else:
            origins[item_id] = Origin("new")
    return origins


def _count_years_between(before: int | None, after: int | None) -> int:
    """The number of years without a plan: 2016, 2019 -> 2."""
    return max(0, (after or 0) - (before or 0) - 1)


def _find_linked_origin(item_id: str, link: Link, gap: int) -> Origin:
    best = max(link.evidence, key=lambda one: (one.score, one.previous, one.current))
    continues = best.previous if best.current == item_id else None
    return Origin(link.kind, link.previous, gap, continues)


def _find_dropped(before: Notice, comparison: Comparison) -> dict[str, DroppedItem]:
    items = {item.item_id: item for item in before.items}
    return {one: DroppedItem(items[one], before.year or 0) for one in comparison.dropped}


def _make_steps(series: Series, origins: Mapping[str, Origin], continued: set[str]) -> list[Step]:
    threads = _name_threads(series.name, origins)
    last = series.notices[-1]
    return [
        _make_step(
            notice,
            item,
            origins[item.item_id],
            series=series.name,
            thread_id=threads[item.item_id],
            ends=notice is not last and item.item_id not in continued,
        )
        for notice in series.notices
        for item in notice.items
    ]


def _name_threads(series: str, origins: Mapping[str, Origin]) -> dict[str, str]:
    """The thread of every item: that of the item it continues, or a new one."""
    threads: dict[str, str] = {}
    count = 0
    for item_id, origin in origins.items():
        if origin.continues:
            threads[item_id] = threads[origin.continues]
        else:
            count += 1
            threads[item_id] = f"{series}-{count:04}"
    return threads


def _make_step(
    notice: Notice, item: Item, origin: Origin, *, series: str, thread_id: str, ends: bool
) -> Step:
    return Step(
        thread_id=thread_id, series=series, year=notice.year or 0, notice_id=notice.notice_id,
        item_id=item.item_id, kind=origin.kind, previous=origin.previous, gap=origin.gap,
        title=item.title or item.content[:_LONGEST_TITLE],
        host_units=tuple(name.canonical or name.name for name in item.host_units), ends=ends,
    )  # fmt: skip


def find_later_names(series: Series) -> dict[str, str]:
    """Hosts that go by another name in a later year of the series: earlier name -> last name."""
    place = next((one.home for one in reversed(series.notices) if one.home), None)
    last_year = _find_last_years(series.notices)
    order = sorted(last_year, key=lambda name: (-last_year[name], name))
    later: dict[str, str] = {}
    for n, name in enumerate(order):
        for other in (one for one in order[:n] if one not in later):
            year = last_year[other]
            if year > last_year[name] and is_same_body(name, other, place, last_year[name], year):
                later[name] = other
                break
    return later


def _find_last_years(notices: Iterable[Notice]) -> dict[str, int]:
    """The last year in which each host has an item."""
    years: dict[str, int] = {}
    for notice in notices:
        for item in notice.items:
            years |= {name.canonical or name.name: notice.year or 0 for name in item.host_units}
    return years
