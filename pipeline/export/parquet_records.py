"""Read the records of a records.parquet back. Needs pyarrow."""

from __future__ import annotations

from inspect import isclass
from typing import TYPE_CHECKING, Any, get_args, get_origin

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import OutputError
from pipeline.export.arrow_schemas import without_none
from pipeline.model import Notice, fields_of, is_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pydantic.fields import FieldInfo

# So many notices are made to objects together.
_READ_AT_ONCE = 64


def read_notices(path: Path) -> Iterator[Notice]:
    """Read the records of a records.parquet, a few at a time. Raises OutputError."""
    restore = _map_restorer(Notice) or (lambda value: value)
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_READ_AT_ONCE):
                yield from (Notice.model_validate(restore(row)) for row in batch.to_pylist())
    except OSError as error:
        fact = f"cannot be read ({error.strerror or error})"
        raise OutputError(path, fact, "check the path and rights") from error
    except (pa.ArrowException, TypeError, ValueError) as error:
        fact = f"is no Parquet file of records ({str(error).splitlines()[0]})"
        raise OutputError(path, fact, "export it again with --to parquet") from error


def _map_restorer(annotation: object) -> Callable[[Any], Any] | None:
    """Return a function that turns the pairs which Arrow gives for maps into dicts.

    None where a value of this annotation contains no map.
    """
    own = without_none(annotation)
    if isclass(own) and is_record(own):
        return _model_restorer(fields_of(own))
    origin, args = get_origin(own), get_args(own)
    if origin is dict:
        return dict
    inner = _map_restorer(args[0]) if origin is tuple else None
    if inner is None:
        return None
    return lambda values: [inner(value) for value in values]


def _model_restorer(
    fields: Mapping[str, FieldInfo],
) -> Callable[[dict[str, Any]], dict[str, Any]] | None:
    maybe = {name: _map_restorer(one.annotation) for name, one in fields.items()}
    restorers = {name: one for name, one in maybe.items() if one}

    def restore(row: dict[str, Any]) -> dict[str, Any]:
        changed = {
            name: one(row[name]) for name, one in restorers.items() if row.get(name) is not None
        }
        return row | changed

    return restore if restorers else None
