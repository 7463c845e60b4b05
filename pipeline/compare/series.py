"""Which plans are years of one series, and which notices are left out of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.plan_versions import explain_choice, is_version, version_order
from pipeline.compare.plans import split_plans
from pipeline.compare.same_issuer import (
    find_issuer,
    find_place_today,
    is_leading,
    is_same_issuer,
    without_office,
)
from pipeline.compare.title_family import compare_titles, list_title_keys, split_title
from pipeline.names.places import home_of
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from pipeline.model import Notice

    # Two notices that a person judged, and whether they are of one series.
    Judged = Mapping[frozenset[str], bool]

# All characters but small Latin letters, digits and ideographs become a hyphen in a file's name.
_NOT_IN_NAMES = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
# The level that begins a department's name: 市|应急管理局; not 市场监管局.
_LEVEL = re.compile(r"^[省市区县州旗盟](?![场域])(?=.{3})")
# Why a plan is no year of any series; other reasons name another version of the same plan.
NO_YEAR = "no year is told"
SEVERAL_YEARS = "it plans several years"
# How much a plan is drawn to a series: by the same part of a year, by the same body, by a person.
_SAME_PART, _SAME_BODY, _DECIDED = 0.5, 0.1, 10.0


class LeftOut(NamedTuple):
    """A notice that is in no year of its series, and the reason."""

    notice: Notice
    reason: str


@dataclass(frozen=True, slots=True)
class Series:
    """One plan's years in order; `left_out` gives the other notices with the reason.

    `decided` are the ids of notices that are here, or were kept apart, by a person's decision.
    """

    name: str
    notices: tuple[Notice, ...]
    left_out: tuple[LeftOut, ...] = ()
    decided: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Group:
    """Plans of one series as they are found, the latest last; `number` is its place among all."""

    number: int
    plans: list[Notice]
    decided: set[str] = field(default_factory=set)


def find_series(notices: Iterable[Notice], judged: Judged | None = None) -> list[Series]:
    """Group plans of one body and family of title; a plan alone is a series too, by name.

    A notice with several annexes has several plans. A plan without a year or for several years is
    left out of its series; of two versions of a year the one issued later counts. Two plans of a
    year that are no versions of one plan are in two series. Notices without items are in no
    series. `judged` says of pairs of notices whether they are of one series.
    """
    plans = [plan for notice in notices for plan in split_plans(notice) if plan.items]
    plans.sort(key=lambda one: (not _has_year(one), one.year or 0, one.notice_id))
    groups = _Groups(judged or {}, _find_namesakes(plans))
    for (has_year, _), found in groupby(plans, key=lambda one: (_has_year(one), one.year or 0)):
        if has_year:
            groups.add_year(list(found))
        else:
            for plan in found:
                groups.add_undated(plan)
    return _name_all([_make_series(group) for group in groups.all])


def _has_year(notice: Notice) -> bool:
    return notice.year is not None and notice.year_end in (None, notice.year)


class _Groups:
    """The series found so far, those of one place with similar titles together."""

    def __init__(self, judged: Judged, namesakes: Container[str]) -> None:
        self.all: list[_Group] = []
        self._judged = judged
        self._namesakes = namesakes
        # By place and by a key of a title: the numbers of the groups.
        self._numbers: defaultdict[tuple[tuple[str, bool], str], set[int]] = defaultdict(set)

    def add_year(self, plans: Sequence[Notice]) -> None:
        """Add the plans of one year, each to the group that it fits best."""
        fits = [
            (-fit, n, group.number)
            for n, plan in enumerate(plans)
            for group in self._near(plan)
            if (fit := _fit(group, plan, self._judged))
        ]
        placed: set[int] = set()
        for _, n, number in sorted(fits):
            if n not in placed and self._may_join(self.all[number], plans[n]):
                self._join(self.all[number], plans[n])
                placed.add(n)
        for n, plan in enumerate(plans):
            if n not in placed:
                self._add_new(plan)

    def add_undated(self, plan: Notice) -> None:
        """Add a plan that is no year of a series to the group that it fits best."""
        fits = [(_fit(group, plan, self._judged), group) for group in self._near(plan)]
        best = max(fits, key=lambda one: one[0], default=(0.0, None))
        if best[1] is not None and best[0]:
            best[1].plans.insert(0, plan)
        else:
            self._start(plan)

    def _near(self, plan: Notice) -> list[_Group]:
        """Return the groups that a plan may belong to: those of its place and title, and a person's."""
        near = {number for key in self._list_keys(plan) for number in self._numbers.get(key, ())}
        partners = {one for pair in self._judged if plan.notice_id in pair for one in pair}
        for group in self.all if partners else ():
            if partners & {own.notice_id for own in group.plans}:
                near.add(group.number)
        return [self.all[number] for number in sorted(near)]

    def _list_keys(self, plan: Notice) -> list[tuple[tuple[str, bool], str]]:
        bucket = _bucket_of(plan, self._namesakes)
        return [(bucket, key) for key in list_title_keys(split_title(plan))]

    def _index(self, group: _Group, plan: Notice) -> None:
        for key in self._list_keys(plan):
            self._numbers[key].add(group.number)

    def _may_join(self, group: _Group, plan: Notice) -> bool:
        same_year = [one for one in group.plans if one.year == plan.year]
        return all(self._is_version(one, plan) for one in same_year)

    def _is_version(self, one: Notice, plan: Notice) -> bool:
        pair = frozenset((one.notice_id, plan.notice_id))
        return self._judged.get(pair) is True or is_version(one, plan)

    def _add_new(self, plan: Notice) -> None:
        """Add a plan to a version of it that began a group in the same year, or begin a group."""
        for group in self._near(plan):
            is_new = all(one.year == plan.year for one in group.plans)
            if is_new and _fit(group, plan, self._judged) and self._may_join(group, plan):
                self._join(group, plan)
                return
        self._start(plan)

    def _start(self, plan: Notice) -> None:
        group = _Group(len(self.all), [plan])
        self.all.append(group)
        self._index(group, plan)
        self._note_decisions(group, plan)

    def _join(self, group: _Group, plan: Notice) -> None:
        group.plans.append(plan)
        self._index(group, plan)
        self._note_decisions(group, plan)

    def _note_decisions(self, group: _Group, plan: Notice) -> None:
        """Note which notices of a group a person judged, with each other or with others."""
        own = {one.notice_id for one in group.plans}
        for pair, is_same in self._judged.items():
            if plan.notice_id in pair and is_same == (pair <= own):
                group.decided |= pair & own


