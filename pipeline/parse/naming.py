"""Name the units, groups and persons of a notice: as printed, by canonical name, with their posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from pipeline.names.bodies import BodyFacts, Resolution, describe, resolve_notice
from pipeline.names.lists import NameInList
from pipeline.names.units import is_collective
from pipeline.parse.normalize import NormalizedText
from pipeline.parse.roles import Owner, Role
from pipeline.text import print_brackets, round_brackets, without_blanks

Span = tuple[int, int]
NameKind = Literal["unit", "collective", "person"]

# A plan prints the same names again and again: so many are remembered.
_REMEMBERED = 1 << 12


class PrintedName(NamedTuple):
    """A name as the record prints it; `canonical` is None where it means no known body."""

    name: str
    kind: NameKind
    post: str | None
    aliases: tuple[str, ...]
    canonical: str | None


class NamedBody(NamedTuple):
    """A body that names of a notice mean, and the kind of the first of them."""

    kind: NameKind
    facts: BodyFacts


class Ambiguity(NamedTuple):
    """A name that fits several bodies, and where it is printed first."""

    name: str
    candidates: tuple[str, ...]
    span: Span


class NoticeNames(NamedTuple):
    """The names of a notice by their spans in the shadow, their bodies by canonical name."""

    printed: Mapping[Span, PrintedName]
    bodies: Mapping[str, NamedBody]
    ambiguous: Sequence[Ambiguity]


def name_owners(
    shadow: NormalizedText, owners: Iterable[list[Owner]], place: str | None, year: int | None
) -> NoticeNames:
    """The names of all owners of a notice, resolved by its place and year."""
    first: dict[Span, tuple[NameInList, Role]] = {}
    lists: list[list[Span]] = []
    for owner in chain.from_iterable(owners):
        spans = [(listed.start, listed.end) for listed in owner.names]
        for span, listed in zip(spans, owner.names, strict=True):
            if span not in first:
                first[span] = listed, owner.role
        if owner.role != "leader":
            lists.append(spans)
    resolved, ambiguous = _resolve(shadow.folded, lists, place, year)
    printed = _print_names(shadow, first, resolved)
    bodies: dict[str, NamedBody] = {}
    for span, (name, one) in resolved.items():
        if one.canonical and one.canonical not in bodies:
            bodies[one.canonical] = NamedBody(printed[span].kind, describe(name, place, one))
    return NoticeNames(
        _fill_posts(printed),
        bodies,
        [Ambiguity(printed[span].name, one.candidates, span) for span, one in ambiguous.values()],
    )


_Resolved = dict[Span, tuple[str, Resolution]]


def _resolve(
    folded: str, lists: list[list[Span]], place: str | None, year: int | None
) -> tuple[_Resolved, dict[str, tuple[Span, Resolution]]]:
    """The folded name and the body of each resolved span, and the first span of ambiguous names.

    A span in several lists is the body that the first of them makes it.
    """
    names = [tuple([_fold_name(folded[start:end]) for start, end in spans]) for spans in lists]
    resolved: _Resolved = {}
    ambiguous: dict[str, tuple[Span, Resolution]] = {}
    for spans, said, answers in zip(lists, names, resolve_notice(names, place, year), strict=True):
        for span, name, one in zip(spans, said, answers, strict=True):
            if span in resolved:
                continue
            if one.canonical:
                resolved[span] = name, one
            elif one.candidates and name not in ambiguous:
                ambiguous[name] = span, one
    return resolved, ambiguous


@lru_cache(_REMEMBERED)
def _fold_name(printed: str) -> str:
    """A printed name without blanks and with round brackets."""
    return round_brackets(without_blanks(printed))


def _print_names(
    shadow: NormalizedText, first: Mapping[Span, tuple[NameInList, Role]], resolved: _Resolved
) -> dict[Span, PrintedName]:
    """The names by their spans; those of the same words and body are made once."""
    made: dict[tuple[str, bool, str | None], PrintedName] = {}
    printed: dict[Span, PrintedName] = {}
    for span, (listed, role) in first.items():
        canonical = resolved[span][1].canonical if span in resolved else None
        if listed.plate or listed.post:
            printed[span] = _print_name(shadow, listed, role, canonical)
            continue
        key = shadow.plain[listed.start : listed.end], role == "leader", canonical
        one = made.get(key)
        if one is None:
            one = made[key] = _print_name(shadow, listed, role, canonical)
        printed[span] = one
    return printed


def _print_name(
    shadow: NormalizedText, listed: NameInList, role: Role, canonical: str | None
) -> PrintedName:
    """A name with its own characters, folded; a text in traditional script keeps its characters."""
    said = name = without_blanks(shadow.folded[listed.start : listed.end])
    if shadow.plain is not shadow.folded:
        name = without_blanks(shadow.plain[listed.start : listed.end])
    post = shadow.plain[slice(*listed.post)].strip("、, ") if listed.post else None
    kind: NameKind = "person"
    if role != "leader":
        kind = "collective" if is_collective(said) else "unit"
    aliases = (shadow.plain[slice(*listed.plate)],) if listed.plate else ()
    return PrintedName(print_brackets(name), kind, post, aliases, canonical)


def _fill_posts(printed: Mapping[Span, PrintedName]) -> dict[Span, PrintedName]:
    """Give a leader the post that the notice prints beside the name elsewhere, if it is only one."""
    posts: dict[str, set[str]] = {}
    for one in printed.values():
        if one.kind == "person" and one.post:
            posts.setdefault(one.name, set()).add(one.post)
    if not posts:
        return dict(printed)
    filled = dict(printed)
    for span, one in printed.items():
        own = posts.get(one.name, ()) if one.kind == "person" and not one.post else ()
        if len(own) == 1:
            filled[span] = one._replace(post=next(iter(own)))
    return filled
