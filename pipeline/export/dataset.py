"""Notices -> OUTPUT: one JSON a notice, the tables, the data package; and back."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from pipeline.errors import OutputError
from pipeline.export.files import write_whole
from pipeline.export.gathered import Gathering
from pipeline.export.tables import COLUMNS, notice_rows, package, to_csv
from pipeline.model import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def write_dataset(notices: Iterable[Notice], output: Path) -> None:
    """Write every record and table; OUTPUT then holds exactly these notices.

    A record of an earlier run whose notice is not among these is removed last. Raises OutputError.
    """
    before = _known_ids(output)
    rows: dict[str, list[dict[str, object]]] = {table: [] for table in COLUMNS}
    written: set[str] = set()
    gathering = Gathering()
    for notice in notices:
        gathering.add(notice)
        data = notice.model_dump_json(indent=1).encode() + b"\n"
        write_whole(output / "json" / f"{notice.notice_id}.json", data)
        written.add(notice.notice_id)
        for table, more in notice_rows(notice).items():
            rows[table].extend(more)
    rows |= gathering.rows()
    for table, table_rows in rows.items():
        write_whole(output / f"{table}.csv", to_csv(table, table_rows))
    sizes = {table: len(table_rows) for table, table_rows in rows.items()}
    write_whole(output / "datapackage.json", package(sizes))
    for gone in before - written:
        (output / "json" / f"{gone}.json").unlink(missing_ok=True)


def _known_ids(output: Path) -> set[str]:
    try:
        text = (output / "notices.csv").read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return set()
    found = {row.get("notice_id") or "" for row in csv.DictReader(io.StringIO(text))}
    return {name for name in found if name and "/" not in name}


def read_records(output: Path) -> Iterator[Notice]:
    """The records of an OUTPUT folder, in order of their file names. Raises OutputError."""
    paths = sorted((output / "json").glob("*.json"))
    if not paths:
        raise OutputError(output, "holds no records", "run fengong parse first")
    for path in paths:
        yield read_record(path)


def read_record(path: Path) -> Notice:
    """One record. Raises OutputError if it cannot be read or is none."""
    try:
        return Notice.model_validate_json(path.read_bytes())
    except OSError as error:
        raise OutputError(path, f"cannot be read ({error.strerror})", "check rights") from error
    except ValidationError as error:
        first = error.errors()[0]
        fact = f"is no record ({'.'.join(map(str, first['loc']))}: {first['msg']})"
        raise OutputError(path, fact, "parse the source again") from error
