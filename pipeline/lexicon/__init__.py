"""Load the word tables of the package, and those of a user that extend or replace their rows.

Each table is a UTF-8 CSV with a header row, sorted, one fact a row; anyone can edit it in a
spreadsheet. Patterns made from a table are compiled once per process, when a module is imported.
"""

from __future__ import annotations

import csv
import re
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import LexiconError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable

_COLUMNS = {
    "bodies": ("form", "body", "level", "place", "kind", "source"),
    "boilerplate": ("phrase", "kind", "source"),
    "clause_words": ("word", "kind", "source"),
    "collectives": ("place", "collective", "member", "source"),
    "columns": ("word", "kind", "source"),
    "document_types": ("word", "kind", "source"),
    "due_phrases": ("phrase", "meaning", "source"),
    "duties": ("subject", "duty", "source"),
    "label_parts": ("word", "kind", "source"),
    "labels": ("label", "role", "field", "source"),
    "measure_units": ("unit", "same_as", "source"),
    "meta_names": ("name", "field", "source"),
    "name_faults": ("word", "kind", "source"),
    "page_keys": ("key", "field", "source"),
    "place_abbreviations": ("place", "abbreviation", "source"),
    "places": (
        *(
            "place",
            "parent",
            "from",
            "short",
            "level",
            "code",
            "to",
            "ended",
            "successor",
            "source",
        ),
    ),
    "plan_titles": ("word", "kind", "source"),
    "radicals": ("radical", "ideograph", "source"),
    "register_words": ("word", "kind", "source"),
    "renames": ("before", "after", "kind", "level", "place", "from", "to", "source"),
    "section_headings": ("word", "kind", "source"),
    "subjects": ("form", "subject", "use", "source"),
    "terms": ("term", "source"),
    "unit_words": ("word", "kind", "source"),
    "verbs": ("verb", "role", "source"),
    "web_words": ("word", "kind", "source"),
}

