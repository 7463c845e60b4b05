"""Name the units, groups and persons of a notice: as printed, by canonical name, with their posts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Literal, NamedTuple

from pipeline.names.bodies import BodyFacts, Resolution, describe, resolve_notice
from pipeline.names.lists import ListedName
from pipeline.names.units import is_collective
from pipeline.parse.normalize import Shadow
from pipeline.parse.roles import Owner, Role
from pipeline.text import without_blanks

Span = tuple[int, int]
NameKind = Literal["unit", "collective", "person"]

_BLANK = re.compile(r"\s")


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
    shadow: Shadow, owners: Iterable[list[Owner]], place: str | None, year: int | None
) -> NoticeNames:
    """The names of all owners of a notice, resolved by its place and year."""
    first: dict[Span, tuple[ListedName, Role]] = {}
    lists: list[list[Span]] = []
    for owner in chain.from_iterable(owners):
        spans = [(listed.start, listed.end) for listed in owner.names]
        for span, listed in zip(spans, owner.names, strict=True):
            if span not in first:
                first[span] = listed, owner.role
        if owner.role != "leader":
            lists.append(spans)
    resolved = _resolve(shadow.folded, lists, place, year)
    canonical = {span: one.canonical for span, (_, one) in resolved.items()}
    printed = {
        span: _print_name(shadow, listed, role, canonical.get(span))
        for span, (listed, role) in first.items()
    }
    bodies: dict[str, NamedBody] = {}
    ambiguous: dict[str, Ambiguity] = {}
    for span, (name, one) in resolved.items():
        if one.canonical:
            if one.canonical not in bodies:
                bodies[one.canonical] = NamedBody(printed[span].kind, describe(name, place, one))
        elif one.candidates and name not in ambiguous:
            ambiguous[name] = Ambiguity(printed[span].name, one.candidates, span)
    return NoticeNames(_fill_posts(printed), bodies, tuple(ambiguous.values()))


def _resolve(
    folded: str, lists: list[list[Span]], place: str | None, year: int | None
) -> dict[Span, tuple[str, Resolution]]:
    """The folded name and the resolution of each span; a list that resolves it comes before others."""
    names = [tuple([without_blanks(folded[start:end]) for start, end in spans]) for spans in lists]
    found: dict[Span, tuple[str, Resolution]] = {}
    for spans, said, answers in zip(lists, names, resolve_notice(names, place, year), strict=True):
        for span, name, one in zip(spans, said, answers, strict=True):
            if one.canonical or span not in found:
                found[span] = name, one
    return found


def _print_name(
    shadow: Shadow, listed: ListedName, role: Role, canonical: str | None
) -> PrintedName:
    """A name with its own characters, folded; a text in traditional script keeps its characters."""
    said = name = shadow.folded[listed.start : listed.end]
    if shadow.plain is not shadow.folded:
        name = shadow.plain[listed.start : listed.end]
    if _BLANK.search(name):
        said, name = without_blanks(said), without_blanks(name)
    post = shadow.plain[slice(*listed.post)].strip("、, ") if listed.post else None
    kind: NameKind = "person"
    if role != "leader":
        kind = "collective" if is_collective(said) else "unit"
    aliases = (shadow.plain[slice(*listed.plate)],) if listed.plate else ()
    return PrintedName(name.replace("[", "(").replace("]", ")"), kind, post, aliases, canonical)


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
