"""The plans of an OUTPUT as series of years, with people's decisions on pairs; each is read once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.decided_links import DecidedPairs, read_decided_pairs
from pipeline.compare.diff import diff_notices
from pipeline.compare.plans import split_plans
from pipeline.compare.series import Series, find_series
from pipeline.compare.series_rows import make_series_rows
from pipeline.compare.thread_ids import ThreadNames, read_known_threads
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.views.cards import Card, make_cards
from pipeline.compare.views.thread_cards import ThreadCard, make_thread_cards
from pipeline.dataset.duplicates import mark_of
from pipeline.dataset.in_force import in_force
from pipeline.dataset.manifest import DECIDED_PAIRS, MANIFEST, read_manifest
from pipeline.decisions.anchors import PresentAnchors
from pipeline.web.kept_values import KeptValues, NoticeParts, Stamp, stamp_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pipeline.comparison import Comparison, SeriesRow
    from pipeline.errors import PipelineError
    from pipeline.model import Notice

_THREADS = "threads.csv"
# How many comparisons and series of threads are kept ready.
_MOST_KEPT = 40


class ReadPlan(NamedTuple):
    """A notice as it was read, and with the values in force."""

    read: Notice
    now: Notice


@dataclass(frozen=True, slots=True)
class SeriesIndex:
    """All plans with the values in force, grouped into series, and what people decided about pairs.

    `notices` have no source text: it is not compared, and is half of a record. `versions` are the hashes
    of the records, `errors` are those of records that could not be read.
    """

    notices: Mapping[str, Notice]
    series: Mapping[str, Series]
    rows: tuple[SeriesRow, ...]
    decided: DecidedPairs
    versions: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[PipelineError, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedPlans:
    """Two plans, what became of each item, and the same as numbered cards."""

    previous: Notice
    current: Notice
    comparison: Comparison
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class SeriesThreads:
    """The items of a series followed through its years; `later_names` are those of renamed bodies."""

    series: Series
    cards: tuple[ThreadCard, ...]
    later_names: Mapping[str, str]


class YearsOfOutput:
    """Series, comparisons and threads of an OUTPUT, each made when it is first asked for.

    They are made anew when a decision or one of their own plans has changed.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        self._plans = NoticeParts(make_read_plan)
        self._index: KeptValues[SeriesIndex] = KeptValues(1)
        self._compared: KeptValues[ComparedPlans] = KeptValues(_MOST_KEPT)
        self._threads: KeptValues[SeriesThreads] = KeptValues(_MOST_KEPT)

    def index(self) -> SeriesIndex:
        """Return all series. Raises OutputError, CorrectionError."""
        return self._index.get("", self._stamp(), self._make_index)

    def _make_index(self) -> SeriesIndex:
        errors: list[PipelineError] = []
        # What is written after this line has a newer version than these, and is compared again.
        records = read_manifest(self._output).records
        versions = {notice_id: one.sha256 for notice_id, one in records.items()}
        plans = self._plans.read(self._output, errors.append)
        index = make_series_index(self._output, plans.values())
        return replace(index, versions=versions, errors=tuple(errors))

    def compare(self, previous: str, current: str) -> ComparedPlans | None:
        """Compare two plans by their keys; None where the OUTPUT lacks one of them."""
        index = self.index()
        plans = find_plan(index, previous), find_plan(index, current)
        if plans[0] is None or plans[1] is None:
            return None
        before, after = plans[0], plans[1]
        stamp = self._stamp_of(index, (before, after))
        return self._compared.get(
            (previous, current), stamp, lambda: _compare(before, after, index.decided)
        )

    def follow(self, name: str) -> SeriesThreads | None:
        """Follow the items of a series by its name; None where there is no such series."""
        index = self.index()
        series = index.series.get(name)
        if series is None:
            return None
        stamp = self._stamp_of(index, series.notices)
        return self._threads.get(name, stamp, lambda: self._follow(series, index.decided))

    def _follow(self, series: Series, decided: DecidedPairs) -> SeriesThreads:
        # Threads have the ids of the last `fengong threads`, where it has been run.
        names = ThreadNames(read_known_threads(self._output / _THREADS))
        cards = make_thread_cards(series, follow_items(series, names, decided))
        return SeriesThreads(series, tuple(cards), find_later_names(series))

    def _stamp(self) -> Stamp:
        return stamp_files(self._output / name for name in (MANIFEST, DECIDED_PAIRS))

    def _stamp_of(self, index: SeriesIndex, plans: Iterable[Notice]) -> Stamp:
        """The state of some plans: a correction of another one changes nothing in theirs."""
        records = tuple(index.versions.get(one.notice_id, "") for one in plans)
        return records, stamp_files(self._output / name for name in (DECIDED_PAIRS, _THREADS))


def _compare(previous: Notice, current: Notice, decided: DecidedPairs) -> ComparedPlans:
    comparison = diff_notices(previous, current, decided)
    cards = make_cards(comparison, previous, current)
    return ComparedPlans(previous, current, comparison, tuple(cards))


def make_series_index(output: Path, plans: Iterable[ReadPlan]) -> SeriesIndex:
    """Group plans as years of series, as people decided. Raises CorrectionError."""
    plans = list(plans)
    # Decisions are found again by the words as they were read.
    decided = read_decided_pairs(output, PresentAnchors(one.read for one in plans))
    notices = {one.now.notice_id: one.now for one in plans if not mark_of(one.read)}
    duplicates = [one.now for one in plans if mark_of(one.read)]
    series = find_series(notices.values(), decided.judged_series)
    rows = make_series_rows(series, notices.values(), duplicates)
    return SeriesIndex(notices, {one.name: one for one in series}, tuple(rows), decided)


def make_read_plan(notice: Notice) -> ReadPlan:
    """Return a notice as read and in force, without what no comparison looks at."""
    source = notice.source.model_copy(update={"text": "", "locations": ()})
    items = tuple(replace(item, assignments=()) for item in notice.items)
    marks = tuple(one for one in notice.problems if one.code == "duplicate-notice")
    update = {"source": source, "items": items, "parts": (), "sections": (), "problems": marks}
    read = notice.model_copy(update=update)
    return ReadPlan(read, in_force(read))


def plan_key(index: SeriesIndex, plan: Notice) -> str:
    """Return what names a plan in an address: the id of its notice, and * with the title of an annex."""
    whole = index.notices.get(plan.notice_id)
    is_part = whole is not None and len(whole.items) > len(plan.items)
    return f"{plan.notice_id}*{plan.title}" if is_part else plan.notice_id


def find_plan(index: SeriesIndex, key: str) -> Notice | None:
    """Return the plan that a key names; of a notice with several plans all, where no title is named."""
    notice_id, _, title = key.partition("*")
    notice = index.notices.get(notice_id)
    if notice is None or not title:
        return notice
    return next((one for one in split_plans(notice) if one.title == title), None)
