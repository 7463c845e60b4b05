"""The table SOURCES.csv of a folder of sources: where each file was collected, when, and with what.

This module alone reads and writes it. Columns that it does not know stay as they are.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from pipeline.dataset.files import write_whole
from pipeline.errors import OutputError, SourceError
from pipeline.read import check_readable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ORIGINS = "SOURCES.csv"
# The folder of fengong sieve beside the table; it holds no documents of the collection.
SIEVED = ".sieve"


@dataclass(frozen=True, slots=True)
class Origin:
    """A row of the table; `path` is relative to the folder of the table, with slashes.

    `part_of` is the path of the page that a file is attached to, `warc` the archive that holds the
    response, with the place of its record and the bytes that it takes there. `status` is the HTTP status.
    `copies` has a line for each further record with the same content: its archive, place, length and
    url. All are texts, empty where nothing is known.
    """

    path: str
    url: str = ""
    retrieved_at: str = ""
    sha256: str = ""
    media_type: str = ""
    status: str = ""
    final_url: str = ""
    part_of: str = ""
    warc: str = ""
    warc_offset: str = ""
    warc_length: str = ""
    copies: str = ""


COLUMNS = tuple(one.name for one in fields(Origin))


def read_origins(folder: Path) -> dict[str, Origin]:
    """Read the rows of a folder by path; none where there is no table.

    Raises OutputError where the table that is there cannot be read: whoever writes or removes files by
    its rows must not take it for an empty one.
    """
    rows, _ = _read_table(folder / ORIGINS)
    return {row["path"]: _to_origin(row) for row in rows if row["path"]}


def add_origins(folder: Path, added: Iterable[Origin]) -> None:
    """Write rows into the table of a folder, whole; a row of a path that is there is replaced.

    Raises OutputError where the table that is there cannot be read: its rows would be lost.
    """
    table = folder / ORIGINS
    rows, heads = _read_table(table)
    by_path = {row["path"]: row for row in rows}
    for one in added:
        own = {name: getattr(one, name) for name in COLUMNS}
        by_path[one.path] = by_path.get(one.path, {}) | own
    heads += [name for name in COLUMNS if name not in heads]
    write_whole(table, _to_csv(heads, by_path.values()))


def _read_table(table: Path) -> tuple[list[dict[str, str]], list[str]]:
    """Read the rows of a table and its heads; none where there is no table. Raises OutputError."""
    try:
        if not table.exists():
            return [], []
        return _read_rows(table)
    except (OSError, SourceError, UnicodeDecodeError, csv.Error) as error:
        fact = f"cannot be read ({error})"
        raise OutputError(table, fact, "mend it, so that no row of it is lost") from error


def _read_rows(table: Path) -> tuple[list[dict[str, str]], list[str]]:
    """Read the rows of a table and its heads; cells that are missing are empty."""
    check_readable(table)
    with table.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restkey="", restval="", strict=True)
        rows = [{name: row[name] for name in row if name} for row in reader]
        heads = [name for name in reader.fieldnames or () if name]
    if heads and "path" not in heads:
        raise SourceError(table, "has no column path", "give it the heads that it had")
    return rows, heads


def _to_origin(row: dict[str, str]) -> Origin:
    return Origin(**{name: row.get(name) or "" for name in COLUMNS})


def _to_csv(heads: list[str], rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, heads, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["path"]))
    return text.getvalue().encode()
