"""Every item of a plan followed through its years: which item it came from, and where it ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from pipeline.compare.decided_links import NOTHING_DECIDED, DecidedPairs
from pipeline.compare.diff import diff_notices
from pipeline.compare.links import make_link
from pipeline.compare.match import Match
from pipeline.compare.revived import Pause, find_revived
from pipeline.compare.role_changes import PlanContext
from pipeline.compare.thread_ids import ThreadNames
from pipeline.comparison import Step
from pipeline.names.same_body import is_same_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.compare.match import MatchKind, Pair
    from pipeline.compare.revived import Revival
    from pipeline.compare.series import Series
    from pipeline.comparison import Comparison, Link
    from pipeline.model import Item, Name, Notice

_LONGEST_TITLE = 40
# How many of the longest common words are given as the evidence of a step.
_SHARED = 3


@dataclass(frozen=True, slots=True)
class Origin:
    """How an item came from the plan before; `continues` is the item with the same thread."""

    kind: Literal["new", "same", "reworded", "split", "merged", "revived"]
    previous: tuple[str, ...] = ()
    gap: int = 0
    continues: str | None = None
    score: float | None = None
    link: Link | None = None


def follow_items(
    series: Series, names: ThreadNames | None = None, decided: DecidedPairs = NOTHING_DECIDED
) -> list[Step]:
    """Every item of a series as a step of its thread, year by year in reading order.

    A thread goes on in the most similar item: of a split in the best part, of a merger from the
    best source; the other parts begin threads of their own. A year that is missing is a gap, and
    an item that comes back after a year without it goes on with its old thread. `names` gives the
    threads the ids of the last run; `decided` are people's decisions, which the threads obey.
    """
    if not series.notices:
        return []
    origins = {item.item_id: Origin("new") for item in series.notices[0].items}
    waiting: dict[int, set[str]] = {}
    continued: set[str] = set()
    for at, (before, after) in enumerate(pairwise(series.notices), 1):
        comparison = diff_notices(before, after, decided)
        revived = find_revived(
            Pause(series.notices, waiting), at, frozenset(comparison.added), decided
        )
        found = _find_linked_origins(comparison, _count_years_between(before.year, after.year))
        found |= _find_revived_origins(series, at, revived, decided)
        origins |= {item.item_id: found.get(item.item_id, Origin("new")) for item in after.items}
        gone_on = {one for origin in found.values() for one in origin.previous}
        continued |= gone_on
        waiting[at - 1] = set(comparison.dropped)
        waiting = {earlier: ended - gone_on for earlier, ended in waiting.items()}
    return _make_steps(series, origins, continued, names or ThreadNames())


def _count_years_between(before: int | None, after: int | None) -> int:
    """The number of years without a plan: 2016, 2019 -> 2."""
    return max(0, (after or 0) - (before or 0) - 1)


def _find_linked_origins(comparison: Comparison, gap: int) -> dict[str, Origin]:
    """The origin of every item that is linked to the plan before."""
    return {
        item_id: _find_linked_origin(item_id, link, gap)
        for link in comparison.links
        for item_id in link.current
    }


def _find_linked_origin(item_id: str, link: Link, gap: int) -> Origin:
    best = max(link.evidence, key=lambda one: (one.score, one.previous, one.current))
    continues = best.previous if best.current == item_id else None
    own = max(one.score for one in link.evidence if one.current == item_id)
    score = 1.0 if link.kind == "same" else own
    return Origin(link.kind, link.previous, gap, continues, score, link)


def _find_revived_origins(
    series: Series, at: int, revived: Mapping[str, Sequence[Revival]], decided: DecidedPairs
) -> dict[str, Origin]:
    """The origin of every item that takes up one of a plan before the last; its thread goes on in the best."""
    after = series.notices[at]
    origins: dict[str, Origin] = {}
    taken: set[str] = set()
    in_order = sorted(revived.items(), key=lambda one: (-one[1][0].pair.score, one[0]))
    for item_id, revivals in in_order:
        best = revivals[0]
        before = series.notices[best.earlier]
        pairs = tuple(one.pair for one in revivals if one.earlier == best.earlier)
        old = [before.items[pair.previous].item_id for pair in pairs]
        gap = _count_years_between(before.year, after.year)
        link = _link_revived(before, after, pairs, decided)
        continues = None if old[0] in taken else old[0]
        taken.add(old[0])
        score = max(one.score for one in link.evidence)
        origins[item_id] = Origin("revived", tuple(old), gap, continues, score, link)
    return origins


def _link_revived(
    before: Notice, after: Notice, pairs: tuple[Pair, ...], decided: DecidedPairs
) -> Link:
    context = PlanContext(after.home or before.home, (before.year, after.year))
    kind: MatchKind = "one" if len(pairs) == 1 else "merged"
    edges = [
        (pair.previous, pair.current)
        for pair in pairs
        if decided.is_joined(before.items[pair.previous].item_id, after.items[pair.current].item_id)
    ]
    return make_link(Match(kind, pairs), before.items, after.items, context, edges)


def _make_steps(
    series: Series, origins: Mapping[str, Origin], continued: set[str], names: ThreadNames
) -> list[Step]:
    threads = _name_threads(series, origins, names)
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


def _name_threads(
    series: Series, origins: Mapping[str, Origin], names: ThreadNames
) -> dict[str, str]:
    """The thread of every item: that of the item it continues, or a new one."""
    items = {
        item.item_id: (notice.year or 0, item) for notice in series.notices for item in notice.items
    }
    threads: list[list[str]] = []
    thread_of: dict[str, list[str]] = {}
    for item_id, origin in origins.items():
        if origin.continues:
            thread = thread_of[origin.continues]
        else:
            thread = []
            threads.append(thread)
        thread.append(item_id)
        thread_of[item_id] = thread
    ids = names.name(series.name, [[items[one] for one in thread] for thread in threads])
    return {one: name for thread, name in zip(threads, ids, strict=True) for one in thread}


def _make_step(
    notice: Notice, item: Item, origin: Origin, *, series: str, thread_id: str, ends: bool
) -> Step:
    link = origin.link
    return Step(
        thread_id=thread_id, series=series, year=notice.year or 0, notice_id=notice.notice_id,
        item_id=item.item_id, kind=origin.kind, previous=origin.previous, gap=origin.gap,
        score=origin.score, title=item.title or item.content[:_LONGEST_TITLE],
        content=item.content, leaders=_list_names(item.leaders),
        host_units=_list_names(item.host_units), co_host_units=_list_names(item.co_host_units),
        gained=_collect(link, "gained"), lost=_collect(link, "lost"), moved=_collect(link, "moved"),
        evidence=_find_evidence(link, item.item_id), decided=link is not None and link.decided,
        ends=ends,
    )  # fmt: skip


def _list_names(names: Iterable[Name]) -> tuple[str, ...]:
    return tuple(name.canonical or name.name for name in names)


def _collect(link: Link | None, kind: Literal["gained", "lost", "moved"]) -> tuple[str, ...]:
    """The names that a link's items gained, lost, or have in another role, each once."""
    changes = link.changes if link else ()
    if kind == "moved":
        found = [one.name for change in changes for one in change.moved]
    else:
        found = [one for change in changes for one in getattr(change, kind)]
    return tuple(dict.fromkeys(found))


def _find_evidence(link: Link | None, item_id: str) -> tuple[str, ...]:
    """The longest words that an item shares with those that it came from."""
    own = (one for one in link.evidence if one.current == item_id) if link else ()
    return tuple(dict.fromkeys(words for one in own for words in one.shared))[:_SHARED]


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
