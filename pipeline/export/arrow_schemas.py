"""Derive Arrow schemas from the records' models and from the tables' columns. Needs pyarrow."""

from __future__ import annotations

import json
from inspect import isclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

import pyarrow as pa

from pipeline.dataset.column_descriptions import describe, describe_column
from pipeline.dataset.data_package import column_title
from pipeline.dataset.table_columns import COLUMNS
from pipeline.model import fields_of, is_record

if TYPE_CHECKING:
    from collections.abc import Iterable

_SCALARS = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}
_COLUMN_TYPES = {"string": pa.string(), "integer": pa.int64(), "date": pa.date32()}


def table_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of one of the tables of `COLUMNS`; its columns tell what they are."""
    return make_schema(
        pa.field(
            column.name,
            _COLUMN_TYPES[column.kind],
            metadata={
                "title": column_title(table, column),
                "description": describe_column(table, column).zh,
            },
        )
        for column in COLUMNS[table]
    )


def make_schema(fields: Iterable[pa.Field]) -> pa.Schema:
    """Return a schema by which pandas reads integer columns as Int64, also where values are missing."""
    schema = pa.schema(list(fields))
    columns = [
        {"name": one.name, "field_name": one.name, "pandas_type": "int64", "numpy_type": "Int64"}
        | {"metadata": None}
        for one in schema
        if one.type == pa.int64()
    ]
    about = {"index_columns": [], "column_indexes": [], "columns": columns, "pandas_version": "3.0"}
    return schema.with_metadata({"pandas": json.dumps(about)})


def model_fields(model: type[Any], names: Iterable[str] | None = None) -> list[pa.Field]:
    """Return the Arrow fields of a model, or of some of its fields; nested models are structs.

    A tuple is a list, a dict a map, a Literal a string; what may be None is nullable. Each has its
    Chinese title and description. Raises TypeError for an annotation that is none of these.
    """
    fields = fields_of(model)
    return [
        _field(name, fields[name].annotation).with_metadata(
            {"title": fields[name].title or "", "description": describe(model.__name__, name).zh}
        )
        for name in (fields if names is None else names)
    ]


def _field(name: str, annotation: object) -> pa.Field:
    plain = without_none(annotation)
    return pa.field(name, _arrow_type(plain), nullable=plain is not annotation)


def without_none(annotation: object) -> object:
    """Return `X` for an annotation `X | None`, else the same object.

    Raises TypeError for a union of several types.
    """
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    own = [one for one in get_args(annotation) if one is not NoneType]
    if len(own) != 1:
        raise TypeError(f"{annotation} is several types, Arrow has no such column")
    return own[0]


def _arrow_type(annotation: object) -> pa.DataType:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal and all(isinstance(one, str) for one in args):
        return pa.string()
    if origin is tuple and args[1:] == (...,):
        return pa.list_(_field("element", args[0]))
    if origin is dict and args[0] is str:
        return pa.map_(pa.string(), _field("value", args[1]))
    if isclass(annotation) and is_record(annotation):
        return pa.struct(model_fields(annotation))
    if isclass(annotation) and annotation in _SCALARS:
        return _SCALARS[annotation]
    raise TypeError(f"{annotation} has no Arrow type")
