"""The series of an OUTPUT as rows of a list, and the series that one may be joined with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.same_issuer import find_place_today
from pipeline.web.years.series_index import SeriesIndex, plan_key

if TYPE_CHECKING:
    from pipeline.compare.series import Series
    from pipeline.model import Notice


class YearOfSeries(NamedTuple):
    """A year of a series: the key of its plan, and how many items it has."""

    year: int
    key: str
    items: int


class SeriesLine(NamedTuple):
    """A series with its years, its place and the title of its last plan."""

    name: str
    place: str
    title: str
    years: tuple[YearOfSeries, ...]
    left_out: int
    is_decided: bool


def list_series(index: SeriesIndex) -> list[SeriesLine]:
    """List the series of an OUTPUT: those of most years first, then by name."""
    lines = [_make_line(index, one) for one in index.series.values()]
    return sorted(lines, key=lambda one: (-len(one.years), one.name))


def _make_line(index: SeriesIndex, series: Series) -> SeriesLine:
    last = _last_plan(series)
    years = tuple(
        YearOfSeries(one.year or 0, plan_key(index, one), len(one.items)) for one in series.notices
    )
    title = last.title or last.notice_title or last.notice_id
    is_decided = bool(series.decided)
    return SeriesLine(series.name, last.home or "", title, years, len(series.left_out), is_decided)


def _last_plan(series: Series) -> Notice:
    return series.notices[-1] if series.notices else series.left_out[-1].notice


def list_similar(index: SeriesIndex, series: Series) -> list[str]:
    """List the other series of a place that one may be joined with, those with the same title first."""
    own = _last_plan(series)
    place = find_place_today(own)
    perhaps = {name for row in index.rows if row.series == series.name for name in row.perhaps}
    others = [
        name
        for name, one in index.series.items()
        if name != series.name and find_place_today(_last_plan(one)) == place
    ]
    return sorted(others, key=lambda name: (name not in perhaps, name))
