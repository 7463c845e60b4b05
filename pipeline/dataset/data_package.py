"""Describe tables as a data package (frictionless standard): columns, types, titles, keys, sources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pipeline.dataset.column_descriptions import describe, describe_column
from pipeline.dataset.package_origin import make_origin_properties
from pipeline.dataset.table_columns import (
    CLOSED,
    COLUMNS,
    FOREIGN_KEYS,
    OTHER_COLUMNS,
    PRIMARY_KEYS,
)
from pipeline.model import closed_values, fields_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from pipeline.dataset.package_origin import Origin
    from pipeline.dataset.table_columns import DatasetColumn

FileKind = Literal["csv", "jsonl", "parquet"]
PACKAGE_NAME = "fengong"
_TITLE = "政府年度计划责任分工数据"
_DESCRIPTION = (
    "由公开发布的政府年度计划解析而来：每个事项由谁牵头、主办、协办，何时完成。"
    "各列的含义见各表的说明；表格软件会误读的单元格以撇号开头。"
)
_MEDIA_TYPES: dict[FileKind, str] = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}


def make_package(
    sizes: Mapping[str, int | None],
    origins: Sequence[Origin] = (),
    kind: FileKind = "csv",
    encoding: str = "utf-8-sig",
    nested: Iterable[str] = (),
) -> bytes:
    """Return the datapackage.json of tables that are beside it as files of one kind.

    `sizes` are the tables with their numbers of rows, None where nobody has counted them; `origins`
    are the sources of the data; `nested` are files of the same kind whose columns are not plain values.
    """
    # A JSON Lines file without a line has no columns, and frictionless finds such a table faulty.
    tables = {table: size for table, size in sizes.items() if size != 0 or kind != "jsonl"}
    files = [*nested, *(table for table in sizes if table not in tables)]
    about = {"mediatype": _MEDIA_TYPES[kind], "encoding": encoding}
    resources: list[dict[str, Any]] = [
        _head(name, kind, "data-resource") | {"type": "file", "format": kind, **about}
        for name in files
    ]
    resources += [
        _head(table, kind, "tabular-data-resource")
        | {"format": kind, **about}
        | ({"rows": size} if size is not None else {})
        | {"schema": _table_schema(table, tables)}
        for table, size in tables.items()
    ]
    profile = "data-package" if files else "tabular-data-package"
    described = {
        "profile": profile,
        "name": PACKAGE_NAME,
        "title": _TITLE,
        "description": _DESCRIPTION,
        **make_origin_properties(origins, f"notices.{kind}"),
        "resources": resources,
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def _head(name: str, kind: FileKind, profile: str) -> dict[str, Any]:
    about = describe(name)
    told = {"title": about.title, "description": about.zh} if about.title else {}
    return {"name": name, "path": f"{name}.{kind}", **told, "profile": profile}


def column_title(table: str, column: DatasetColumn) -> str:
    """Return the Chinese title of a column: that of the model's field, else that of the table."""
    field = fields_of(column.model).get(column.name) if column.model else None
    return (field.title if field else None) or describe_column(table, column).title


def column_values(table: str, column: DatasetColumn) -> tuple[str, ...]:
    """Return the values that a column of a closed set may have, none where it is open."""
    field = fields_of(column.model).get(column.name) if column.model else None
    return closed_values(field.annotation) if field else CLOSED.get((table, column.name), ())


def _make_field(table: str, column: DatasetColumn) -> dict[str, Any]:
    """Return a column as a field of Table Schema."""
    title, about = column_title(table, column), describe_column(table, column).zh
    values = column_values(table, column)
    return {
        "name": column.name,
        "type": column.kind,
        **({"title": title} if title else {}),
        **({"description": about} if about else {}),
        **({"constraints": {"enum": list(values)}} if values else {}),
    }


def _table_schema(table: str, present: Container[str]) -> dict[str, Any]:
    """Return a table's fields, its key, and its references to the tables that are present."""
    fields = [_make_field(table, column) for column in (COLUMNS | OTHER_COLUMNS)[table]]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table in PRIMARY_KEYS:
        schema["primaryKey"] = [PRIMARY_KEYS[table]]
    if table in FOREIGN_KEYS:
        schema["foreignKeys"] = [
            {"fields": field, "reference": {"resource": other, "fields": field}}
            for field, other in FOREIGN_KEYS[table]
            if other in present
        ]
    return schema
