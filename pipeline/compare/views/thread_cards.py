"""A series as cards: one demand through the years, with what changed from each year to the next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pipeline.compare.field_changes import find_content_change, find_deadline_change
from pipeline.compare.role_changes import PlanContext, find_role_changes
from pipeline.compare.views.phrases import name_item
from pipeline.comparison import Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.compare.series import Series
    from pipeline.comparison import Step
    from pipeline.model import Item, Notice

Fate = Literal["new", "continuing", "ended"]


@dataclass(frozen=True, slots=True)
class ThreadStep:
    """A year of a thread: its item, and the change from the thread's item of the year before.

    `link` is None in the first year; `sources` are short names of other items that it came from.
    """

    step: Step
    item: Item
    link: Link | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadCard:
    """A thread with its number from 1 and its fate by the last year of the series."""

    thread_id: str
    anchor: str
    steps: tuple[ThreadStep, ...]
    fate: Fate
    number: int = 0

    @property
    def item(self) -> Item:
        """The item of the last year."""
        return self.steps[-1].item

    @property
    def title(self) -> str:
        """The whole title of the last year, in one line."""
        item = self.item
        return " ".join((item.title or name_item(item)).split()).rstrip("。")

    @property
    def name(self) -> str:
        """A short name for tables."""
        return name_item(self.item)

    @property
    def section(self) -> str:
        """The headings above the item of the last year."""
        return " / ".join(self.item.path)

    @property
    def first_year(self) -> int:
        """The year in which the thread begins."""
        return self.steps[0].step.year

    @property
    def last_year(self) -> int:
        """The last year that the thread has an item in."""
        return self.steps[-1].step.year

    @property
    def units(self) -> tuple[str, ...]:
        """Hosts and co-hosts of all years as printed, those of the last year and hosts first."""
        names = (
            name.name
            for one in reversed(self.steps)
            for name in (*one.item.host_units, *one.item.co_host_units)
        )
        return tuple(dict.fromkeys(names))

    @property
    def unchanged_years(self) -> tuple[int, int, int] | None:
        """The longest stretch of the same words: first year, last year, number of plans (at least 2)."""
        best: tuple[int, int, int] | None = None
        first, count = self.first_year, 1
        for one in self.steps[1:]:
            same = one.step.kind == "same"
            first, count = (first, count + 1) if same else (one.step.year, 1)
            if same and (best is None or count > best[2]):
                best = (first, one.step.year, count)
        return best


def make_thread_cards(series: Series, steps: Iterable[Step]) -> list[ThreadCard]:
    """The threads of a series: those of the last plan in its order, then those that ended, latest first."""
    notices = {notice.notice_id: notice for notice in series.notices}
    items = {item.item_id: item for notice in series.notices for item in notice.items}
    threads: defaultdict[str, list[Step]] = defaultdict(list)
    for step in steps:
        threads[step.thread_id].append(step)
    last = series.notices[-1].year or 0
    order = {item.item_id: n for notice in series.notices for n, item in enumerate(notice.items)}
    cards = [
        _make_card(series, sorted(one, key=lambda step: step.year), items, notices)
        for one in threads.values()
    ]
    cards.sort(key=lambda card: (last - card.last_year, order[card.item.item_id]))
    return [replace(card, number=n) for n, card in enumerate(cards, 1)]


def _make_card(
    series: Series, steps: Sequence[Step], items: dict[str, Item], notices: dict[str, Notice]
) -> ThreadCard:
    thread_id = steps[0].thread_id
    shown = [
        ThreadStep(steps[0], items[steps[0].item_id], None, _name_sources(steps[0], None, items))
    ]
    for before, step in pairwise(steps):
        plans = notices[before.notice_id], notices[step.notice_id]
        link = _link(items[before.item_id], items[step.item_id], step, plans)
        sources = _name_sources(step, before.item_id, items)
        shown.append(ThreadStep(step, items[step.item_id], link, sources))
    anchor = "t" + thread_id.removeprefix(f"{series.name}-")
    return ThreadCard(thread_id, anchor, tuple(shown), _find_fate(series, steps))


def _find_fate(series: Series, steps: Sequence[Step]) -> Fate:
    last = series.notices[-1].year
    if steps[-1].year != last:
        return "ended"
    return "new" if steps[0].year == last and len(series.notices) > 1 else "continuing"


def _name_sources(step: Step, known: str | None, items: dict[str, Item]) -> tuple[str, ...]:
    """Short names of the items that a step came from, without the one of its own thread."""
    others = (one for one in step.previous if one != known and one in items)
    return tuple(name_item(items[one]) for one in others)


def _link(before: Item, after: Item, step: Step, plans: tuple[Notice, Notice]) -> Link:
    """The changes from one year of a thread to the next, as a comparison has them."""
    sides = [before], [after]
    years = plans[0].year, plans[1].year
    roles, renames = find_role_changes(sides, PlanContext(plans[1].home or plans[0].home, years))
    content = find_content_change(sides) if step.kind != "same" else ()
    kind = step.kind if step.kind in ("same", "split", "merged") else "reworded"
    return Link.model_validate(
        {
            "previous": (before.item_id,), "current": (after.item_id,), "kind": kind, "score": 1,
            "changes": (*content, *roles, *find_deadline_change(sides, years)), "renames": renames,
        }
    )  # fmt: skip
