"""Records -> the CSV tables, and their description as a data package.

Tables show values in force: a person's where a field was corrected, which `corrected` tells, and
what was read everywhere else.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.comparison import Step
from pipeline.dataset.cells import rows_to_csv
from pipeline.dataset.in_force import CORRECTED, LISTS, in_force, written
from pipeline.model import (
    Assignment,
    Body,
    Corrected,
    Deadline,
    Item,
    Name,
    Notice,
    Problem,
    Source,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from pydantic import BaseModel

_JOIN = "、"
PACKAGE_NAME = "fengong"

# Table -> its columns as (name, type, model and field that the Chinese title comes from).
COLUMNS: dict[str, tuple[tuple[str, str, type[BaseModel] | None], ...]] = {
    "notices": (
        ("notice_id", "string", Notice),
        ("path", "string", Source),
        ("sha256", "string", Source),
        ("kind", "string", Notice),
        ("title", "string", Notice),
        ("notice_title", "string", Notice),
        ("document_number", "string", Notice),
        ("issuing_body", "string", Notice),
        ("region", "string", Notice),
        ("year", "integer", Notice),
        ("year_end", "integer", Notice),
        ("issued_on", "date", Notice),
        ("published_on", "date", Notice),
        ("items", "integer", Notice),
        ("problems", "integer", Notice),
        ("corrected", "string", Notice),
    ),
    "items": (
        ("notice_id", "string", Notice),
        ("item_id", "string", Item),
        ("year", "integer", Notice),
        ("region", "string", Notice),
        ("plan_title", "string", Item),
        ("document_number", "string", Notice),
        ("label", "string", Item),
        ("number", "integer", Item),
        ("path", "string", Item),
        ("title", "string", Item),
        ("content", "string", Item),
        ("leaders", "string", Item),
        ("host_units", "string", Item),
        ("co_host_units", "string", Item),
        ("deadline", "string", Item),
        ("due", "date", Deadline),
        ("problems", "string", Notice),
        ("corrected", "string", Item),
    ),
    "assignments": (
        ("notice_id", "string", Notice),
        ("item_id", "string", Item),
        ("role", "string", Assignment),
        ("label", "string", Assignment),
        ("name", "string", Name),
        ("canonical", "string", Name),
        ("kind", "string", Name),
        ("post", "string", Name),
        ("reading", "string", Assignment),
        ("start", "integer", Span),
        ("end", "integer", Span),
    ),
    "units": (
        ("canonical", "string", Body),
        ("kind", "string", Body),
        ("level", "string", Body),
        ("place", "string", Body),
        ("names", "string", None),
        ("first_year", "integer", None),
        ("last_year", "integer", None),
        ("notices", "integer", None),
        ("hosted", "integer", None),
        ("co_hosted", "integer", None),
        ("members", "string", Body),
    ),
    "leaders": (
        ("leader", "string", None),
        ("name", "string", Name),
        ("post", "string", Name),
        ("place", "string", Notice),
        ("first_year", "integer", None),
        ("last_year", "integer", None),
        ("notices", "integer", None),
        ("items", "integer", None),
    ),
    "problems": (
        ("notice_id", "string", Notice),
        ("item_id", "string", Item),
        ("code", "string", Problem),
        ("severity", "string", Problem),
        ("message", "string", Problem),
        ("start", "integer", Span),
        ("end", "integer", Span),
    ),
}
# Tables that other commands leave in an OUTPUT; the data package describes those that lie there.
OTHERS: dict[str, tuple[tuple[str, str, type[BaseModel] | None], ...]] = {
    "corrections": (
        ("item_id", "string", Item),
        ("field", "string", Corrected),
        ("value", "string", Corrected),
        ("who", "string", Corrected),
        ("when", "string", Corrected),
        ("why", "string", Corrected),
        ("read", "string", None),
        ("path", "string", Source),
        ("sha256", "string", Source),
        ("words", "string", None),
        ("rank", "string", None),
    ),
    "judgements": (
        ("place", "string", Notice),
        ("name", "string", Name),
        ("body", "string", None),
        ("decision", "string", None),
        ("who", "string", Corrected),
        ("why", "string", Corrected),
    ),
    "names": (
        ("name", "string", Name),
        ("place", "string", Notice),
        ("count", "integer", None),
        ("first_year", "integer", None),
        ("last_year", "integer", None),
        ("roles", "string", None),
        ("canonical", "string", Name),
        ("rule", "string", None),
        ("near", "string", None),
    ),
    "progress": (
        ("item_id", "string", Item),
        ("unit", "string", None),
        ("column", "string", None),
        ("value", "string", None),
        ("path", "string", Source),
        ("sha256", "string", Source),
        ("words", "string", None),
        ("rank", "string", None),
    ),
    "threads": tuple(
        (name, {"year": "integer", "gap": "integer", "ends": "boolean"}.get(name, "string"), Step)
        for name in Step.model_fields
    ),
}
_KEYS = {
    "notices": ["notice_id"],
    "items": ["item_id"],
    "units": ["canonical"],
    "leaders": ["leader"],
}
# Tables of which a row gathers what all notices say of one body or person.
GATHERED = ("units", "leaders")
_Row = dict[str, Any]


def notice_rows(notice: Notice) -> dict[str, list[_Row]]:
    """A record's rows in each table, as plain values in force."""
    notice = in_force(notice)
    return {
        "notices": [_notice_row(notice)],
        "items": _item_rows(notice),
        "assignments": [
            _name_row(notice, item, assignment, name)
            for item in notice.items
            for assignment in item.assignments
            for name in assignment.names
        ],
        "problems": [_problem_row(notice, problem) for problem in notice.problems],
    }


