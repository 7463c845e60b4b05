"""The deadlines that a comparison finds put off: the phrase of each year and by how much."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.compare.views.cards import Card
    from pipeline.model import Item

Years = tuple[int | None, int | None]
# The days of a month on average, by which a delay is told in months.
_MONTH = 30.4
_SHORT = 25


class LaterDeadline(NamedTuple):
    """A deadline that is later in its plan's year than before: phrases, days and the delay."""

    card: Card
    before: str
    after: str
    days: int

    @property
    def delay(self) -> str:
        """The delay in words: 15天, 约3个月."""
        if self.days < _SHORT:
            return f"{self.days}天"
        return f"约{max(1, round(self.days / _MONTH))}个月"


def list_later_deadlines(cards: Iterable[Card], years: Years) -> list[LaterDeadline]:
    """The deadlines that were put off, within the plans' own years, the longest delay first.

    6月底 of 2016 and 9月底 of 2017 are three months; 6月底 of either year is no delay. A deadline
    without a day is not counted.
    """
    found = []
    for card in cards:
        if not any(change.field == "deadline" for change in card.changes):
            continue
        before, after = _last_deadline(card.previous), _last_deadline(card.current)
        if before and after:
            days = count_days_later(before[0], after[0], years)
            if days > 0:
                found.append(LaterDeadline(card, before[1], after[1], days))
    return sorted(found, key=lambda one: -one.days)


def _last_deadline(items: Sequence[Item]) -> tuple[str, str] | None:
    """The last day of several items and its phrase."""
    days = [
        (one.deadline.due, one.deadline.text) for one in items if one.deadline and one.deadline.due
    ]
    return max(days) if len(days) == len(items) else None


def count_days_later(before: str, after: str, years: Years) -> int:
    """How many days later a day is, each in its plan's own year; below 0 where it is earlier."""
    shift = years[1] - years[0] if years[0] and years[1] else 0
    old, new = _without_leap_day(before), _without_leap_day(after)
    return (new - old.replace(year=old.year + shift)).days


def _without_leap_day(day: str) -> date:
    """A day that every year has: 29 February becomes the 28th."""
    return date.fromisoformat(day.replace("-02-29", "-02-28"))