def _fit(group: _Group, plan: Notice, judged: Judged) -> float:
    """Return how well a plan fits a group; 0 where it is of another body or another plan."""
    pairs = [frozenset((one.notice_id, plan.notice_id)) for one in group.plans] if judged else []
    answers = {judged.get(pair) for pair in pairs}
    if False in answers:
        return 0
    titles = split_title(group.plans[-1]), split_title(plan)
    likeness = compare_titles(*titles)
    if True in answers:
        return _DECIDED + likeness
    # Most titles are of other plans, which is found out fastest.
    issuers = {is_same_issuer(one, plan) for one in group.plans} if likeness else {False}
    if False in issuers:
        return 0
    if True not in issuers and not (titles[0].family == titles[1].family and titles[0].subject):
        # 工作要点 is a title that every body of a place has.
        return 0
    is_same_part = titles[0].part == titles[1].part
    return likeness + _SAME_PART * is_same_part + _SAME_BODY * (True in issuers)


def _bucket_of(notice: Notice, namesakes: Container[str]) -> tuple[str, bool]:
    """Return the own name of a notice's place today, which plans of one place share in all years.

    Its path may be known in one year and not in another. Where plans of several places of the name
    are there, one without a path is of neither: nobody knows which 鼓楼区 it is.
    """
    path = find_place_today(notice)
    name = home_of(path).name if path else ""
    return name, name in namesakes and path == name


def _find_namesakes(plans: Iterable[Notice]) -> set[str]:
    """Return the own names that several places have: 鼓楼区 in 南京市 and in 福州市."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for path in {find_place_today(plan) for plan in plans}:
        places[home_of(path).name].add(path)
    return {name for name, paths in places.items() if len(paths - {name}) > 1}


def _make_series(group: _Group) -> Series:
    left_out: list[LeftOut] = []
    years: dict[int, Notice] = {}
    for notice in sorted(group.plans, key=version_order):
        if notice.year is None:
            left_out.append(LeftOut(notice, NO_YEAR))
        elif not _has_year(notice):
            left_out.append(LeftOut(notice, SEVERAL_YEARS))
        else:
            if older := years.get(notice.year):
                left_out.append(LeftOut(older, explain_choice(older, notice)))
            years[notice.year] = notice
    in_order = tuple(years[year] for year in sorted(years))
    return Series(_name_series(group), in_order, tuple(left_out), frozenset(group.decided))


def _name_series(group: _Group) -> str:
    """Return a name that can be a file's: 盐田区, 教育局, 工作要点 -> 盐田区-教育局-工作要点.

    The government of a place and its offices are not named.
    """
    notice = group.plans[-1]
    issuer = without_office(find_issuer(notice))
    place = notice.home or ""
    body = "" if place and is_leading(issuer) else _without_place(issuer, place)
    title = split_title(notice)
    parts = {split_title(one).part for one in group.plans}
    words = (place, body, title.family, *(title.part if len(parts) == 1 else ()))
    name = _NOT_IN_NAMES.sub("-", "-".join(filter(None, words)).lower())
    return name.strip("-") or "plan"


def _without_place(body: str, place: str) -> str:
    """Return a body's name without the place before it: 深圳市盐田区教育局 -> 教育局."""
    names = home_of(place).names or (place,)
    for name in (*("".join(names[n:]) for n in range(len(names))), *names):
        body = body.removeprefix(fold(name))
    return _LEVEL.sub("", body)


def _name_all(series: Iterable[Series]) -> list[Series]:
    """Return the series by name; names that several have get a number, by the years of the series."""
    found = sorted(series, key=lambda one: (one.name, _first_of(one)))
    seen: Counter[str] = Counter()
    named = []
    for one in found:
        seen[one.name] += 1
        count = seen[one.name]
        named.append(replace(one, name=f"{one.name}-{count}") if count > 1 else one)
    return sorted(named, key=lambda one: one.name)


def _first_of(series: Series) -> tuple[int, str]:
    own = [*series.notices, *(one.notice for one in series.left_out)]
    return min((one.year or 0, one.notice_id) for one in own)


def describe_left_out(series: Iterable[Series], *, versions_only: bool = False) -> Iterator[str]:
    """Yield one line for every notice that is in no year of its series, or for versions alone."""
    for one in series:
        for out in one.left_out:
            if not (versions_only and out.reason in (NO_YEAR, SEVERAL_YEARS)):
                yield f"{out.notice.notice_id} is left out: {out.reason}"
