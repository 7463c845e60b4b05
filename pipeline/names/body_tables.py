"""The tables of bodies, subjects and duties in the shape that look-ups need."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.lexicon import folder, rows

if TYPE_CHECKING:
    from collections.abc import Callable


class BodyTables(NamedTuple):
    """What the tables say, by printed form.

    `national`: form -> bodies of the nation. `local`: form -> (body, place or ""). `departments`:
    bodies that are departments. `subjects`: form -> (subject, whether the form is a whole name).
    `duties`: subject -> its duties in the order of its name. `full_names`: first character ->
    full names.
    """

    national: dict[str, tuple[str, ...]]
    local: dict[str, tuple[tuple[str, str], ...]]
    departments: frozenset[str]
    subjects: dict[str, tuple[tuple[str, bool], ...]]
    duties: dict[str, tuple[str, ...]]
    full_names: dict[str, tuple[str, ...]]


def body_tables() -> BodyTables:
    """The tables of bodies, with a user's tables laid over them."""
    return _body_tables(folder())


@cache
def _body_tables(over: object) -> BodyTables:
    del over
    national: dict[str, list[str]] = {}
    local: dict[str, list[tuple[str, str]]] = {}
    for row in rows("bodies"):
        if row["level"] == "national":
            national.setdefault(row["form"], []).append(row["body"])
        else:
            local.setdefault(row["form"], []).append((row["body"], row["place"]))
    local = _follow(local)
    subjects: dict[str, list[tuple[str, bool]]] = {}
    for row in rows("subjects"):
        subjects.setdefault(row["form"], []).append((row["subject"], row["use"] == "whole"))
    duties: dict[str, list[str]] = {}
    for row in rows("duties"):
        duties.setdefault(row["subject"], []).append(row["duty"])
    bodies = {row["body"] for row in rows("bodies") if row["level"] == "local"}
    names = sorted(bodies | {row["subject"] + "局" for row in rows("subjects")})
    initial: dict[str, list[str]] = {}
    for full in names:
        initial.setdefault(full[0], []).append(full)
    return BodyTables(
        {key: tuple(found) for key, found in national.items()},
        {key: tuple(found) for key, found in local.items()},
        frozenset(row["body"] for row in rows("bodies") if row["kind"] == "department"),
        {key: tuple(found) for key, found in subjects.items()},
        {key: tuple(sorted(found, key=_place_in(key))) for key, found in duties.items()},
        {key: tuple(found) for key, found in initial.items()},
    )


def _follow(local: dict[str, list[tuple[str, str]]]) -> dict[str, list[tuple[str, str]]]:
    """The forms with the bodies that their bodies, read as forms, mean: each is its own in the end."""
    onward = {form: found[0][0] for form, found in local.items() if len({*found}) == 1}

    def last(body: str) -> str:
        seen = {body}
        while onward.get(body, body) not in seen:
            body = onward[body]
            seen.add(body)
        return body

    return {
        form: [(body if place else last(body), place) for body, place in found]
        for form, found in local.items()
    }


def holds_letters(full: str, short: str) -> bool:
    """Whether a full name contains the characters of a short one in order: 城市运行管理中心, 城运中心."""
    letters = iter(full)
    return all(letter in letters for letter in short)


def _place_in(subject: str) -> Callable[[str], int]:
    """The sort key of a subject's duties: 文化, 广播电视, 旅游 come in this order in 文化广电旅游."""

    def place(duty: str) -> int:
        at = subject.find(duty[0])
        return at if at >= 0 else len(subject)

    return place
