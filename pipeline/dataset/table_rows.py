"""Turn a record into its rows in each table, with the values in force.

In force is what a person stated where a field was corrected (the column `corrected` names those
fields), and what was read everywhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.in_force import CORRECTED, NAME_LISTS, field_text, in_force
from pipeline.dataset.table_columns import COLUMNS
from pipeline.model import Assignment, Item, Name, Notice, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

TableRow = dict[str, str | int | None]
_JOIN = "、"


def notice_rows(notice: Notice) -> dict[str, list[TableRow]]:
    """Return a record's rows in each table that parsing makes, units and leaders aside."""
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


def _notice_row(notice: Notice) -> TableRow:
    row: TableRow = {
        one.name: getattr(notice, one.name) for one in COLUMNS["notices"] if one.model is Notice
    }
    row |= {"path": notice.source.path, "url": notice.source.url}
    row["sha256"] = notice.source.sha256
    row["corrected"] = _corrected_fields(notice)
    return row | {"items": len(notice.items), "problems": len(notice.problems)}


def _item_rows(notice: Notice) -> list[TableRow]:
    codes: dict[str | None, list[str]] = {}
    for problem in notice.problems:
        codes.setdefault(problem.item_id, []).append(problem.code)
    return [_item_row(notice, item, codes.get(item.item_id, [])) for item in notice.items]


def _item_row(notice: Notice, item: Item, codes: list[str]) -> TableRow:
    return {
        "notice_id": notice.notice_id,
        "item_id": item.item_id,
        "parent_id": item.parent_id,
        "year": notice.year,
        "region": notice.region,
        "place": notice.place,
        "plan_title": item.plan_title,
        "document_number": notice.document_number,
        "label": item.label,
        "number": item.number,
        "title": item.title,
        "content": item.content,
        **{name: field_text(item, name) for name in ("path", *NAME_LISTS, "deadline")},
        "due": item.deadline.due if item.deadline else None,
        "fields": "\n".join(f"{one.label}：{one.text}" for one in item.fields.values()),
        "problems": _JOIN.join(codes),
        "corrected": _corrected_fields(item),
    }


def _corrected_fields(record: Notice | Item) -> str:
    """Return the names of the fields that a person has corrected."""
    return _JOIN.join(one.field for one in record.corrected)


def _name_row(notice: Notice, item: Item, assignment: Assignment, name: Name) -> TableRow:
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


def _problem_row(notice: Notice, problem: Problem) -> TableRow:
    return {
        "notice_id": notice.notice_id,
        "item_id": problem.item_id,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "start": problem.span.start if problem.span else None,
        "end": problem.span.end if problem.span else None,
    }


def plain_row(table: str, row: TableRow) -> TableRow:
    """Return a row in the order of its columns, with None instead of empty text."""
    return {name: None if row[name] == "" else row[name] for name, _, _ in COLUMNS[table]}


def table_to_csv(table: str, rows: Iterable[TableRow], *, mark: bool = True) -> bytes:
    """Return a table as CSV in UTF-8, formulas defused, with a byte-order mark unless `mark` is False."""
    return rows_to_csv([name for name, _, _ in COLUMNS[table]], rows, mark=mark)
