"""Arrow schemas of the records and tables, rows -> Parquet, and Parquet -> records.

Needs the extra `parquet`.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from inspect import isclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, Union, get_args, get_origin

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel

from pipeline.dataset.table_rows import COLUMNS, plain_row
from pipeline.errors import OutputError
from pipeline.model import Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pydantic.fields import FieldInfo

_SCALARS = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}
_COLUMN_TYPES = {"string": pa.string(), "integer": pa.int64(), "date": pa.date32()}
_TABLE_GROUP = 20_000
# Notices that are made to objects together when they are read back.
_READ_AT_ONCE = 64
_Row = dict[str, Any]


def table_schema(table: str) -> pa.Schema:
    """The Arrow schema of one of the tables of `COLUMNS`."""
    return make_schema(pa.field(name, _COLUMN_TYPES[kind]) for name, kind, _ in COLUMNS[table])


def make_schema(fields: Iterable[pa.Field]) -> pa.Schema:
    """Fields as a schema of which pandas takes the integers as integers, with or without gaps."""
    schema = pa.schema(list(fields))
    columns = [
        {"name": one.name, "field_name": one.name, "pandas_type": "int64", "numpy_type": "Int64"}
        | {"metadata": None}
        for one in schema
        if one.type == pa.int64()
    ]
    told = {"index_columns": [], "column_indexes": [], "columns": columns, "pandas_version": "3.0"}
    return schema.with_metadata({"pandas": json.dumps(told)})


def model_fields(model: type[BaseModel], names: Iterable[str] | None = None) -> list[pa.Field]:
    """The Arrow fields of a model, or of some of its fields; nested models are structs.

    A tuple is a list, a dict a map, a Literal a string; what may be None is nullable. Raises
    TypeError for an annotation that is none of these.
    """
    chosen = model.model_fields if names is None else names
    return [_field(name, model.model_fields[name].annotation) for name in chosen]


def _field(name: str, annotation: object) -> pa.Field:
    own = _without_none(annotation)
    return pa.field(name, _type(own), nullable=own is not annotation)


def _without_none(annotation: object) -> object:
    """What an annotation may be beside None; the same object where it may not be None."""
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    own = [one for one in get_args(annotation) if one is not NoneType]
    if len(own) != 1:
        raise TypeError(f"{annotation} is several types, Arrow has no such column")
    return own[0]


def _type(annotation: object) -> pa.DataType:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal and all(isinstance(one, str) for one in args):
        return pa.string()
    if origin is tuple and args[1:] == (...,):
        return pa.list_(_field("element", args[0]))
    if origin is dict and args[0] is str:
        return pa.map_(pa.string(), _field("value", args[1]))
    if isclass(annotation) and issubclass(annotation, BaseModel):
        return pa.struct(model_fields(annotation))
    if isclass(annotation) and annotation in _SCALARS:
        return _SCALARS[annotation]
    raise TypeError(f"{annotation} has no Arrow type")


class ParquetSink:
    """A Parquet file while it is written: rows gather to groups of `group` rows or more.

    The same rows in the same portions give the same bytes.
    """

    def __init__(self, name: str, file: BinaryIO, schema: pa.Schema, group: int) -> None:
        self.count = 0
        self._name = name
        self._schema = schema
        self._group = group
        self._rows: list[_Row] = []
        self._writer = pq.ParquetWriter(file, schema, compression="zstd")

    def add(self, rows: list[_Row]) -> None:
        """Take in rows. Raises OutputError for a value that Arrow cannot hold."""
        self._rows += rows
        self.count += len(rows)
        if len(self._rows) >= self._group:
            self._write()

    def close(self) -> None:
        """Write what is left, and the footer."""
        if self._rows:
            self._write()
        self._writer.close()

    def abandon(self) -> None:
        """Let go of a file that will not be kept."""
        with suppress(OSError, pa.ArrowException):
            self._writer.close()
        # Its end would try once more, when the file is closed.
        self._writer.is_open = False

    def _write(self) -> None:
        rows, self._rows = self._rows, []
        try:
            portion = pa.Table.from_pylist(rows, schema=self._schema)
        # A number beyond 64 bits; half a character.
        except (pa.ArrowException, OverflowError, UnicodeError) as error:
            fact = f"a value does not fit into Parquet ({error})"
            raise OutputError(
                self._name, fact, "export to jsonl, or parse the source again"
            ) from error
        self._writer.write_table(portion, row_group_size=len(rows))


class TableSink(ParquetSink):
    """One of the tables of `COLUMNS` as a Parquet file."""

    def __init__(self, table: str, file: BinaryIO) -> None:
        super().__init__(table, file, table_schema(table), _TABLE_GROUP)
        self._days = [name for name, kind, _ in COLUMNS[table] if kind == "date"]

    def add(self, rows: list[_Row]) -> None:
        """Take in rows of texts and numbers; days are ISO dates. Raises OutputError."""
        super().add([plain_row(self._name, row) | self._dates(row) for row in rows])

    def _dates(self, row: _Row) -> _Row:
        return {name: _day(row, name) for name in self._days}


def _day(row: _Row, name: str) -> date | None:
    try:
        return date.fromisoformat(row[name]) if row[name] else None
    except ValueError as error:
        place = row.get("item_id") or row["notice_id"]
        fact = f"{name} is {row[name]!r}"
        raise OutputError(place, fact, "write a day such as 2011-07-22") from error


def read_notices(path: Path) -> Iterator[Notice]:
    """The records of a records.parquet, a few at a time. Raises OutputError."""
    mend = _mender(Notice) or (lambda value: value)
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_READ_AT_ONCE):
                yield from (Notice.model_validate(mend(row)) for row in batch.to_pylist())
    except OSError as error:
        fact = f"cannot be read ({error.strerror or error})"
        raise OutputError(path, fact, "check the path and rights") from error
    except (pa.ArrowException, TypeError, ValueError) as error:
        fact = f"is no Parquet file of records ({str(error).splitlines()[0]})"
        raise OutputError(path, fact, "export it again with --to parquet") from error


def _mender(annotation: object) -> Callable[[Any], Any] | None:
    """What makes dicts of the pairs that Arrow gives for maps, or None where there are no maps."""
    own = _without_none(annotation)
    if isclass(own) and issubclass(own, BaseModel):
        return _model_mender(own.model_fields)
    origin, args = get_origin(own), get_args(own)
    if origin is dict:
        return dict
    inner = _mender(args[0]) if origin is tuple else None
    if inner is None:
        return None
    return lambda values: [inner(value) for value in values]


def _model_mender(fields: dict[str, FieldInfo]) -> Callable[[_Row], _Row] | None:
    found = {name: _mender(one.annotation) for name, one in fields.items()}
    menders = {name: one for name, one in found.items() if one}

    def mend(row: _Row) -> _Row:
        changed = {
            name: one(row[name]) for name, one in menders.items() if row.get(name) is not None
        }
        return row | changed

    return mend if menders else None
