"""The bodies that a name may mean, each with its evidence: the rule, the letters, where else it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.names.bodies import find_near, resolve
from pipeline.names.same_body import is_same_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.web.names_desk.name_cases import NameCase, Quote

# Why a body is a candidate, the strongest reason first.
Reason = Literal["now", "alone", "ambiguous", "same", "near", "letters"]
_REASONS: tuple[Reason, ...] = ("now", "alone", "ambiguous", "same", "near", "letters")
_MOST = 6
# A body of the place is like a name where it has this share of the name's letters in order.
_LIKE = 0.75
_SHORTEST = 2


class KnownBody(NamedTuple):
    """A body that names of a place mean: those names, how often and in which years they are printed."""

    canonical: str
    names: tuple[str, ...]
    mentions: int
    years: tuple[int, ...]
    quotes: tuple[Quote, ...]


class Candidate(NamedTuple):
    """A body that a name may mean, and why; `letters` are its name cut into (text, is in the name too).

    `rule` says by which rule of names it is the same as another printed name, `known` where else the
    OUTPUT names it, `decision` what a person said of it.
    """

    body: str
    reason: Reason
    rule: str
    letters: tuple[tuple[str, bool], ...]
    known: KnownBody | None
    decision: str


def find_known_bodies(cases: Iterable[NameCase], case: NameCase) -> dict[str, KnownBody]:
    """Find the bodies that other names of a case's place mean now, by their canonical names."""
    found: dict[str, list[NameCase]] = {}
    for one in cases:
        for body in one.bodies if one.place == case.place and one.name != case.name else ():
            found.setdefault(body, []).append(one)
    return {body: _describe(body, own) for body, own in found.items()}


def _describe(body: str, cases: Sequence[NameCase]) -> KnownBody:
    return KnownBody(
        body,
        tuple(one.name for one in cases),
        sum(one.bodies[body] for one in cases),
        tuple(sorted({year for one in cases for year in one.years})),
        tuple(one.quotes[0] for one in cases if one.quotes)[:2],
    )


def find_case_candidates(case: NameCase, known: dict[str, KnownBody]) -> list[Candidate]:
    """Find the bodies that a name may mean: those of the tables, and those of its place."""
    place, year = case.place or None, max(case.years, default=None)
    alone = resolve(case.name, place, year)
    reasons: dict[str, Reason] = {}
    rules: dict[str, str] = {}

    def add(reason: Reason, bodies: Iterable[str], rule: str = "") -> None:
        for body in bodies:
            reasons.setdefault(body, reason)
            if rule:
                rules.setdefault(body, rule)

    add("now", (body for body, _ in case.bodies.most_common()))
    add("alone", filter(None, [alone.canonical]), alone.rule)
    if alone.rule != "group":
        add("ambiguous", alone.candidates)
    add("same", (one.body for one in case.decisions if one.body))
    for body, one in known.items():
        rule = _find_rule(case, one, year)
        if rule:
            add("same", [body], rule)
    if alone.canonical is None:
        add("near", find_near(case.name, place))
    if len(reasons) < _MOST:
        like = sorted(known, key=lambda body: (-_share(case.name, body), body))
        add("letters", (body for body in like if _share(case.name, body) >= _LIKE))
    said = {one.body: one.decision for one in case.decisions}
    in_order = sorted(reasons, key=lambda body: _REASONS.index(reasons[body]))[:_MOST]
    return [
        Candidate(body, reasons[body], rules.get(body, ""), mark_letters(case.name, body),
                  known.get(body), said.get(body, ""))
        for body in in_order
    ]  # fmt: skip


def _find_rule(case: NameCase, known: KnownBody, year: int | None) -> str:
    """Return the rule by which a name is one with another printed name of a body; empty for none."""
    for other in known.names:
        rule = is_same_body(case.name, other, case.place or None, year, year)
        if rule:
            return rule
    return ""


def _share(name: str, body: str) -> float:
    """Return the share of a name's letters that a body's name has in the same order."""
    if len(name) < _SHORTEST:
        return 0.0
    return sum(len(text) for text, is_common in mark_letters(name, body) if is_common) / len(name)


def mark_letters(name: str, body: str) -> tuple[tuple[str, bool], ...]:
    """Cut a body's name into letters that the printed name has in the same order, and others.

    区发改局, 盐田区发展和改革局 -> 盐田|区发|展和|改|革|局
    """
    # From the end: the office and the subject before it say more than the place at the head.
    marks = [False] * len(body)
    at = len(body)
    for letter in reversed(name):
        found = body.rfind(letter, 0, at)
        if found >= 0:
            marks[found] = True
            at = found
    runs: list[tuple[str, bool]] = []
    for letter, is_common in zip(body, marks, strict=True):
        if runs and runs[-1][1] == is_common:
            runs[-1] = (runs[-1][0] + letter, is_common)
        else:
            runs.append((letter, is_common))
    return tuple(runs)
