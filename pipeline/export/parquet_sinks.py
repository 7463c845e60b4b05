"""Write rows into Parquet files, a portion at a time. Needs pyarrow."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset.table_columns import COLUMNS
from pipeline.errors import RecordError
from pipeline.export.arrow_schemas import table_schema

if TYPE_CHECKING:
    from pipeline.dataset.table_rows import TableRow

_TABLE_GROUP = 20_000


class ParquetSink:
    """A Parquet file while it is written, in row groups of at least `group` rows.

    The same rows in the same portions give the same bytes.
    """

    def __init__(self, name: str, file: BinaryIO, schema: pa.Schema, group: int = 1) -> None:
        self.count = 0
        self._name = name
        self._schema = schema
        self._group = group
        self._portions: list[pa.Table] = []
        self._waiting = 0
        self._writer = pq.ParquetWriter(file, schema, compression="zstd")

    def encode(self, rows: list[Any]) -> pa.Table:
        """Turn rows into a table. Raises RecordError for a value that Arrow cannot represent."""
        return self._encode({name: [row.get(name) for row in rows] for name in self._schema.names})

    def _encode(self, columns: dict[str, list[Any]]) -> pa.Table:
        try:
            return pa.Table.from_pydict(columns, schema=self._schema)
        # A number of more than 64 bits, or half of a surrogate pair.
        except (pa.ArrowException, OverflowError, UnicodeError) as error:
            fact = f"a value does not fit into Parquet ({error})"
            raise RecordError(
                self._name, fact, "export to jsonl, or parse the source again"
            ) from error

    def write(self, encoded: pa.Table, count: int) -> None:
        """Write rows that were encoded, as soon as they make a row group."""
        self.count += count
        self._waiting += count
        self._portions.append(encoded)
        if self._waiting >= self._group:
            self._write()

    def close(self) -> None:
        """Write the rows that are left, and the footer."""
        if self._waiting:
            self._write()
        self._writer.close()

    def abandon(self) -> None:
        """Close a file that will not be kept."""
        with suppress(OSError, pa.ArrowException):
            self._writer.close()
        # Otherwise the writer's finalizer writes the footer once more, into a closed file.
        self._writer.is_open = False

    def _write(self) -> None:
        group = pa.concat_tables(self._portions).combine_chunks()
        self._portions, self._waiting = [], 0
        self._writer.write_table(group, row_group_size=group.num_rows)


class TableSink(ParquetSink):
    """One of the tables of `COLUMNS` as a Parquet file."""

    def __init__(self, table: str, file: BinaryIO) -> None:
        super().__init__(table, file, table_schema(table), _TABLE_GROUP)
        self._days = [name for name, kind, _ in COLUMNS[table] if kind == "date"]

    def encode(self, rows: list[Any]) -> pa.Table:
        """Turn rows into a table; days are texts in ISO form. Raises RecordError for no day."""
        columns = {
            name: [None if (value := row[name]) == "" else value for row in rows]
            for name in self._schema.names
        }
        return self._encode(
            columns | {name: [_day(row, name) for row in rows] for name in self._days}
        )


def _day(row: TableRow, name: str) -> date | None:
    value = row[name]
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError as error:
        place = row.get("item_id") or row["notice_id"]
        fact = f"{name} is {value!r}"
        raise RecordError(place, fact, "write a day such as 2011-07-22") from error
