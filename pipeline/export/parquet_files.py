"""Export records and tables as Parquet."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.dataset.in_force import in_force
from pipeline.errors import OnError, OutputError
from pipeline.export.export_folder import RECORDS, Format, Sink, write_folder
from pipeline.model import Item, Notice, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import ModuleType

NESTED_ITEMS = "items_nested"
# The columns of a nested item's row that come from its notice.
_NOTICE_COLUMNS = (
    "notice_id", "year", "year_end", "region", "place", "document_number", "issuing_body",
    "issued_on",
)  # fmt: skip


def write_parquet(
    notices: Iterable[Notice], folder: Path, on_error: OnError = None
) -> dict[str, int]:
    """Write records.parquet, items_nested.parquet and the tables; return the rows of each.

    records.parquet has the whole records, as `read_parquet_records` gives them back;
    items_nested.parquet has one item in a row, in force, names as lists of structs. Raises
    OutputError, also where pyarrow is missing.
    """
    sinks, schemas = _import("parquet_sinks"), _import("arrow_schemas")
    nested = {
        RECORDS: schemas.model_fields(Notice),
        NESTED_ITEMS: [
            *schemas.model_fields(Notice, _NOTICE_COLUMNS),
            *schemas.model_fields(Item),
        ],
    }

    def open_sink(name: str, file: BinaryIO) -> Sink:
        sink: Sink = (
            sinks.ParquetSink(name, file, schemas.make_schema(nested[name]))
            if name in nested
            else sinks.TableSink(name, file)
        )
        return sink

    views = {RECORDS: _record_row, NESTED_ITEMS: _nested_item_rows}
    return write_folder(notices, folder, Format("parquet", open_sink, views), on_error)


def read_parquet_records(path: Path) -> Iterator[Notice]:
    """Read the records of a records.parquet, equal to those written. Raises OutputError."""
    yield from _import("parquet_records").read_notices(path)


def _import(module: str) -> ModuleType:
    """Import one of our modules that need pyarrow, which is optional. Raises OutputError."""
    try:
        return import_module(f"pipeline.export.{module}")
    except ImportError as error:
        place, remedy = "export to Parquet", "pip install pyarrow"
        raise OutputError(place, f"needs pyarrow ({error})", remedy) from error


def _record_row(notice: Notice) -> list[dict[str, Any]]:
    return [notice.model_dump()]


def _nested_item_rows(notice: Notice) -> list[dict[str, Any]]:
    notice = in_force(notice)
    about = {name: getattr(notice, name) for name in _NOTICE_COLUMNS}
    return [about | values_of(item) for item in notice.items]
