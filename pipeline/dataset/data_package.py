"""Describe tables as a data package (frictionless standard): columns, types, titles, keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pipeline.dataset.column_descriptions import DESCRIPTIONS
from pipeline.dataset.table_columns import COLUMNS, FOREIGN_KEYS, OTHER_COLUMNS, PRIMARY_KEYS
from pipeline.model import fields_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

FileKind = Literal["csv", "jsonl", "parquet"]
PACKAGE_NAME = "fengong"
_MEDIA_TYPES: dict[FileKind, str] = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}


def make_package(
    sizes: Mapping[str, int | None],
    kind: FileKind = "csv",
    encoding: str = "utf-8-sig",
    nested: Iterable[str] = (),
) -> bytes:
    """Return the datapackage.json of tables that are beside it as files of one kind.

    `sizes` are the tables with their numbers of rows, None where nobody has counted them; `nested`
    are files of the same kind whose columns are not plain values.
    """
    # A JSON Lines file without a line has no columns, and frictionless finds such a table faulty.
    tables = {table: size for table, size in sizes.items() if size != 0 or kind != "jsonl"}
    files = [*nested, *(table for table in sizes if table not in tables)]
    about = {"mediatype": _MEDIA_TYPES[kind], "encoding": encoding}
    resources: list[dict[str, Any]] = [
        {"name": name, "path": f"{name}.{kind}", "profile": "data-resource", "type": "file"}
        | {"format": kind, **about}
        for name in files
    ]
    resources += [
        {"name": table, "path": f"{table}.{kind}", "profile": "tabular-data-resource"}
        | {"format": kind, **about}
        | ({"rows": size} if size is not None else {})
        | {"schema": _table_schema(table, tables)}
        for table, size in tables.items()
    ]
    profile = "data-package" if files else "tabular-data-package"
    described = {"profile": profile, "name": PACKAGE_NAME, "resources": resources}
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def _table_schema(table: str, present: Container[str]) -> dict[str, Any]:
    """Return a table's fields, its key, and its references to the tables that are present."""
    fields = []
    for name, column_type, model in (COLUMNS | OTHER_COLUMNS)[table]:
        field: dict[str, Any] = {"name": name, "type": column_type}
        titled = fields_of(model).get(name) if model else None
        if titled is not None and titled.title:
            field["title"] = titled.title
        description = DESCRIPTIONS.get((table, name))
        if description:
            field["description"] = description
        if titled is not None and get_origin(titled.annotation) is Literal:
            field["constraints"] = {"enum": list(get_args(titled.annotation))}
        fields.append(field)
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
