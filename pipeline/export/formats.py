"""Records -> a folder of files for other programs: Parquet, JSON Lines or CSV.

Each folder has the tables with values in force and the data package that describes them; Parquet
and JSON Lines also have the whole records. Records are taken in one by one and never all held.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Protocol

from pipeline.dataset.files import replace_whole
from pipeline.dataset.gathered import Gathering
from pipeline.dataset.in_force import in_force
from pipeline.dataset.manifest import MANIFEST, PACKAGE
from pipeline.dataset.table_rows import (
    COLUMNS,
    PACKAGE_NAME,
    notice_rows,
    package,
    plain_row,
    to_csv,
)
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

    from pipeline.model import Notice

Kind = Literal["parquet", "jsonl", "csv"]
RECORDS = "records"
NESTED_ITEMS = "items_nested"
# What an item's row tells of its notice where the item itself stays nested.
_ABOUT = (
    "notice_id", "year", "year_end", "region", "place", "document_number", "issuing_body",
    "issued_on",
)  # fmt: skip
# A portion of notices ends at the first of these; in Parquet it is a group of rows.
_MOST_NOTICES = 500
_MOST_CHARACTERS = 5_000_000
_RESOURCE = re.compile(r"\w+\.(?:parquet|jsonl|csv)")
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_Row = dict[str, Any]


class _Sink(Protocol):
    """A file while it is written: rows come, `count` tells how many."""

    count: int

    def add(self, rows: list[Any]) -> None:
        """Take in rows."""

    def close(self) -> None:
        """Write what is left."""

    def abandon(self) -> None:
        """Let go of a file that will not be kept."""


@dataclass(frozen=True, slots=True)
class _Format:
    """What a folder holds: files of a kind, and the notices' views beside the tables."""

    kind: Kind
    open: Callable[[str, BinaryIO], _Sink]
    views: Mapping[str, Callable[[Notice], list[Any]]]
    encoding: str = "utf-8"


# --- Parquet -----------------------------------------------------------------------------------


def write_parquet(notices: Iterable[Notice], folder: Path) -> dict[str, int]:
    """Write records.parquet, items_nested.parquet and the tables; returns the rows of each.

    records.parquet has the whole records, as `read_parquet_records` gives them back;
    items_nested.parquet an item a row in force, names as lists of structs. Raises OutputError,
    also where pyarrow is missing.
    """
    arrow = _import_arrow()
    from pipeline.model import Item, Notice  # noqa: PLC0415

    nested = {
        RECORDS: arrow.model_fields(Notice),
        NESTED_ITEMS: [*arrow.model_fields(Notice, _ABOUT), *arrow.model_fields(Item)],
    }

    def open_(name: str, file: BinaryIO) -> _Sink:
        made: _Sink = (
            arrow.ParquetSink(name, file, arrow.make_schema(nested[name]), 1)
            if name in nested
            else arrow.TableSink(name, file)
        )
        return made

    views = {RECORDS: _record, NESTED_ITEMS: _nested_items}
    return _write(notices, folder, _Format("parquet", open_, views))


def read_parquet_records(path: Path) -> Iterator[Notice]:
    """The records of a records.parquet, equal to those written. Raises OutputError."""
    yield from _import_arrow().read_notices(path)


def _import_arrow() -> ModuleType:
    try:
        from pipeline.export import arrow  # noqa: PLC0415
    except ImportError as error:
        place, remedy = "export to Parquet", "pip install pyarrow"
        raise OutputError(place, f"needs pyarrow ({error})", remedy) from error
    return arrow


def _record(notice: Notice) -> list[_Row]:
    return [notice.model_dump()]


def _nested_items(notice: Notice) -> list[_Row]:
    notice = in_force(notice)
    about = {name: getattr(notice, name) for name in _ABOUT}
    return [about | item.model_dump() for item in notice.items]


# --- JSON Lines, CSV ---------------------------------------------------------------------------


def write_jsonl(notices: Iterable[Notice], folder: Path) -> dict[str, int]:
    """Write records.jsonl, a whole record a line, and the tables; returns the rows of each.

    A table's line is an object of all its columns, null for what is absent. Raises OutputError.
    """
    views = {RECORDS: lambda notice: [notice.model_dump_json()]}
    return _write(notices, folder, _Format("jsonl", _open_lines, views))


