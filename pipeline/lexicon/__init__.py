"""Our word tables, and the one loader that reads them.

Each table is a UTF-8 CSV with a header row, sorted, one fact a row; anyone can edit it in a
spreadsheet. Patterns made from a table are compiled once a process.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pipeline.errors import LexiconError

if TYPE_CHECKING:
    from collections.abc import Iterable

_COLUMNS = {
    "boilerplate": ("phrase", "kind", "source"),
    "document_types": ("word", "kind", "source"),
    "due_phrases": ("phrase", "precision", "source"),
    "labels": ("label", "role", "field", "source"),
    "meta_names": ("name", "field", "source"),
    "page_keys": ("key", "field", "source"),
    "radicals": ("radical", "ideograph", "source"),
    "unit_words": ("word", "kind", "source"),
    "verbs": ("verb", "role", "source"),
    "web_words": ("word", "kind", "source"),
}

# A word may be of several kinds here: 部门 ends a name, and alone names nobody.
_REPEATS = frozenset({"unit_words", "web_words"})


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of a table, in file order.

    Raises LexiconError if a column is missing, a row is repeated or the file is not UTF-8.
    """
    columns = _COLUMNS[table]
    place = f"lexicon/{table}.csv"
    try:
        text = (files(__package__) / f"{table}.csv").read_text("utf-8")
    except UnicodeDecodeError as error:
        raise LexiconError(place, f"not UTF-8 at byte {error.start}", "save it as UTF-8") from error
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != columns:
        fact = f"the header is {reader.fieldnames}"
        raise LexiconError(place, fact, f"the columns are {','.join(columns)}")
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in reader:
        key = (row[columns[0]], row[columns[1]] if table in _REPEATS else "")
        if key in found:
            raise LexiconError(
                f"{place} line {reader.line_num}", f"{key[0]!r} again", "keep one row"
            )
        found[key] = row
    return tuple(found.values())


@cache
def mapping(table: str, value: str) -> dict[str, str]:
    """The table as first column -> the named column, rows without a value left out."""
    key = _COLUMNS[table][0]
    return {row[key]: row[value] for row in rows(table) if row[value]}


@cache
def words(table: str, kind: str) -> tuple[str, ...]:
    """The first column of the rows whose second column is `kind`."""
    key, second = _COLUMNS[table][:2]
    return tuple(row[key] for row in rows(table) if row[second] == kind)


def alternation(choices: Iterable[str]) -> str:
    """The choices as a pattern, longest first, each matched literally."""
    return "|".join(re.escape(choice) for choice in sorted(choices, key=lambda c: (-len(c), c)))
