"""Judgements: people's decisions about which body a name in a place means.

They are kept in OUTPUT/judgements.csv, apart from the lexicon, and are applied whenever the OUTPUT
is parsed or judged anew.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from pipeline.dataset.csv_rows import read_rows, rows_to_csv
from pipeline.dataset.described_tables import write_table
from pipeline.dataset.in_force import all_names
from pipeline.dataset.manifest import JUDGEMENTS
from pipeline.errors import LexiconError, OutputError
from pipeline.model import Body, Item, Name, NameKind, Notice, Stated
from pipeline.names.bodies import describe, level_of, resolve, resolve_notice
from pipeline.text import round_brackets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_Named = TypeVar("_Named", Name, Stated)
_COLUMNS = ("place", "name", "body", "decision", "who", "why")
_DECISIONS = ("same", "different", "unsure")


class Judgement(NamedTuple):
    """One decision: whether a name means a body, in a place or (place empty) anywhere."""

    place: str
    name: str
    body: str
    decision: str
    who: str
    why: str


def read_judgements(path: Path) -> list[Judgement]:
    """Read the decisions of a file. Raises LexiconError with file, line and remedy."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise LexiconError(path, f"cannot be read ({error.strerror})", "check the path") from error
    except UnicodeDecodeError as error:
        raise LexiconError(path, f"not UTF-8 at byte {error.start}", "save it as UTF-8") from error
    found: dict[tuple[str, str, str], Judgement] = {}
    try:
        for line, row in read_rows(path, text, _COLUMNS):
            one = Judgement(*(row[column].strip() for column in _COLUMNS))
            _check(one, line)
            if _key(one) in found and found[_key(one)][:4] != one[:4]:
                raise LexiconError(line, f"{one.name!r} is judged twice", "keep one decision")
            found[_key(one)] = one
    except OutputError as error:
        raise LexiconError(error.place, error.fact, error.remedy) from error
    return list(found.values())


def _key(one: Judgement) -> tuple[str, str, str]:
    """Return what a decision is about: a name that is not one body may still be another."""
    return one.place, one.name, one.body if one.decision == "different" else ""


def _check(one: Judgement, line: str) -> None:
    if one.decision not in _DECISIONS:
        fact = f"the decision is {one.decision!r}"
        raise LexiconError(line, fact, f"write one of {', '.join(_DECISIONS)}")
    if not one.name or (one.decision == "same" and not one.body):
        raise LexiconError(line, "a name or a body is missing", "fill or delete the row")
    if not one.who:
        raise LexiconError(line, "nobody has decided", "write a name under who")


def keep_judgements(judgements: Iterable[Judgement], output: Path) -> list[Judgement]:
    """Add decisions to those that an OUTPUT keeps, write all and return them. Raises OutputError."""
    path = output / JUDGEMENTS
    kept = read_judgements(path) if path.is_file() else []
    judgements = list(judgements)
    # The last decision on a name wins, whatever the earlier ones were.
    again = {(one.place, one.name) for one in judgements}
    merged = {_key(one): one for one in kept if (one.place, one.name) not in again}
    merged |= {_key(one): one for one in judgements}
    return _write(output, merged)


def replace_judgements(
    output: Path, about: tuple[str, str], judgements: Iterable[Judgement]
) -> list[Judgement]:
    """Put other decisions, or none, in place of those on a name; return the earlier ones.

    `about` is the place and the name. Raises LexiconError, OutputError.
    """
    path = output / JUDGEMENTS
    kept = read_judgements(path) if path.is_file() else []
    earlier = [one for one in kept if (one.place, one.name) == about]
    others = [one for one in kept if (one.place, one.name) != about]
    _write(output, {_key(one): one for one in (*others, *judgements)})
    return earlier


def _write(output: Path, judgements: Mapping[tuple[str, str, str], Judgement]) -> list[Judgement]:
    found = [judgements[key] for key in sorted(judgements)]
    name = JUDGEMENTS.partition(".")[0]
    write_table(output, name, rows_to_csv(_COLUMNS, [one._asdict() for one in found]))
    return found


