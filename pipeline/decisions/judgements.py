"""The names of an OUTPUT for a person to clean: a list, proposals for the lexicon, judgements.

Judgements are decisions of people about names in a place. They stand in OUTPUT/judgements.csv,
apart from the lexicon, and hold again whenever the OUTPUT is parsed or judged anew.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from pipeline.dataset.cells import read_rows, rows_to_csv
from pipeline.dataset.folder import read_records, write_table
from pipeline.dataset.in_force import all_names, in_force
from pipeline.dataset.manifest import JUDGEMENTS
from pipeline.errors import LexiconError, OutputError
from pipeline.model import Body, Item, Name, Notice, Stated
from pipeline.names.bodies import describe, find_near, resolve, resolve_notice
from pipeline.names.units import is_unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_Named = TypeVar("_Named", Name, Stated)
_COLUMNS = ("place", "name", "body", "decision", "who", "why")
_DECISIONS = ("same", "different", "unsure")
LISTED = ("name", "place", "count", "first_year", "last_year", "roles", "canonical", "rule", "near")
PROPOSED = ("form", "body", "level", "place", "kind", "source")
_JOIN = "、"


class Judgement(NamedTuple):
    """One decision: whether a name, in a place or anywhere, is a body."""

    place: str
    name: str
    body: str
    decision: str
    who: str
    why: str


@dataclass(slots=True)
class Listed:
    """A name in a place as a dataset prints it: how often, when, in which roles, and its body."""

    name: str
    place: str | None
    canonical: str | None
    count: int = 0
    years: set[int] = field(default_factory=set)
    roles: Counter[str] = field(default_factory=Counter)

    def row(self) -> dict[str, str]:
        """The name as a row of the list; near names where it has no canonical one."""
        found = resolve(self.name, self.place, max(self.years, default=None))
        near = () if self.canonical else found.candidates or find_near(self.name, self.place)
        rule = found.rule if found.canonical == self.canonical else "judged"
        return {
            "name": self.name,
            "place": self.place or "",
            "count": str(self.count),
            "first_year": str(min(self.years, default="")),
            "last_year": str(max(self.years, default="")),
            "roles": _JOIN.join(f"{role} {count}" for role, count in sorted(self.roles.items())),
            "canonical": self.canonical or "",
            "rule": rule,
            "near": _JOIN.join(near),
        }


def list_names(output: Path) -> list[Listed]:
    """Every unit and group that an OUTPUT names, place by place; those without a body first.

    Raises OutputError.
    """
    found: dict[tuple[str, str | None, str | None], Listed] = {}
    for notice in map(in_force, read_records(output)):
        years = {year for year in (notice.year, notice.year_end) if year is not None}
        for item in notice.items:
            for assignment in item.assignments:
                for name in assignment.names:
                    if name.kind == "person":
                        continue
                    key = (name.name, notice.place, name.canonical)
                    one = found.setdefault(key, Listed(*key))
                    one.count += 1
                    one.years |= years
                    one.roles[assignment.role] += 1
    return sorted(found.values(), key=lambda one: (one.canonical is not None, -one.count, one.name))


def write_list(output: Path, rows: list[dict[str, str]]) -> Path:
    """Write the list as OUTPUT/names.csv. Raises OutputError."""
    return write_table(output, "names", rows_to_csv(LISTED, rows))


def propose(names: Iterable[Listed]) -> list[dict[str, str]]:
    """Lexicon rows for the names without a body, to be edited: `--lexicon` reads them as they are.

    The form is the name without its level and for now its own body; the source tells how often it
    was met and which full names come near.
    """
    rows: dict[str, dict[str, str]] = {}
    for one in names:
        form = one.name.split("(")[0].lstrip("省市区县州盟旗")
        if one.canonical is not None or not is_unit(form) or len(form) > _LONGEST:
            continue
        near = resolve(one.name, one.place, None).candidates or find_near(one.name, one.place)
        source = "; ".join(filter(None, (f"proposed, met {one.count} times", _JOIN.join(near))))
        row = (form, form, "local", "", "government", source)
        rows.setdefault(form, dict(zip(PROPOSED, row, strict=True)))
    return [rows[form] for form in sorted(rows)]


# Longer names are sentences that were read as a name.
_LONGEST = 20


# --- Judgements --------------------------------------------------------------------------------


def read_judgements(path: Path) -> list[Judgement]:
    """The decisions of a file. Raises LexiconError with file, line and remedy."""
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
    """What a decision is on: a name that is not one body may still be another."""
    return one.place, one.name, one.body if one.decision == "different" else ""


def _check(one: Judgement, line: str) -> None:
    if one.decision not in _DECISIONS:
        fact = f"the decision is {one.decision!r}"
        raise LexiconError(line, fact, f"write one of {', '.join(_DECISIONS)}")
    if not one.name or (one.decision == "same" and not one.body):
        raise LexiconError(line, "a name or a body is missing", "fill or delete the row")
    if not one.who:
        raise LexiconError(line, "nobody has decided", "write a name under who")


def keep(judgements: Iterable[Judgement], output: Path) -> list[Judgement]:
    """Lay decisions over those that an OUTPUT keeps, write all back and return them."""
    path = output / JUDGEMENTS
    kept = read_judgements(path) if path.is_file() else []
    judgements = list(judgements)
    # The last decision on a name wins, whatever the earlier ones were.
    again = {(one.place, one.name) for one in judgements}
    merged = {_key(one): one for one in kept if (one.place, one.name) not in again}
    merged |= {_key(one): one for one in judgements}
    found = [merged[key] for key in sorted(merged)]
    write_table(output, path.stem, rows_to_csv(_COLUMNS, [one._asdict() for one in found]))
    return found


def resolve_anew(notice: Notice) -> Notice:
    """A record with the bodies that parsing gives its names, whatever was decided on them before."""
    lists = [
        assignment.names
        for item in notice.items
        for assignment in item.assignments
        if assignment.role != "leader"
    ]
    said = [tuple(name.name for name in names) for names in lists]
    found: dict[int, str | None] = {}
    bodies: dict[str, Body] = {}
    answers = resolve_notice(said, notice.place, notice.year)
    for name, one in zip(chain.from_iterable(lists), chain.from_iterable(answers), strict=True):
        found[name.span.start] = one.canonical
        if one.canonical and one.canonical not in bodies:
            about = describe(name.name, notice.place, one)
            bodies[one.canonical] = Body(**about, kind=name.kind)

    def settle(name: _Named) -> _Named:
        if isinstance(name, Stated) or name.kind == "person":
            return name
        return name.model_copy(update={"canonical": found.get(name.span.start)})

    items = tuple(_judge_item(item, settle) for item in notice.items)
    return notice.model_copy(update={"items": items, "bodies": tuple(bodies.values())})


def judge_notice(notice: Notice, judgements: Iterable[Judgement]) -> Notice:
    """A notice with decisions in force: same gives the body, different and unsure take it away."""
    near: dict[str, list[Judgement]] = {}
    for one in sorted(judgements, key=lambda one: bool(one.place)):
        if (notice.place or "").endswith(one.place):
            # A decision for the place counts before one for everywhere.
            own = [other for other in near.get(one.name, ()) if other.place == one.place]
            near[one.name] = [*own, one]
    if not near:
        return notice

    def settle(name: _Named) -> _Named:
        return name.model_copy(update={"canonical": _settled(name, near, notice)})

    items = tuple(_judge_item(item, settle) for item in notice.items)
    judged = notice.model_copy(update={"items": items})
    known = {body.canonical: body for body in notice.bodies}
    bodies: dict[str, Body] = {}
    for name in all_names(judged):
        if name.canonical is not None:
            body = known.get(name.canonical)
            bodies[name.canonical] = body or Body(canonical=name.canonical, kind=name.kind)
    return judged.model_copy(update={"bodies": tuple(bodies.values())})


def _settled(name: Name | Stated, near: dict[str, list[Judgement]], notice: Notice) -> str | None:
    """The body of a name once decided; without a decision, what parsing or the lexicon says."""
    decided = near.get(name.name, [])
    if not decided or name.kind == "person":
        return name.canonical
    for one in decided:
        if one.decision == "same":
            return one.body
    own = resolve(name.name, notice.place, notice.year).canonical
    refused = any(one.decision == "unsure" or one.body in (own, "") for one in decided)
    return None if refused else own


class _Settle(Protocol):
    """A name, or a name that a person states, under the decisions in force."""

    def __call__(self, name: _Named) -> _Named: ...


def _judge_item(item: Item, settle: _Settle) -> Item:
    corrected = tuple(
        one.model_copy(update={"names": tuple(settle(name) for name in one.names)})
        for one in item.corrected
    )
    assignments = tuple(
        one.model_copy(update={"names": tuple(settle(name) for name in one.names)})
        for one in item.assignments
    )
    return item.model_copy(
        update={
            "assignments": assignments,
            "corrected": corrected,
            "host_units": tuple(settle(name) for name in item.host_units),
            "co_host_units": tuple(settle(name) for name in item.co_host_units),
        }
    )
