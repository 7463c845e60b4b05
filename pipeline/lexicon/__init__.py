"""Our word tables, and the one loader that reads them.

Each table is a UTF-8 CSV with a header row, sorted, one fact a row; anyone can edit it in a
spreadsheet. Patterns made from a table are compiled once a process.
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
    "collectives": ("place", "collective", "member", "source"),
    "columns": ("word", "kind", "source"),
    "document_types": ("word", "kind", "source"),
    "due_phrases": ("phrase", "precision", "source"),
    "duties": ("subject", "duty", "source"),
    "labels": ("label", "role", "field", "source"),
    "meta_names": ("name", "field", "source"),
    "page_keys": ("key", "field", "source"),
    "places": ("place", "parent", "level", "short", "source"),
    "radicals": ("radical", "ideograph", "source"),
    "renames": ("before", "after", "kind", "level", "place", "from", "to", "source"),
    "subjects": ("form", "subject", "use", "source"),
    "terms": ("term", "source"),
    "unit_words": ("word", "kind", "source"),
    "verbs": ("verb", "role", "source"),
    "web_words": ("word", "kind", "source"),
}

# How many columns tell a row from another: a form may stand for two bodies, and is then ambiguous.
_KEYS = {
    "bodies": 4,
    "collectives": 3,
    "duties": 2,
    "places": 2,
    "renames": 5,
    "subjects": 2,
    "unit_words": 2,
    "web_words": 2,
}
# What a column may say.
_CHOICES = {
    ("labels", "role"): frozenset(
        {"assist", "deadline", "field", "lead", "leader", "main", "resp"},
    ),
    ("verbs", "role"): frozenset({"assist", "guide", "lead", "resp"}),
    ("bodies", "level"): frozenset({"national", "local"}),
    ("bodies", "kind"): frozenset(
        {"national", "department", "party", "congress", "cppcc", "court", "military", "government"}
        | {"mass", "vertical", "enterprise", "service", "temporary", "grassroots"}
    ),
    ("places", "level"): frozenset({"province", "city", "county"}),
    ("renames", "kind"): frozenset({"renamed", "merged", "split", "variant"}),
    ("renames", "level"): frozenset({"", "national"}),
    ("subjects", "use"): frozenset({"whole", "part"}),
}
_Row = dict[str, str]
# The folder of a user's own tables, laid over ours for the run that named it.
_FOLDER: ContextVar[Path | None] = ContextVar("lexicon_folder", default=None)


def lay_over(folder: Path | None) -> None:
    """Lay a folder of tables over ours: a row with our key replaces ours, others are added.

    Every table is read and checked now. Tables that patterns are made of must be laid before the
    parser is imported. Raises LexiconError.
    """
    if folder is not None:
        if not folder.is_dir():
            raise LexiconError(folder, "is no folder", "name a folder of lexicon tables")
        for path in sorted(folder.glob("*.csv")):
            if path.stem not in _COLUMNS:
                raise LexiconError(path, "is no table", f"the tables are {', '.join(_COLUMNS)}")
            _read_table(path.stem, path, str(path))
    before = _FOLDER.get()
    _FOLDER.set(folder)
    try:
        if folder is not None:
            check_renames(folder / "renames.csv")
    except LexiconError:
        _FOLDER.set(before)
        raise


def folder() -> Path | None:
    """The folder laid over our tables, or None."""
    return _FOLDER.get()


def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of a table, ours and then a user's, in file order.

    Raises LexiconError if a column is missing, a row is repeated, a word of a closed set is
    unknown or the file is not UTF-8.
    """
    return _rows(table, _FOLDER.get())


@cache
def _rows(table: str, over: Path | None) -> tuple[_Row, ...]:
    ours = _read_table(table, files(__package__) / f"{table}.csv", f"lexicon/{table}.csv")
    if over is not None and (over / f"{table}.csv").is_file():
        ours |= _read_table(table, over / f"{table}.csv", str(over / f"{table}.csv"))
    return tuple(ours.values())


def _read_table(table: str, path: Traversable, place: str) -> dict[tuple[str, ...], _Row]:
    """A table's rows by their key, each cell checked against what its column may say."""
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
        if column in ("from", "to") and not _YEAR.fullmatch(cell):
            raise LexiconError(line, f"{column} is {cell!r}", "write a year of four digits")
    if not row[_COLUMNS[table][0]] and table != "collectives":
        raise LexiconError(line, "the first cell is empty", "fill or delete the row")


_YEAR = re.compile(r"(?:19|20)\d\d")


def check_renames(place: Path) -> None:
    """Refuse renames that lead back to where they began: A to B and B to A.

    A part may be split off and be called as the whole's forerunner was. Raises LexiconError.
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
    """The table as first column -> the named column, rows without a value left out."""
    key = _COLUMNS[table][0]
    return {row[key]: row[value] for row in rows(table) if row[value]}


def words(table: str, kind: str) -> tuple[str, ...]:
    """The first column of the rows whose second column is `kind`."""
    key, second = _COLUMNS[table][:2]
    return tuple(row[key] for row in rows(table) if row[second] == kind)


def alternation(choices: Iterable[str]) -> str:
    """The choices as a pattern, longest first, each matched literally."""
    return "|".join(re.escape(choice) for choice in sorted(choices, key=lambda c: (-len(c), c)))
