"""How two plans are related: the same file, versions of a plan, years of a series, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.same_issuer import is_same_issuer
from pipeline.compare.title_family import is_same_family, split_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.comparison import Relation
    from pipeline.model import Notice


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
    """List what people corrected in a notice in force, with its contents: some items may be deleted."""
    return [notice.corrected, *((item.content, item.corrected) for item in notice.items)]


def is_same_series(previous: Notice, current: Notice) -> bool:
    """Whether two plans are years, or versions, of one series."""
    answer = is_same_issuer(previous, current)
    if answer is None:
        # 工作要点 is a title that every body of a place has.
        titles = split_title(previous), split_title(current)
        return titles[0].family == titles[1].family and bool(titles[0].subject)
    return answer and is_same_family(previous, current)


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
