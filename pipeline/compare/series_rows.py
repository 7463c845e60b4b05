"""The series of an OUTPUT as rows: which notice is a year of which series, and which is left out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipeline.compare.same_issuer import find_place_today
from pipeline.compare.title_family import split_title
from pipeline.comparison import SeriesRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.compare.series import Series
    from pipeline.model import Notice


def make_series_rows(
    series: Sequence[Series], notices: Iterable[Notice], duplicates: Iterable[Notice] = ()
) -> Iterator[SeriesRow]:
    """Yield a row for every plan of a series, year by year, then for every notice that is in none.

    `notices` are those that were looked at, `duplicates` those that were not.
    """
    alike = _find_alike(series)
    for one in series:
        perhaps = tuple(name for name in alike[_kind_of(one)] if name != one.name)
        for notice in one.notices:
            yield _make_row(one, notice, "", perhaps)
        for out in one.left_out:
            yield _make_row(one, out.notice, out.reason, perhaps)
    for notice in notices:
        if not notice.items:
            yield _make_row(None, notice, "it has no items", ())
    for notice in duplicates:
        yield _make_row(None, notice, "it is there twice and counted once", ())


def _find_alike(series: Iterable[Series]) -> dict[tuple[str, str], list[str]]:
    """Return the names of the series of each place and title, whoever issues them."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in series:
        if one.notices:
            found[_kind_of(one)].append(one.name)
    return found


def _kind_of(series: Series) -> tuple[str, str]:
    own = [*series.notices, *(out.notice for out in series.left_out)]
    family = split_title(own[-1]).family
    # Plans without a title have nothing in common but the place.
    return (find_place_today(own[-1]), family or series.name)


def _make_row(
    series: Series | None, notice: Notice, reason: str, perhaps: tuple[str, ...]
) -> SeriesRow:
    return SeriesRow(
        series=series.name if series else "", notice_id=notice.notice_id,
        plan_title=notice.title or notice.notice_title or "", year=notice.year,
        issuing_body=notice.issuing_body or "", items=len(notice.items), is_year=not reason,
        reason=reason, decided=series is not None and notice.notice_id in series.decided,
        perhaps=perhaps,
    )  # fmt: skip
