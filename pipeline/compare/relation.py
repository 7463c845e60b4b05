"""How two plans are related: the same file, versions of a plan, years of a series, or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.compare.title_family import is_same_family
from pipeline.names.places import place_today
from pipeline.names.same_body import is_same_body
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.comparison import Relation
    from pipeline.model import Notice

# The office that writes for a government: 盐田区人民政府办公室, 深圳市府办.
_OFFICE = re.compile(r"(?:综合)?办公[室厅]$|办$")


def find_relation(previous: Notice, current: Notice) -> Relation:
    """The relation of two plans, by their files, issuers, titles and years."""
    if is_same_file(previous, current):
        return "same file"
    if not is_same_series(previous, current):
        return "other"
    return "same plan" if previous.year == current.year else "series"


def is_same_file(previous: Notice, current: Notice) -> bool:
    """Whether two records are of one file and carry the same corrections."""
    if previous.source.sha256 != current.source.sha256:
        return False
    return _list_corrections(previous) == _list_corrections(current)


def _list_corrections(notice: Notice) -> list[object]:
    return [notice.corrected, *(item.corrected for item in notice.items)]


def is_same_series(previous: Notice, current: Notice) -> bool:
    """Whether two plans are years, or versions, of one series."""
    return is_same_issuer(previous, current) is not False and is_same_family(previous, current)


def is_same_issuer(previous: Notice, current: Notice) -> bool | None:
    """Whether one body issued both plans, itself or by its office; None where a plan names none."""
    places = [notice.home for notice in (previous, current)]
    if places[0] and places[1] and not _is_same_place(places[0], places[1]):
        return False
    one, other = (_without_office(notice.issuing_body) for notice in (previous, current))
    if not one or not other:
        return True if all(places) else None
    if one == other or one in other or other in one:
        return True
    if is_same_body(one, other, places[1], previous.year, current.year):
        return True
    return None if all(places) else False


def _is_same_place(one: str, other: str) -> bool:
    """Whether two names are of one place: 盐田区 and 广东省深圳市盐田区, 静海县 and 静海区."""
    one, other = place_today(one), place_today(other)
    return one.endswith(other) or other.endswith(one)


def _without_office(body: str | None) -> str:
    """The body that an office writes for: 盐田区人民政府办公室 -> 盐田区人民政府."""
    return _OFFICE.sub("", fold(body or ""))


def find_warnings(previous: Notice, current: Notice) -> Iterator[str]:
    """One line for each reason why a comparison of two plans may say little."""
    for side, notice in (("previous", previous), ("current", current)):
        if not notice.items:
            yield f"{side}: {notice.notice_id} holds no items; nothing can go on from it"
    is_same = is_same_file(previous, current)
    if is_same:
        yield "both are the same file: nothing can differ"
    if is_same_issuer(previous, current) is False:
        bodies = [one.issuing_body or one.home for one in (previous, current)]
        yield f"different bodies: {bodies[0]} and {bodies[1]}; compared all the same"
    if not is_same and not is_same_family(previous, current):
        titles = [one.title or one.notice_title or "(no title)" for one in (previous, current)]
        yield f"different kinds of plan: {titles[0]} and {titles[1]}; compared all the same"
    years = (previous.year, current.year)
    if years[0] is not None and years[1] is not None and years[0] > years[1]:
        yield f"the first plan is the later one ({years[0]} and {years[1]}): wrong order?"
