"""Choose, group and count the plans of an OUTPUT."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.web.library import PlanRow

GROUPINGS = ("place", "year", "series")
STATES = ("doubtful", "unreviewed", "reviewed")


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which plans are listed, and by what they are grouped; empty values choose all."""

    words: str = ""
    place: str = ""
    year: int | None = None
    state: str = ""
    by: str = "place"

    def chooses(self, plan: PlanRow) -> bool:
        """Answer whether a plan is listed."""
        said = f"{plan.title} {plan.place} {plan.issuing_body or ''} {plan.document_number or ''}"
        return (
            all(word in said for word in self.words.split())
            and (not self.place or plan.place == self.place)
            and (self.year is None or plan.year == self.year)
            and _has_state(plan, self.state)
        )


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """Plans of one place, one year or one series; the counts are those of all its plans."""

    name: str
    plans: tuple[PlanRow, ...]

    @property
    def items(self) -> int:
        """How many items they have."""
        return sum(one.items for one in self.plans)

    @property
    def doubts(self) -> int:
        """How many doubts they have."""
        return sum(one.doubts for one in self.plans)


def _has_state(plan: PlanRow, state: str) -> bool:
    if state == "doubtful":
        return plan.doubts > 0
    if state == "reviewed":
        return plan.items > 0 and plan.reviewed == plan.items
    return state != "unreviewed" or plan.reviewed + plan.corrected == 0


def group_plans(plans: Iterable[PlanRow], by: str) -> list[PlanGroup]:
    """Group plans by place, year or series; those without one come last."""
    keyed = sorted(((_key(one, by), one) for one in plans), key=lambda pair: pair[0])
    return [
        PlanGroup(name, tuple(one for _, one in group))
        for (_, _, name), group in groupby(keyed, key=lambda pair: pair[0])
    ]


def _key(plan: PlanRow, by: str) -> tuple[bool, int, str]:
    if by == "year":
        return plan.year is None, -(plan.year or 0), str(plan.year or "")
    name = (plan.series if by == "series" else plan.place) or ""
    return not name, 0, name


def list_values(plans: Sequence[PlanRow]) -> tuple[list[str], list[int]]:
    """Return the places and the years of plans, for the choices of the form."""
    places = sorted({one.place for one in plans if one.place})
    years = sorted({one.year for one in plans if one.year}, reverse=True)
    return places, years
