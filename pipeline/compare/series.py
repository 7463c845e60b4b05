"""Which plans are years of one series, and which notices are left out of it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.compare.relation import is_same_series
from pipeline.compare.title_family import title_family
from pipeline.names.places import home_of, place_today

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.model import Notice

# All characters but small Latin letters, digits and ideographs become a hyphen in a file's name.
_NOT_IN_NAMES = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Series:
    """One plan's years in order; `left_out` gives the other notices' ids with the reason."""

    name: str
    notices: tuple[Notice, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def find_series(notices: Iterable[Notice]) -> list[Series]:
    """Group plans of one body and family of title; a plan alone is a series too, by name.

    A plan without a year or for several years is left out of its series; of two versions of a year
    the one issued later counts. Notices without items are in no series.
    """
    groups: list[list[Notice]] = []
    groups_of_place: defaultdict[str | None, list[list[Notice]]] = defaultdict(list)
    for notice in sorted(notices, key=lambda one: (one.year or 0, one.notice_id)):
        if not notice.items:
            continue
        near = groups_of_place[_bucket_of(notice)]
        group = next((one for one in near if is_same_series(one[-1], notice)), None)
        if group is None:
            near.append([notice])
            groups.append(near[-1])
        else:
            group.append(notice)
    return sorted((_make_series(group) for group in groups), key=lambda one: one.name)


def _bucket_of(notice: Notice) -> str | None:
    """The own name of a notice's place today, which plans of one place share in all years.

    Its path may be known in one year and not in another, where the place had a namesake.
    """
    if notice.home is None:
        return None
    return home_of(place_today(notice.home)).name


def _make_series(group: Sequence[Notice]) -> Series:
    left_out = []
    years: dict[int, Notice] = {}
    for notice in sorted(group, key=_issued):
        if notice.year is None:
            left_out.append((notice.notice_id, "no year is told"))
        elif notice.year_end not in (None, notice.year):
            left_out.append((notice.notice_id, "it plans several years"))
        else:
            if older := years.get(notice.year):
                left_out.append((older.notice_id, f"{notice.notice_id} is a later version"))
            years[notice.year] = notice
    in_order = tuple(years[year] for year in sorted(years))
    return Series(_name_series(group[-1]), in_order, tuple(left_out))


def _name_series(notice: Notice) -> str:
    """A name that can be a file's: 清河区, 重点改革计划 -> 清河区-重点改革计划."""
    place = notice.home or notice.issuing_body or ""
    name = _NOT_IN_NAMES.sub("-", f"{place}-{title_family(notice)}".lower())
    return name.strip("-") or "plan"


def _issued(notice: Notice) -> tuple[str, str]:
    return notice.issued_on or notice.published_on or "", notice.notice_id


def describe_left_out(series: Iterable[Series]) -> Iterator[str]:
    """One line for every notice that is in no year of its series."""
    for one in series:
        yield from (f"{notice_id} is left out: {reason}" for notice_id, reason in one.left_out)
