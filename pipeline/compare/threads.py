"""Every item of a plan followed through its years: which it came from, and where it ends."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.compare.diff import diff_notices, find_revived
from pipeline.compare.series import is_same_series, title_family
from pipeline.comparison import Step
from pipeline.names.same_body import is_same_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.comparison import Comparison, Link
    from pipeline.model import Item, Notice

_SLUG = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


@dataclass(slots=True)
class Series:
    """One plan's years in order, and the notices left out of it with the reason."""

    name: str
    notices: list[Notice]
    left_out: list[tuple[str, str]] = field(default_factory=list)


def find_series(notices: Iterable[Notice]) -> list[Series]:
    """Plans of one body and family of title, by year; one that stands alone is a series too.

    A plan without a year or for several years is in none; of two versions of a year the later
    issued counts.
    """
    groups: list[list[Notice]] = []
    homes: defaultdict[str | None, list[int]] = defaultdict(list)
    for notice in sorted(notices, key=lambda one: (one.year or 0, one.notice_id)):
        if not notice.items:
            continue
        place = notice.place or notice.region
        home = next((n for n in homes[place] if is_same_series(groups[n][-1], notice)), None)
        if home is None:
            homes[place].append(len(groups))
            groups.append([notice])
        else:
            groups[home].append(notice)
    return sorted((_series(group) for group in groups), key=lambda one: one.name)


def _series(group: Sequence[Notice]) -> Series:
    last = group[-1]
    place = last.place or last.region or last.issuing_body or ""
    made = Series(_SLUG.sub("-", f"{place}-{title_family(last)}".lower()).strip("-") or "plan", [])
    years: dict[int, Notice] = {}
    for notice in sorted(group, key=_issued):
        if notice.year is None:
            made.left_out.append((notice.notice_id, "no year is told"))
        elif notice.year_end not in (None, notice.year):
            made.left_out.append((notice.notice_id, "it plans several years"))
        else:
            older = years.get(notice.year)
            if older:
                made.left_out.append((older.notice_id, f"{notice.notice_id} is a later version"))
            years[notice.year] = notice
    made.notices = [years[year] for year in sorted(years)]
    return made


def _issued(notice: Notice) -> tuple[str, str]:
    return notice.issued_on or notice.published_on or "", notice.notice_id


def follow(series: Series) -> list[Step]:
    """Every item of a series as a step of its thread, year by year in reading order.

    A thread goes on in the item most like it: of a split the best part, of a merger the best
    source; the other parts begin threads of their own. A year that is missing is a gap, and an
    item that comes back after a year without it goes on with its old thread.
    """
    if not series.notices:
        return []
    walk = _Walk(series)
    walk.begin()
    for before, after in pairwise(series.notices):
        walk.go_on(before, after, diff_notices(before, after))
    return walk.steps()


class _Walk:
    """The threads of one series while its years are walked through."""

    def __init__(self, series: Series) -> None:
        self.series = series
        self.threads: dict[str, str] = {}
        self.origins: dict[str, tuple[str, tuple[str, ...], int]] = {}
        self.going_on: set[str] = set()
        self.rested: dict[str, tuple[Notice, Item]] = {}
        self.count = 0

    def begin(self) -> None:
        """Give every item of the first year a thread."""
        for item in self.series.notices[0].items:
            self._new(item.item_id, "new", (), 0)

    def _new(self, item_id: str, kind: str, previous: tuple[str, ...], gap: int) -> None:
        self.count += 1
        self.threads[item_id] = f"{self.series.name}-{self.count:04}"
        self.origins[item_id] = (kind, previous, gap)

    def _join(self, item_id: str, source: str, origin: tuple[str, tuple[str, ...], int]) -> None:
        self.threads[item_id] = self.threads[source]
        self.origins[item_id] = origin

    def go_on(self, before: Notice, after: Notice, comparison: Comparison) -> None:
        """One year's items into the next."""
        gap = max(0, (after.year or 0) - (before.year or 0) - 1)
        home: dict[str, Link] = {one: link for link in comparison.links for one in link.current}
        revived = find_revived(self.rested, after, comparison.added)
        for item in after.items:
            link = home.get(item.item_id)
            if link:
                self._link(item.item_id, link, gap)
            elif item.item_id in revived:
                self._revive(item.item_id, revived[item.item_id], after)
            else:
                self._new(item.item_id, "new", (), 0)
        self.going_on.update(one for link in comparison.links for one in link.previous)
        known = {item.item_id: item for item in before.items}
        self.rested |= {one: (before, known[one]) for one in comparison.dropped}

    def _link(self, item_id: str, link: Link, gap: int) -> None:
        best = max(link.evidence, key=lambda one: (one.score, one.previous, one.current))
        if best.current == item_id:
            self._join(item_id, best.previous, (link.kind, link.previous, gap))
        else:
            self._new(item_id, link.kind, link.previous, gap)

    def _revive(self, item_id: str, source: str, after: Notice) -> None:
        before, _ = self.rested.pop(source)
        gap = max(0, (after.year or 0) - (before.year or 0) - 1)
        self._join(item_id, source, ("revived", (source,), gap))
        self.going_on.add(source)

    def steps(self) -> list[Step]:
        """The steps of all threads."""
        last = self.series.notices[-1]
        return [
            self._step(notice, item, is_last=notice is last)
            for notice in self.series.notices
            for item in notice.items
        ]

    def _step(self, notice: Notice, item: Item, *, is_last: bool) -> Step:
        kind, previous, gap = self.origins[item.item_id]
        return Step(
            thread_id=self.threads[item.item_id], series=self.series.name, year=notice.year or 0,
            notice_id=notice.notice_id, item_id=item.item_id, kind=kind,
            previous=previous, gap=gap, title=(item.title or item.content[:40]),
            host_units=tuple(name.canonical or name.name for name in item.host_units),
            ends=not is_last and item.item_id not in self.going_on,
        )  # fmt: skip


def find_heirs(series: Series) -> dict[str, str]:
    """Hosts that go by another name in a later year of the series: earlier name -> last name."""
    place = next((one.place for one in reversed(series.notices) if one.place), None)
    latest: dict[str, int] = {}
    for notice in series.notices:
        for item in notice.items:
            latest |= {name.canonical or name.name: notice.year or 0 for name in item.host_units}
    order = sorted(latest, key=lambda name: (-latest[name], name))
    heirs: dict[str, str] = {}
    for n, name in enumerate(order):
        years = ((heir, latest[heir]) for heir in order[:n] if heir not in heirs)
        for heir, year in years:
            if year > latest[name] and is_same_body(name, heir, place, latest[name], year):
                heirs[name] = heir
                break
    return heirs


def left_out(series: Iterable[Series]) -> Iterator[str]:
    """One line for every notice that is in no year of its series."""
    for one in series:
        yield from (f"{notice_id} is left out: {reason}" for notice_id, reason in one.left_out)