def _notice_row(notice: Notice) -> _Row:
    names = [name for name, _, model in COLUMNS["notices"] if model is Notice]
    row: _Row = {name: getattr(notice, name) for name in names}
    row |= {"path": notice.source.path, "sha256": notice.source.sha256}
    row["corrected"] = _fields(notice)
    return row | {"items": len(notice.items), "problems": len(notice.problems)}


def _item_rows(notice: Notice) -> list[_Row]:
    codes: dict[str | None, list[str]] = {}
    for problem in notice.problems:
        codes.setdefault(problem.item_id, []).append(problem.code)
    return [_item_row(notice, item, codes.get(item.item_id, [])) for item in notice.items]


def _item_row(notice: Notice, item: Item, codes: list[str]) -> _Row:
    return {
        "notice_id": notice.notice_id,
        "item_id": item.item_id,
        "year": notice.year,
        "region": notice.region,
        "plan_title": item.plan_title,
        "document_number": notice.document_number,
        "label": item.label,
        "number": item.number,
        "title": item.title,
        "content": item.content,
        **{name: written(item, name) for name in ("path", *LISTS, "deadline")},
        "due": item.deadline.due if item.deadline else None,
        "problems": _JOIN.join(codes),
        "corrected": _fields(item),
    }


def _fields(record: Notice | Item) -> str:
    """Which fields a person has corrected."""
    return _JOIN.join(one.field for one in record.corrected)


def _name_row(notice: Notice, item: Item, assignment: Assignment, name: Name) -> _Row:
    return {
        "notice_id": notice.notice_id,
        "item_id": item.item_id,
        "role": assignment.role,
        "label": assignment.label,
        "name": name.name,
        "canonical": name.canonical,
        "kind": name.kind,
        "post": name.post,
        "reading": assignment.reading,
        "start": None if assignment.reading == CORRECTED else name.span.start,
        "end": None if assignment.reading == CORRECTED else name.span.end,
    }


def _problem_row(notice: Notice, problem: Problem) -> _Row:
    return {
        "notice_id": notice.notice_id,
        "item_id": problem.item_id,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "start": problem.span.start if problem.span else None,
        "end": problem.span.end if problem.span else None,
    }


def plain_row(table: str, row: _Row) -> _Row:
    """A row in its columns' order, None for what is absent, as a reader of its CSV finds it."""
    return {name: None if row[name] == "" else row[name] for name, _, _ in COLUMNS[table]}


def to_csv(table: str, rows: Iterable[_Row], *, mark: bool = True) -> bytes:
    """A table's rows as CSV bytes: UTF-8, formulas defused, a byte-order mark unless told not to."""
    return rows_to_csv([name for name, _, _ in COLUMNS[table]], rows, mark=mark)


def package(
    sizes: Mapping[str, int | None],
    kind: str = "csv",
    encoding: str = "utf-8-sig",
    nested: Iterable[str] = (),
) -> bytes:
    """The data package (frictionless standard) of tables that lie beside it as files of one kind.

    `sizes` are the tables with their numbers of rows, None where nobody has counted; `nested` are
    files of the same kind whose columns are no plain values.
    """
    # JSON Lines without a line name no columns; frictionless finds such a file faulty as a table.
    tables = {table: size for table, size in sizes.items() if size != 0 or kind != "jsonl"}
    files = [*nested, *(table for table in sizes if table not in tables)]
    resources: list[dict[str, Any]] = [
        {"name": name, "path": f"{name}.{kind}", "profile": "data-resource", "type": "file"}
        | {"format": kind, "mediatype": _MEDIA_TYPES[kind], "encoding": encoding}
        for name in files
    ]
    for table, size in tables.items():
        resource: dict[str, Any] = {"name": table, "path": f"{table}.{kind}"}
        resource |= {"profile": "tabular-data-resource", "format": kind}
        resource |= {"mediatype": _MEDIA_TYPES[kind], "encoding": encoding}
        resource |= {"rows": size} if size is not None else {}
        resources.append(resource | {"schema": _schema(table, tables)})
    profile = "data-package" if files else "tabular-data-package"
    described = {"profile": profile, "name": PACKAGE_NAME, "resources": resources}
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


_MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}


def _schema(table: str, present: Container[str]) -> dict[str, Any]:
    """A table's fields, key, and references to the tables that are present."""
    fields = []
    for name, kind, model in (COLUMNS | OTHERS)[table]:
        field = {"name": name, "type": kind}
        titled = model.model_fields.get(name) if model else None
        if titled is not None and titled.title:
            field["title"] = titled.title
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table in _KEYS:
        schema["primaryKey"] = _KEYS[table]
    if table in COLUMNS and table not in ("notices", *GATHERED):
        keys = [("notice_id", "notices")]
        if table != "items":
            keys.append(("item_id", "items"))
        if table == "assignments":
            keys.append(("canonical", "units"))
        schema["foreignKeys"] = [
            {"fields": field, "reference": {"resource": other, "fields": field}}
            for field, other in keys
            if other in present
        ]
    return schema
