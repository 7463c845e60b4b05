"""The plans of one notice: a notice with several annexes is one record of several plans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.errors import SourceError
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Notice

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MARKS = re.compile(r"[\W_]+")


def split_plans(notice: Notice) -> tuple[Notice, ...]:
    """Return a notice's plans, each as a notice with its items alone; a notice of one plan is itself.

    A plan has the year of its own title, or else the notice's.
    """
    titles = tuple(dict.fromkeys(item.plan_title for item in notice.items))
    if len(titles) < 2:
        return (notice,)
    return tuple(_take_plan(notice, title) for title in titles)


def _take_plan(notice: Notice, title: str | None) -> Notice:
    items = tuple(item for item in notice.items if item.plan_title == title)
    update: dict[str, object] = {"items": items}
    if title and title != notice.title:
        years = {int(one) for one in _YEAR.findall(fold(title))}
        update["title"] = title
        if len(years) == 1:
            update |= dict.fromkeys(("year", "year_end"), years.pop())
    return notice.model_copy(update=update)


def choose_plan(notice: Notice, words: str) -> Notice:
    """Return the plan of a notice whose title contains some words.

    Raises SourceError, with the titles, where none has them or several have.
    """
    wanted = _MARKS.sub("", fold(words))
    found = [one for one in split_plans(notice) if wanted in _MARKS.sub("", fold(one.title or ""))]
    if len(found) != 1:
        titles = "; ".join(one.title or "(no title)" for one in split_plans(notice))
        fact = f"{len(found)} of its plans have {words!r} in the title"
        raise SourceError(notice.notice_id, fact, f"name words of one of these alone: {titles}")
    return found[0]


def unite_plans(notices: Sequence[Notice]) -> Notice:
    """Return several plans as one, as those of two districts that were merged: the first with all items.

    The ids of the items are those of their own notices.
    """
    first, *others = notices
    if not others:
        return first
    titles = " + ".join(one.title or one.notice_id for one in notices)
    items = tuple(item for one in notices for item in one.items)
    ids = "+".join(one.notice_id for one in notices)
    return first.model_copy(update={"notice_id": ids, "title": titles, "items": items})
