"""What is new in an OUTPUT: new plans, how each differs from its last year's, and what to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.diff import diff_notices
from pipeline.compare.series import find_series
from pipeline.compare.views.cards import make_cards
from pipeline.compare.views.unit_changes import list_unit_changes
from pipeline.dataset.duplicates import mark_of
from pipeline.errors import hold_errors

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from pipeline.compare.decided_links import DecidedPairs
    from pipeline.compare.series import Series
    from pipeline.compare.views.cards import Card
    from pipeline.compare.views.unit_changes import UnitChanges
    from pipeline.comparison import Comparison, FigureChange
    from pipeline.errors import OnError
    from pipeline.model import Notice

_SEVERITIES = ("error", "warning")


class Doubt(NamedTuple):
    """A kind of problem of a plan that a person should look at, how often it is there, and one of them."""

    severity: str
    code: str
    times: int
    words: str


@dataclass(frozen=True, slots=True)
class TaskChanges:
    """What changed from last year's plan, task by task.

    `names` are short names of tasks by their number in the comparison; `added` and `dropped` are such
    numbers. `figures` are a task's number, and what is counted with its value before and now.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    added: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    figures: tuple[tuple[int, FigureChange], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanNews:
    """A new plan. `previous` is last year's plan of its series, `comparison` what changed from it.

    A notice with several annexes has several plans; `notice` is one with the tasks of this plan alone.
    `tasks` says what changed, `units` are the bodies for which something did, the most concerned first.
    `unfit` is why the plan is no year of a series.
    """

    notice: Notice
    previous: Notice | None = None
    comparison: Comparison | None = None
    tasks: TaskChanges = field(default_factory=TaskChanges)
    units: tuple[UnitChanges, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    unfit: str = ""

    @property
    def is_plan(self) -> bool:
        """Whether the notice was read as a plan."""
        return all(one.code != "not-a-plan" for one in self.notice.problems)

    @property
    def is_short(self) -> bool:
        """Whether the plan has fewer than half of the tasks of last year's."""
        return self.previous is not None and len(self.notice.items) * 2 < len(self.previous.items)


@dataclass(slots=True)
class News:
    """What a digest tells: new plans, and new notices that are no plans."""

    plans: list[PlanNews] = field(default_factory=list)
    others: list[PlanNews] = field(default_factory=list)

    @property
    def compared(self) -> list[PlanNews]:
        """The plans that have a last year's."""
        return [one for one in self.plans if one.comparison is not None]

    @property
    def short(self) -> list[PlanNews]:
        """The plans with fewer than half of the tasks of last year's."""
        return [one for one in self.plans if one.is_short]


def find_news(
    notices: Sequence[Notice], new: Container[str], decided: DecidedPairs, on_error: OnError = None
) -> News:
    """Find what is new among the notices of an OUTPUT, with the values in force.

    `new` are the ids of new notices. A comparison that fails is reported to `on_error`, and its plan
    is told without it. Duplicates are no news.
    """
    own = [one for one in notices if not mark_of(one)]
    earlier = _find_places(find_series(own, decided.judged_series), new)
    news = News()
    for notice in own:
        if notice.notice_id not in new:
            continue
        doubts = tuple(_list_doubts(notice))
        for place in earlier.get(notice.notice_id) or [_Place(notice, None)]:
            found = PlanNews(place.current, doubts=doubts, unfit=place.unfit)
            with hold_errors(notice.notice_id, on_error):
                found = _compare(place, doubts, decided)
            (news.plans if found.is_plan else news.others).append(found)
            # The problems of a notice are told once.
            doubts = ()
    news.plans.sort(key=lambda one: (one.comparison is None, not one.doubts, one.notice.notice_id))
    return news


class _Place(NamedTuple):
    """The plan of the year before in a series, or the reason for which a plan is no year of one."""

    current: Notice
    previous: Notice | None
    unfit: str = ""


def _find_places(series: Iterable[Series], new: Container[str]) -> dict[str, list[_Place]]:
    """Return the places of the plans of each new notice in their series, by the notice's id."""
    found: dict[str, list[_Place]] = {}
    for one in series:
        for n, notice in enumerate(one.notices):
            if notice.notice_id in new:
                before = one.notices[n - 1] if n else None
                found.setdefault(notice.notice_id, []).append(_Place(notice, before))
        for out in one.left_out:
            if out.notice.notice_id in new:
                place = _Place(out.notice, None, out.reason)
                found.setdefault(out.notice.notice_id, []).append(place)
    return found


def _compare(place: _Place, doubts: tuple[Doubt, ...], decided: DecidedPairs) -> PlanNews:
    current, previous, unfit = place
    if previous is None:
        return PlanNews(current, doubts=doubts, unfit=unfit)
    comparison = diff_notices(previous, current, decided)
    cards = make_cards(comparison, previous, current)
    units = tuple(one for one in list_unit_changes(cards) if one.is_changed)
    return PlanNews(current, previous, comparison, _list_tasks(cards), units, doubts)


def _list_tasks(cards: Sequence[Card]) -> TaskChanges:
    figures = [
        (card.number, figure)
        for card in cards
        for change in card.changes
        for figure in change.figures
    ]
    return TaskChanges(
        {card.number: card.name for card in cards},
        tuple(card.number for card in cards if card.kind == "added"),
        tuple(card.number for card in cards if card.kind == "dropped"),
        tuple(figures),
    )


def _list_doubts(notice: Notice) -> Iterator[Doubt]:
    """Yield the kinds of problems that need a look, the gravest and most frequent first."""
    counts = Counter((one.severity, one.code) for one in notice.problems)
    first = {(one.severity, one.code): one.message for one in reversed(notice.problems)}
    kinds = [(key, count) for key, count in counts.items() if key[0] in _SEVERITIES]
    kinds.sort(key=lambda one: (_SEVERITIES.index(one[0][0]), -one[1], one[0][1]))
    for (severity, code), count in kinds:
        yield Doubt(severity, code, count, first[severity, code])
