"""Choose the body that a name means in its year: 消防支队 of 2015 is no 消防救援支队."""

from __future__ import annotations

from pipeline.names.body_tables import body_tables, holds_letters
from pipeline.names.candidate_body import CandidateBody
from pipeline.names.renames import all_renames

# Short forms are followed back over at most so many changes.
_STEPS = 4


def choose_in_year(
    found: tuple[CandidateBody, ...], name: str, year: int | None
) -> tuple[CandidateBody, ...]:
    """The bodies of a name that exist in a year; all where none does, or without a year.

    A short name of a body that began later means, in an earlier year, the body that it was: where
    that has the same letters. 中纪委 in 2012 -> 中央纪律检查委员会
    """
    if year is None:
        return found
    if len(found) > 1:
        return tuple(body for body in found if _is_alive(body, year)) or found
    return tuple(_go_back(body, name, year) for body in found)


def _is_alive(body: CandidateBody, year: int) -> bool:
    """Whether a body exists in a year, by the table of renames."""
    family = body.reading.family
    steps = [step for step in all_renames() if step.kind != "variant" and not step.place]
    gone = any(step.before in family and step.last < year for step in steps)
    begun = [step.first for step in steps if step.after in family]
    return not gone and (not begun or min(begun) <= year)


def _go_back(body: CandidateBody, name: str, year: int) -> CandidateBody:
    """The body that a table's short form meant in a year before its body began."""
    short = _form_of(name, body)
    for _ in range(_STEPS if short else 0):
        steps = [step for step in all_renames() if (step.after,) == body.reading.family]
        if not steps or min(step.first for step in steps) <= year:
            break
        fit = {step.before for step in steps if holds_letters(step.before, short)}
        if len(fit) != 1:
            break
        before = fit.pop()
        body = body._replace(reading=body.reading._replace(full=before, family=(before,)))
    return body


def _form_of(name: str, body: CandidateBody) -> str:
    """The short form of the tables that a name ends with: 消防支队 in 市消防支队; "" where it has none."""
    words, own = body_tables(), body.reading.full
    if body.rule != "abbreviation" or body.own or body.reading.family != (own,):
        return ""
    for start in range(len(name) - 1):
        form = name[start:]
        if form in words.local or form in words.national:
            return "" if form == own else form
    return ""
