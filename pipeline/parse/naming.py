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
from pipeline.parse.roles import Owner
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
    every = list(chain.from_iterable(owners))
    spans = [[(listed.start, listed.end) for listed in owner.names] for owner in every]
    lists = [own for own, owner in zip(spans, every, strict=True) if owner.role != "leader"]
    resolved = _resolve(shadow.folded, lists, place, year)
    printed = _print_names(shadow, zip(spans, every, strict=True), resolved.canonical)
    return NoticeNames(
        _fill_posts(printed),
        {
            canonical: NamedBody(printed[span].kind, describe(name, place, one))
            for canonical, (span, name, one) in resolved.bodies.items()
        },
        [
            Ambiguity(printed[span].name, one.candidates, span)
            for span, _, one in resolved.ambiguous.values()
        ],
    )


class _FirstName(NamedTuple):
    """The first name that means something: its span, its folded words, what it was resolved to."""

    span: Span
    name: str
    resolution: Resolution


class _ResolvedNames(NamedTuple):
    """The canonical names by span; the first names of each body and of each ambiguous name."""

    canonical: dict[Span, str]
    bodies: dict[str, _FirstName]
    ambiguous: dict[str, _FirstName]


def _resolve(
    folded: str, lists: list[list[Span]], place: str | None, year: int | None
) -> _ResolvedNames:
    """What the names of some lists mean. A span in several lists is what the first of them makes it."""
    names = [tuple([_fold_name(folded[start:end]) for start, end in spans]) for spans in lists]
    found = _ResolvedNames({}, {}, {})
    canonical, bodies, ambiguous = found
    for spans, said, answers in zip(lists, names, resolve_notice(names, place, year), strict=True):
        for span, name, one in zip(spans, said, answers, strict=True):
            if span in canonical:
                continue
            if one.canonical:
                canonical[span] = one.canonical
                if one.canonical not in bodies:
                    bodies[one.canonical] = _FirstName(span, name, one)
            elif one.candidates and name not in ambiguous:
                ambiguous[name] = _FirstName(span, name, one)
    return found


@lru_cache(_REMEMBERED)
def _fold_name(printed: str) -> str:
    """A printed name without blanks and with round brackets."""
    return round_brackets(without_blanks(printed))


def _print_names(
    shadow: NormalizedText,
    owners: Iterable[tuple[list[Span], Owner]],
    canonical: Mapping[Span, str],
) -> dict[Span, PrintedName]:
    """The names by their spans."""
    printed: dict[Span, PrintedName] = {}
    folded = shadow.folded
    is_simplified = shadow.plain is folded
    for spans, owner in owners:
        leads = owner.role == "leader"
        for span, listed in zip(spans, owner.names, strict=True):
            if span in printed:
                continue
            means = canonical.get(span)
            if is_simplified and not (listed.plate or listed.post):
                printed[span] = _print_words(folded[span[0] : span[1]], means, leads=leads)
            else:
                printed[span] = _print_name(shadow, listed, means, leads=leads)
    return printed


@lru_cache(_REMEMBERED)
def _print_words(folded: str, canonical: str | None, *, leads: bool) -> PrintedName:
    """The name that is printed in some words, without its blanks."""
    name = without_blanks(folded)
    kind: NameKind = "person"
    if not leads:
        kind = "collective" if is_collective(name) else "unit"
    return PrintedName(print_brackets(name), kind, None, (), canonical)


def _print_name(
    shadow: NormalizedText, listed: NameInList, canonical: str | None, *, leads: bool
) -> PrintedName:
    """A name with its post and plate; a text in traditional script keeps its characters."""
    plain = shadow.plain
    return _print_words(shadow.folded[listed.start : listed.end], canonical, leads=leads)._replace(
        name=print_brackets(without_blanks(plain[listed.start : listed.end])),
        post=plain[slice(*listed.post)].strip("、, ") if listed.post else None,
        aliases=(plain[slice(*listed.plate)],) if listed.plate else (),
    )


def _fill_posts(printed: Mapping[Span, PrintedName]) -> Mapping[Span, PrintedName]:
    """Give a leader the post that the notice prints beside the name elsewhere, if it is only one."""
    posts: dict[str, set[str]] = {}
    for one in printed.values():
        if one.kind == "person" and one.post:
            posts.setdefault(one.name, set()).add(one.post)
    if not posts:
        return printed
    filled = dict(printed)
    for span, one in printed.items():
        own = posts.get(one.name, ()) if one.kind == "person" and not one.post else ()
        if len(own) == 1:
            filled[span] = one._replace(post=next(iter(own)))
    return filled
