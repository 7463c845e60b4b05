"""Re-checks an OUTPUT: every span, id, hash and table row against the records' own text."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from pipeline.dataset.folder import read_records
from pipeline.dataset.gathered import Gathering
from pipeline.dataset.in_force import all_names
from pipeline.dataset.table_rows import COLUMNS, notice_rows, to_csv
from pipeline.parse.normalize import normalize_text
from pipeline.text import fold, without_blanks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.model import Item, Name, Notice, Span

_HASH = re.compile(r"[0-9a-f]{64}")
_NOT_BLANK = re.compile(r"\S")


def find_faults(output: Path) -> Iterator[str]:
    """One line for every fault of a dataset; nothing where all is well. Raises OutputError."""
    rows: dict[str, list[dict[str, object]]] = {table: [] for table in COLUMNS}
    seen: set[str] = set()
    gathering = Gathering()
    for notice in read_records(output):
        if notice.notice_id in seen:
            yield f"{notice.notice_id}: the id stands twice"
        seen.add(notice.notice_id)
        gathering.add(notice)
        for fault in find_notice_faults(notice):
            yield f"{notice.notice_id}: {fault}"
        for table, more in notice_rows(notice).items():
            rows[table].extend(more)
    rows |= gathering.rows()
    for table, table_rows in rows.items():
        yield from _table_faults(output, table, to_csv(table, table_rows))


def _table_faults(output: Path, table: str, expected: bytes) -> Iterator[str]:
    """Rows of a table that are not what the records say, in any order."""
    try:
        found = (output / f"{table}.csv").read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        yield f"{table}.csv: cannot be read ({error})"
        return
    want = sorted(csv.reader(io.StringIO(expected.decode("utf-8-sig"))))
    have = sorted(csv.reader(io.StringIO(found)))
    if want != have:
        odd = next((row for row in have if row not in want), None)
        odd = odd or next((row for row in want if row not in have), ["(a row stands twice)"])
        yield f"{table}.csv: differs from the records at row {odd[:2]}"


def find_notice_faults(notice: Notice) -> Iterator[str]:
    """One line for every fault of a record: hash, spans, ids, order, characters unaccounted."""
    text = notice.source.text
    if not _HASH.fullmatch(notice.source.sha256):
        yield "source.sha256 is no SHA-256"
    ids = {item.item_id for item in notice.items}
    for number, item in enumerate(notice.items, 1):
        if item.item_id != f"{notice.notice_id}#{number}":
            yield f"{item.item_id} is not item {number}"
        if item.parent_id is not None and item.parent_id not in ids:
            yield f"{item.item_id}: no parent {item.parent_id}"
        yield from _item_faults(item, text)
    for problem in notice.problems:
        if problem.item_id is not None and problem.item_id not in ids:
            yield f"problem {problem.code}: no item {problem.item_id}"
        if problem.span and not _inside(problem.span, text):
            yield f"problem {problem.code}: span outside the text"
    yield from _name_faults(notice)
    yield from _body_faults(notice)
    yield from _overlaps(notice)
    yield from _unaccounted(notice, text)


def _inside(span: Span, text: str) -> bool:
    return 0 <= span.start <= span.end <= len(text)


def _item_faults(item: Item, text: str) -> Iterator[str]:
    if not _inside(item.span, text):
        yield f"{item.item_id}: span outside the text"
    for assignment in item.assignments:
        if not _inside(assignment.span, text) or not _inside(assignment.scope, text):
            yield f"{item.item_id}: an assignment's span outside the text"


def _name_faults(notice: Notice) -> Iterator[str]:
    """Names that are not what the text prints at their place, and those of no character."""
    text = notice.source.text
    normalized = normalize_text(text)
    for item in notice.items:
        names: list[Name] = [*item.leaders, *item.host_units, *item.co_host_units]
        for name in (*names, *(name for one in item.assignments for name in one.names)):
            start, end = name.span.start, name.span.end
            if text[start:end] != name.text or not name.name:
                yield f"{item.item_id}: {name.text!r} does not stand at {name.span}"
            folded = without_blanks(normalized.plain_between(start, end))
            if folded.replace("[", "(").replace("]", ")") != name.name:
                yield f"{item.item_id}: {name.name!r} is not the folded {name.text!r}"


def _body_faults(notice: Notice) -> Iterator[str]:
    """Canonical names without a body, and bodies that no name stands for."""
    named = {name.canonical for name in all_names(notice) if name.canonical is not None}
    bodies = {body.canonical for body in notice.bodies}
    for odd in sorted(named ^ bodies):
        yield f"{odd!r} stands in names or bodies, not in both"


def _overlaps(notice: Notice) -> Iterator[str]:
    """Items share no character, except a measure inside its parent."""
    spans = {item.item_id: item.span for item in notice.items}
    last: dict[str | None, Item] = {}
    for item in notice.items:
        parent = spans.get(item.parent_id or "")
        if parent and (item.span.start < parent.start or item.span.end > parent.end):
            yield f"{item.item_id} stands outside its parent"
        before = last.get(item.parent_id)
        if before and item.span.start < before.span.end:
            yield f"{item.item_id} overlaps {before.item_id}"
        last[item.parent_id] = item


def _unaccounted(notice: Notice, text: str) -> Iterator[str]:
    """Characters in no item, heading, part or unread-text problem."""
    unread = [p.span for p in notice.problems if p.code == "unread-text" and p.span]
    taken = [item.span for item in notice.items]
    taken += [section.span for section in notice.sections]
    taken += [part.span for part in notice.parts]
    spans = sorted((span.start, span.end) for span in (*taken, *unread))
    text = fold(text)
    at = 0
    for start, end in [*spans, (len(text), len(text))]:
        left = _NOT_BLANK.search(text, at, start) if start > at else None
        if left and set(text[at:start].strip()) - set("。;| -:\t\n"):
            yield f"characters {at} to {start} are unaccounted for"
        at = max(at, end)
