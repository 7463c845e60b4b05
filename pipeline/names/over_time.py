"""List the names that a body has had: 区大数据局 is 区数据局 since 2024, and was 区大数据管理局."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pipeline.lexicon import folder
from pipeline.names.body_tables import body_tables
from pipeline.names.candidates import JOINT, find_candidates
from pipeline.names.departments import DepartmentReading
from pipeline.names.gazetteer import NO_HOME, places_over_time
from pipeline.names.plates import fold_name, split_plate
from pipeline.names.renames import all_renames

# A body is followed over at most so many changes, back and forth.
_STEPS = 4
# The changes after which a body is still itself: not merged, not split.
_SAME_BODY = ("renamed", "variant")
# The offices that a department may have in turn, with their short forms.
_OFFICES = {"局": ("局",), "委员会": ("委员会", "委"), "办公室": ("办公室", "办"), "厅": ("厅",)}


class NamesOverTime(NamedTuple):
    """What may stand before a body's full names, its full names, and all forms of them.

    `places` are the names of its place over the years, empty where its name tells only the level:
    then that word (区) is `level`.
    """

    places: tuple[str, ...] = ()
    level: str = ""
    fulls: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


def names_over_time(name: str) -> NamesOverTime:
    """List the full names without place, and their forms, that the body of a printed name has had.

    "区扶贫办" -> level 区, 扶贫开发办公室, 乡村振兴局 …; empty where the name fits no body or several.
    """
    found = find_candidates(split_plate(fold_name(name))[0], NO_HOME)
    if len(found) != 1 or found[0].part or found[0].rule == JOINT:
        return NamesOverTime()
    place, reading = found[0].division, found[0].reading
    fulls = dict.fromkeys((reading.full, *_fulls_over_time(reading)))
    forms = dict.fromkeys(
        form for full in fulls for form in (full, *_forms(folder()).get(full, ()))
    )
    places = places_over_time(place.display) if place.level not in ("", "national") else ()
    return NamesOverTime(places, "" if places else place.display, tuple(fulls), tuple(forms))


def _fulls_over_time(reading: DepartmentReading) -> list[str]:
    """The full names of a department under each of its offices, after and before each change."""
    if reading.office not in ("", *_OFFICES):
        return []
    offices = dict.fromkeys((reading.office or "局", *_OFFICES))
    if len(reading.family) > 1:
        stem = reading.full.removesuffix(reading.office)
        return [stem + office for office in offices]
    subjects = _subjects(folder())
    found: list[str] = []
    for subject in _linked(reading.family[0], folder()):
        is_subject = subject in subjects
        found += [subject + office for office in offices] if is_subject else [subject]
    return found


@cache
def _subjects(over: object) -> frozenset[str]:
    """The subjects that departments are named after, also the duties that several consist of."""
    del over
    words = body_tables()
    meant = {subject for found in words.subjects.values() for subject, _ in found}
    return frozenset(meant | {duty for duties in words.duties.values() for duty in duties})


@cache
def _linked(subject: str, over: object) -> tuple[str, ...]:
    """A subject or a body with those that it was and became, the nearest first."""
    del over
    steps = [step for step in all_renames() if step.kind in _SAME_BODY and not step.place]
    found = {subject: None}
    for _ in range(_STEPS):
        later = [step.after for step in steps if step.before in found]
        earlier = [step.before for step in steps if step.after in found]
        found |= dict.fromkeys((*later, *earlier))
    return tuple(found)


@cache
def _forms(over: object) -> dict[str, tuple[str, ...]]:
    """The forms of the tables by the full name that they mean."""
    del over
    words = body_tables()
    found: dict[str, dict[str, None]] = {}
    for form, bodies in words.local.items():
        for body, place in bodies:
            if not place:
                found.setdefault(body, {})[form] = None
    for form, subjects in words.subjects.items():
        for subject, is_whole in subjects:
            for office, shorts in _OFFICES.items() if is_whole else ():
                near = found.setdefault(subject + office, {})
                near.update(dict.fromkeys(form + short for short in shorts))
    return {full: tuple(forms) for full, forms in found.items()}