def write_csv(notices: Iterable[Notice], folder: Path, *, bom: bool = True) -> dict[str, int]:
    """Write the tables as CSV, formulas defused; returns the rows of each. Raises OutputError.

    `bom` is the byte-order mark by which Excel knows UTF-8.
    """

    def open_(table: str, file: BinaryIO) -> _Sink:
        file.write(to_csv(table, [], mark=bom))
        return _TextSink(file, lambda rows: _csv_body(table, rows))

    return _write(notices, folder, _Format("csv", open_, {}, "utf-8-sig" if bom else "utf-8"))


class _TextSink:
    """A file of lines: portions of rows become bytes and are written at once."""

    def __init__(self, file: BinaryIO, encode: Callable[[list[Any]], bytes]) -> None:
        self.count = 0
        self._file = file
        self._encode = encode

    def add(self, rows: list[Any]) -> None:
        self.count += len(rows)
        self._file.write(self._encode(rows))

    def close(self) -> None:
        """Nothing is held back."""

    abandon = close


def _open_lines(name: str, file: BinaryIO) -> _Sink:
    if name == RECORDS:
        return _TextSink(file, _joined)
    return _TextSink(file, lambda rows: _joined([_to_json(plain_row(name, row)) for row in rows]))


def _joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _csv_body(table: str, rows: list[_Row]) -> bytes:
    """Rows without the head."""
    return to_csv(table, rows, mark=False).partition(b"\n")[2]


# --- A folder ----------------------------------------------------------------------------------


def _write(notices: Iterable[Notice], folder: Path, form: _Format) -> dict[str, int]:
    """Write every file of a folder together; what an earlier export left beside them goes."""
    earlier = _find_earlier(folder)
    names = (*form.views, *COLUMNS)
    paths = [folder / f"{name}.{form.kind}" for name in names]
    # The package comes to its place first: tables beside none would be taken for sources.
    with replace_whole(folder / PACKAGE, *paths) as (described, *files):
        sinks: dict[str, _Sink] = {}
        try:
            for name, file in zip(names, files, strict=True):
                sinks[name] = form.open(name, file)
            _fill(sinks, notices, form)
            for sink in sinks.values():
                sink.close()
        except BaseException:
            for sink in sinks.values():
                sink.abandon()
            raise
        sizes = {name: sink.count for name, sink in sinks.items()}
        tables: dict[str, int | None] = {name: sizes[name] for name in COLUMNS}
        described.write(package(tables, form.kind, form.encoding, form.views))
    for path in earlier.difference(paths):
        path.unlink(missing_ok=True)
    return sizes


def _fill(sinks: Mapping[str, _Sink], notices: Iterable[Notice], form: _Format) -> None:
    gathering = Gathering()
    for portion in _portions(notices):
        for name, view in form.views.items():
            sinks[name].add([row for notice in portion for row in view(notice)])
        for notice in portion:
            gathering.add(notice)
            for table, rows in notice_rows(notice).items():
                sinks[table].add(rows)
    for table, rows in gathering.rows().items():
        sinks[table].add(rows)


def _portions(notices: Iterable[Notice]) -> Iterator[list[Notice]]:
    """Notices in lists that fit into memory, however long each is."""
    portion: list[Notice] = []
    characters = 0
    for notice in notices:
        portion.append(notice)
        characters += len(notice.source.text)
        if len(portion) == _MOST_NOTICES or characters >= _MOST_CHARACTERS:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion


def _find_earlier(folder: Path) -> set[Path]:
    """The files that an earlier export left here. Raises OutputError where ours may not lie."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(folder, "is a file", "name a folder")
    if (folder / MANIFEST).exists() or (folder / "json").is_dir():
        raise OutputError(folder, "holds a dataset", "name another folder")
    path = folder / PACKAGE
    if not path.exists():
        return set()
    try:
        told = json.loads(path.read_bytes())
        named = [one["path"] for one in told["resources"] if told["name"] == PACKAGE_NAME]
    except (OSError, ValueError, KeyError, TypeError):
        named = []
    if not named:
        raise OutputError(path, "is no data package of ours", "name another folder")
    return {folder / one for one in named if _RESOURCE.fullmatch(one)}