# How many leading columns identify a row, where not one: a form may name two bodies (ambiguous).
_KEYS = {
    "bodies": 4,
    "clause_words": 2,
    "collectives": 3,
    "duties": 2,
    "label_parts": 2,
    "name_faults": 2,
    "places": 3,
    "renames": 5,
    "subjects": 2,
    "unit_words": 2,
    "web_words": 2,
}
# The values that a column of a closed set may have.
_CHOICES = {
    ("due_phrases", "meaning"): frozenset({"done", "event", "ongoing", "vague", "year"}),
    ("labels", "role"): frozenset(
        {"assist", "deadline", "field", "lead", "leader", "main", "resp"},
    ),
    ("verbs", "role"): frozenset({"assist", "guide", "lead", "resp"}),
    ("bodies", "level"): frozenset({"national", "local"}),
    ("bodies", "kind"): frozenset(
        {"national", "department", "party", "congress", "cppcc", "court", "military", "government"}
        | {"mass", "vertical", "enterprise", "service", "temporary", "grassroots"}
    ),
    ("places", "level"): frozenset({"province", "city", "county", "zone"}),
    ("places", "ended"): frozenset({"", "renamed", "moved", "merged", "abolished"}),
    ("renames", "kind"): frozenset({"renamed", "merged", "split", "variant"}),
    ("renames", "level"): frozenset({"", "national"}),
    ("subjects", "use"): frozenset({"whole", "part"}),
}
# Tables that are looked up anew under each folder. Every other table is compiled into patterns
# and constants of modules when they are imported, and cannot change afterwards.
_LOOKED_UP = frozenset(
    {"bodies", "collectives", "duties", "place_abbreviations", "places", "renames", "subjects"}
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Tables whose years may be empty: from before the table begins, or until today.
_OPEN_YEARS = frozenset({"places"})

_Row = dict[str, str]
# The folder of a user's own tables, laid over ours for the run that named it.
_FOLDER: ContextVar[Path | None] = ContextVar("lexicon_folder", default=None)
# The user's file (None: ours alone) from which each compiled table was first read. Patterns
# in imported modules are made of that file, so this state lasts as long as the process.
_COMPILED: dict[str, Path | None] = {}


def lay_over(folder: Path | None) -> None:
    """Lay a folder of tables over ours: a row with our key replaces ours, others are added.

    None takes an earlier folder away. Every table is read and checked now. Raises LexiconError,
    also where patterns were already made of a table that the folder changes: call it before the
    parser is imported.
    """
    if folder is not None:
        if not folder.is_dir():
            raise LexiconError(folder, "is no folder", "name a folder of lexicon tables")
        for path in sorted(folder.glob("*.csv")):
            if path.stem not in _COLUMNS:
                raise LexiconError(path, "is no table", f"the tables are {', '.join(_COLUMNS)}")
            _read_table(path.stem, path, str(path))
    _refuse_late(folder)
    before = _FOLDER.get()
    _FOLDER.set(folder)
    try:
        if folder is not None:
            check_renames(folder / "renames.csv")
    except LexiconError:
        _FOLDER.set(before)
        raise


def _refuse_late(folder: Path | None) -> None:
    """Raise LexiconError where a folder changes a table of which patterns were already made."""
    for table, used in _COMPILED.items():
        path = _own_file(table, folder)
        if path != used:
            how = f"as in {used}" if used else "without it"
            fact = f"the words of {table} are already in use {how}"
            raise LexiconError(path or used, fact, "lay it over before the parser is imported")


def _own_file(table: str, folder: Path | None) -> Path | None:
    """The user's own file of a table, or None."""
    path = folder / f"{table}.csv" if folder is not None else None
    return path.resolve() if path is not None and path.is_file() else None


def forget_tables() -> None:
    """Forget the folder and every table that was read; patterns made of them stay. For tests."""
    _FOLDER.set(None)
    _COMPILED.clear()
    _rows.cache_clear()


def folder() -> Path | None:
    """The folder laid over our tables, or None."""
    return _FOLDER.get()


def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of a table, ours and then a user's, in file order.

    Raises LexiconError if a column is missing, a row is repeated, a value of a closed set is
    unknown or the file is not UTF-8.
    """
    over = _FOLDER.get()
    found = _rows(table, over)
    if table not in _LOOKED_UP and table not in _COMPILED:
        _COMPILED[table] = _own_file(table, over)
    return found


@cache
def _rows(table: str, over: Path | None) -> tuple[_Row, ...]:
    ours = _read_table(table, files(__package__) / f"{table}.csv", f"lexicon/{table}.csv")
    if over is not None and (over / f"{table}.csv").is_file():
        ours |= _read_table(table, over / f"{table}.csv", str(over / f"{table}.csv"))
    return tuple(ours.values())


def cells(table: str) -> list[list[str]]:
    """The rows of a table as lists of cells; ours alone are split without being checked.

    This takes a tenth of the time of `rows`, for a table of thousands of which a run needs a few.
    No cell of ours has a comma, and the tests check every row. Raises LexiconError as `rows` does.
    """
    over = _FOLDER.get()
    if table not in _LOOKED_UP or _own_file(table, over) is not None:
        return [list(row.values()) for row in rows(table)]
    text = (files(__package__) / f"{table}.csv").read_text("utf-8")
    return [line.split(",") for line in text.splitlines()[1:]]


def _read_table(table: str, path: Traversable, place: str) -> dict[tuple[str, ...], _Row]:
    """Read and check the rows of one file, by their key; `place` is its name in errors."""
    columns = _COLUMNS[table]
    try:
        text = path.read_text("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise LexiconError(place, f"not UTF-8 at byte {error.start}", "save it as UTF-8") from error
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != columns:
        fact = f"the header is {reader.fieldnames}"
        raise LexiconError(place, fact, f"the columns are {','.join(columns)}")
    found: dict[tuple[str, ...], _Row] = {}
    for row in reader:
        line = f"{place} line {reader.line_num}"
        if None in row or None in row.values():
            fact = f"has not {len(columns)} cells"
            raise LexiconError(line, fact, f"the columns are {','.join(columns)}")
        _check_row(table, row, line)
        key = tuple(row[column] for column in columns[: _KEYS.get(table, 1)])
        if key in found:
            raise LexiconError(line, f"{key[0]!r} again", "keep one row")
        found[key] = row
    return found


def _check_row(table: str, row: _Row, line: str) -> None:
    for column, cell in row.items():
        choices = _CHOICES.get((table, column))
        if choices is not None and cell not in choices:
            remedy = f"write one of {', '.join(sorted(filter(None, choices)))}"
            raise LexiconError(line, f"{column} is {cell!r}", remedy)
        is_open = not cell and table in _OPEN_YEARS
        if column in ("from", "to") and not is_open and not _YEAR.fullmatch(cell):
            raise LexiconError(line, f"{column} is {cell!r}", "write a year of four digits")
    if not row[_COLUMNS[table][0]] and table != "collectives":
        raise LexiconError(line, "the first cell is empty", "fill or delete the row")


def check_renames(place: Path) -> None:
    """Refuse renames in a circle: 甲 to 乙 and 乙 to 甲. Raises LexiconError.

    Only `renamed` and `merged` count: a part that is split off may take an earlier name again.
    """
    after: dict[str, set[str]] = {}
    for row in rows("renames"):
        if row["kind"] in ("renamed", "merged"):
            after.setdefault(row["before"], set()).add(row["after"])
    for start, first in after.items():
        seen: set[str] = set()
        ahead = list(first)
        while ahead:
            name = ahead.pop()
            if name == start:
                remedy = "write kind variant where names alternate, else delete a row"
                raise LexiconError(place, f"{start!r} is renamed in a circle", remedy)
            if name not in seen:
                seen.add(name)
                ahead.extend(after.get(name, ()))


def mapping(table: str, value: str) -> dict[str, str]:
    """Map the first column of a table to another; rows where that one is empty are left out."""
    key = _COLUMNS[table][0]
    return {row[key]: row[value] for row in rows(table) if row[value]}


def words(table: str, kind: str) -> tuple[str, ...]:
    """The first column of the rows whose second column is `kind`."""
    key, second = _COLUMNS[table][:2]
    return tuple(row[key] for row in rows(table) if row[second] == kind)


def alternation(choices: Iterable[str]) -> str:
    """A regular expression that matches any of the choices literally, the longest first."""
    return "|".join(re.escape(choice) for choice in sorted(choices, key=lambda c: (-len(c), c)))