def resolve_anew(notice: Notice) -> Notice:
    """Return a record with the bodies that parsing gives its names, without any decisions."""
    lists = [
        assignment.names
        for item in notice.items
        for assignment in item.assignments
        if assignment.role != "leader"
    ]
    lists_of_names = [tuple(round_brackets(name.name) for name in names) for names in lists]
    found: dict[int, str | None] = {}
    bodies: dict[str, Body] = {}
    answers = resolve_notice(lists_of_names, notice.home, notice.year)
    for name, one in zip(chain.from_iterable(lists), chain.from_iterable(answers), strict=True):
        found[name.span.start] = one.canonical
        if one.canonical and one.canonical not in bodies:
            about: dict[str, Any] = {**describe(name.name, notice.home, one), "kind": name.kind}
            bodies[one.canonical] = Body(**about)

    def with_body(name: _Named) -> _Named:
        if isinstance(name, Stated) or name.kind == "person":
            return name
        return replace(name, canonical=found.get(name.span.start))

    items = tuple(_map_names(item, with_body) for item in notice.items)
    return notice.model_copy(update={"items": items, "bodies": tuple(bodies.values())})


def judge_notice(notice: Notice, judgements: Iterable[Judgement]) -> Notice:
    """Return a notice with decisions applied: `same` sets the body, `different` and `unsure` remove it."""
    near: dict[str, list[Judgement]] = {}
    for one in sorted(judgements, key=lambda one: bool(one.place)):
        if (notice.home or "").endswith(one.place):
            # A decision for this place counts before one for everywhere.
            own = [other for other in near.get(one.name, ()) if other.place == one.place]
            near[one.name] = [*own, one]
    if not near:
        return notice

    def with_body(name: _Named) -> _Named:
        return replace(name, canonical=_decide_body(name, near, notice))

    items = tuple(_map_names(item, with_body) for item in notice.items)
    edits = tuple(
        replace(edit, items=tuple(_map_names(item, with_body) for item in edit.items))
        for edit in notice.edits
    )
    judged = notice.model_copy(update={"items": items, "edits": edits})
    known = {body.canonical: body for body in notice.bodies}
    bodies: dict[str, Body] = {}
    for name in all_names(judged):
        if name.canonical is not None:
            body = known.get(name.canonical)
            bodies[name.canonical] = body or _describe_body(name.canonical, name.kind, notice)
    return judged.model_copy(update={"bodies": tuple(bodies.values())})


def _describe_body(canonical: str, kind: NameKind, notice: Notice) -> Body:
    """Describe a body that a person named: its level and place as a notice that prints it gives."""
    level, place = level_of(canonical, notice.home)
    about: dict[str, Any] = {"level": level or None, "place": place or None}
    return Body(canonical=canonical, kind=kind, **about)


def _decide_body(
    name: Name | Stated, near: dict[str, list[Judgement]], notice: Notice
) -> str | None:
    """Return the body of a name by the decisions, else the body that it has or the lexicon gives."""
    decided = near.get(name.name, [])
    if not decided or name.kind == "person":
        return name.canonical
    for one in decided:
        if one.decision == "same":
            return one.body
    own = resolve(name.name, notice.home, notice.year).canonical
    refused = any(one.decision == "unsure" or one.body in (own, "") for one in decided)
    return None if refused else own


class _NameChange(Protocol):
    """A function that returns a printed or stated name with another body."""

    def __call__(self, name: _Named) -> _Named: ...


def _map_names(item: Item, change: _NameChange) -> Item:
    """Return an item with a change made to all of its names."""
    corrected = tuple(
        replace(one, names=tuple(change(name) for name in one.names)) for one in item.corrected
    )
    assignments = tuple(
        replace(one, names=tuple(change(name) for name in one.names)) for one in item.assignments
    )
    return replace(
        item,
        assignments=assignments,
        corrected=corrected,
        host_units=tuple(change(name) for name in item.host_units),
        co_host_units=tuple(change(name) for name in item.co_host_units),
    )
