"""Records -> the CSV tables, and their description as a data package.

A byte-order mark lets a double click in Excel show Chinese; a cell that a spreadsheet would run
as a formula gets an apostrophe in front.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pipeline.model import Assignment, Body, Deadline, Item, Name, Notice, Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import BaseModel

_FORMULA = re.compile(r"[=+\-@\t\r]")
_JOIN = "、"

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
    """A record's rows in each table, as plain values."""
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
        "path": " / ".join(item.path),
        "title": item.title,
        "content": item.content,
        "leaders": _joined(item.leaders),
        "host_units": _joined(item.host_units),
        "co_host_units": _joined(item.co_host_units),
        "deadline": item.deadline.text if item.deadline else None,
        "due": item.deadline.due if item.deadline else None,
        "problems": _JOIN.join(codes),
    }


def _joined(names: Iterable[Name]) -> str:
    return _JOIN.join(name.name for name in names)


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
        "start": name.span.start,
        "end": name.span.end,
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


def to_csv(table: str, rows: Sequence[_Row]) -> bytes:
    """A table's rows as CSV bytes: UTF-8 with byte-order mark, formulas defused."""
    import pandas as pd  # noqa: PLC0415  (half a second; only where tables are written)

    columns = [name for name, _, _ in COLUMNS[table]]
    frame = pd.DataFrame(list(rows), columns=columns, dtype=object)
    for name, kind, _ in COLUMNS[table]:
        if kind == "string":
            frame[name] = frame[name].map(defuse)
    text = frame.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8-sig")


def defuse(cell: object) -> object:
    """A cell that no spreadsheet runs: "=1+1" -> "'=1+1"; a number's label stays as it is."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def package(sizes: dict[str, int]) -> bytes:
    """The data package (frictionless standard) that describes the tables."""
    resources = [
        {
            "name": table,
            "path": f"{table}.csv",
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8-sig",
            "rows": sizes[table],
            "schema": _schema(table),
        }
        for table in COLUMNS
    ]
    described = {"profile": "tabular-data-package", "name": "fengong", "resources": resources}
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def _schema(table: str) -> dict[str, Any]:
    fields = []
    for name, kind, model in COLUMNS[table]:
        field = {"name": name, "type": kind}
        titled = model.model_fields.get(name) if model else None
        if titled is not None and titled.title:
            field["title"] = titled.title
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table in _KEYS:
        schema["primaryKey"] = _KEYS[table]
    if table not in ("notices", *GATHERED):
        keys = [{"fields": "notice_id", "reference": _reference("notices", "notice_id")}]
        if table != "items":
            keys.append({"fields": "item_id", "reference": _reference("items", "item_id")})
        if table == "assignments":
            keys.append({"fields": "canonical", "reference": _reference("units", "canonical")})
        schema["foreignKeys"] = keys
    return schema


def _reference(table: str, field: str) -> dict[str, str]:
    return {"resource": table, "fields": field}
