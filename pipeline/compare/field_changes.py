"""The changes of linked items in one field: number, title, content, path, deadline, labelled fields."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from pipeline.compare.figures import find_figures
from pipeline.compare.trifles import PlanYears, is_trifling
from pipeline.compare.wording import compare_words
from pipeline.comparison import Change, FigureChange, Words
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.model import Item

_T = TypeVar("_T", str, int)
_Items = tuple["Sequence[Item]", "Sequence[Item]"]
# How many pairs of contents that were compared last are kept.
_PAIRS = 1 << 12


def find_number_change(sides: _Items) -> Iterable[Change]:
    """The change of the items' numbers, unless they are the same or none is printed."""
    before, after = ([item.number for item in side] for side in sides)
    if before == after or not any(number is not None for number in (*before, *after)):
        return ()
    return (Change(field="number", before=_combine(before), after=_combine(after)),)


def find_title_change(sides: _Items, years: PlanYears) -> Iterable[Change]:
    """The change of the items' titles, unless it is trifling."""
    before, after = ([item.title for item in side] for side in sides)
    is_same = len(before) == len(after) and all(
        is_trifling(a or "", b or "", years) for a, b in zip(before, after, strict=True)
    )
    if is_same:
        return ()
    return (Change(field="title", before=_combine(before), after=_combine(after)),)


def find_content_change(sides: _Items) -> Iterable[Change]:
    """The change of the items' contents word by word, with the figures that changed."""
    before, after = ([item.content for item in side] for side in sides)
    words, figures = _compare_contents("\n".join(before), "\n".join(after))
    if all(one.fate == "kept" for one in words):
        return ()
    change = Change(
        field="content", before=_combine(before), after=_combine(after), words=words,
        figures=figures,
    )  # fmt: skip
    return (change,)


# Who follows a series compares each two years once for its threads and once for what is shown.
@lru_cache(_PAIRS)
def _compare_contents(
    before: str, after: str
) -> tuple[tuple[Words, ...], tuple[FigureChange, ...]]:
    words = tuple(Words(fate=one.fate, text=one.text) for one in compare_words(before, after))
    is_same = all(one.fate == "kept" for one in words)
    return words, () if is_same else _find_figure_changes(before, after)


def _find_figure_changes(before: str, after: str) -> tuple[FigureChange, ...]:
    return tuple(
        FigureChange(about=one.about, before=one.before, after=one.after)
        for one in find_figures(before, after)
    )


def find_labelled_changes(sides: _Items, years: PlanYears) -> Iterator[Change]:
    """The changes of the labelled fields (年度目标, 措施, 责任人) that differ in more than trifles."""
    keys = dict.fromkeys(key for side in sides for item in side for key in item.fields)
    for key in keys:
        before, after = (
            [item.fields[key].text for item in side if key in item.fields] for side in sides
        )
        texts = "\n".join(before), "\n".join(after)
        if is_trifling(*texts, years):
            continue
        old, new = (_combine(side) if side else None for side in (before, after))
        figures = _find_figure_changes(*texts)
        yield Change(field=f"fields.{key}", before=old, after=new, figures=figures)


def find_path_change(sides: _Items, years: PlanYears) -> Iterable[Change]:
    """The change of the headings above the items, unless all current ones were there before."""
    before, after = ([" / ".join(item.path) for item in side] for side in sides)
    if all(any(is_trifling(a, b, years) for a in before) for b in after):
        return ()
    old, new = (_combine(list(dict.fromkeys(side))) for side in (before, after))
    return (Change(field="path", before=old, after=new),)


def find_deadline_change(sides: _Items, years: PlanYears) -> Iterable[Change]:
    """The change of day or phrase, unless it is the same day of each plan's own year."""
    texts = [[item.deadline.text for item in side if item.deadline] for side in sides]
    days = [
        {
            _day_in_plan_years(item.deadline.due, year)
            for item in side
            if item.deadline and item.deadline.due
        }
        for side, year in zip(sides, years, strict=True)
    ]
    phrases = [{_bare_phrase(text) for text in side} for side in texts]
    if phrases[0] == phrases[1] or (days[0] and days[0] == days[1]):
        return ()
    before, after = (_combine(side) if side else None for side in texts)
    return (Change(field="deadline", before=before, after=after),)


def _combine(values: Sequence[_T | None]) -> _T | tuple[_T, ...] | None:
    """The value of a single item, or the known values of several."""
    if len(values) == 1:
        return values[0]
    return tuple(value for value in values if value is not None)


def _bare_phrase(text: str) -> str:
    """A phrase without marks at its ends: "6月底前。" -> "6月底前"."""
    return fold(text).strip(" 。;,.")


def _day_in_plan_years(due: str, year: int | None) -> tuple[int, str]:
    """A day as years after the plan's own, month and day: 2012-06-30 in 2011 -> (1, "06-30")."""
    return int(due[:4]) - (year or 0), due[5:]
