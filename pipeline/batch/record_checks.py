"""Check a record against its own source text: hash, ids, spans, order, every character."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.batch.value_checks import ReadableNotice, find_value_faults
from pipeline.dataset.edited_items import REVIEWED, is_of_notice
from pipeline.dataset.in_force import all_names
from pipeline.parse.normalize import normalize_text
from pipeline.text import fold, print_brackets, without_blanks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Item, Name, Notice, Span

_HASH = re.compile(r"[0-9a-f]{64}")
_NOT_BLANK = re.compile(r"\S")
# Characters that may be between items: ends of sentences and cells.
_BETWEEN = frozenset("。;| -:\t\n")


def find_notice_faults(notice: Notice) -> Iterator[str]:
    """Yield one line for every fault of a record, checked against its own source text."""
    text = notice.source.text
    readable = ReadableNotice(notice)
    if not _HASH.fullmatch(notice.source.sha256):
        yield "source.sha256 is no SHA-256"
    ids = {item.item_id for item in notice.items}
    for number, item in enumerate(notice.items, 1):
        if item.item_id != f"{notice.notice_id}#{number}":
            yield f"{item.item_id} is not item {number}"
        if item.parent_id is not None and item.parent_id not in ids:
            yield f"{item.item_id}: no parent {item.parent_id}"
        yield from _find_span_faults(item, text)
        yield from find_value_faults(item, readable)
    for problem in notice.problems:
        if problem.item_id is not None and problem.item_id not in ids:
            yield f"problem {problem.code}: no item {problem.item_id}"
        if problem.span and not _is_inside(problem.span, text):
            yield f"problem {problem.code}: span outside the text"
    yield from _find_edit_faults(notice, readable)
    yield from _find_name_faults(notice)
    yield from _find_body_faults(notice)
    yield from _find_overlaps(notice)
    yield from _find_unaccounted(notice, text)


def _find_edit_faults(notice: Notice, readable: ReadableNotice) -> Iterator[str]:
    """Yield faults of items that people made: ids, spans, values, and what an edit replaces."""
    known = {item.item_id for item in notice.items}
    for edit in notice.edits:
        for item_id in edit.item_ids:
            if item_id not in known and not is_of_notice(edit, notice.notice_id):
                yield f"an edit ({edit.kind}) of {item_id}, which is no item"
        for item in edit.items:
            if item.item_id in known:
                yield f"{item.item_id} is made twice"
            yield from _find_span_faults(item, notice.source.text)
            yield from find_value_faults(item, readable)
        if edit.kind != REVIEWED:
            known -= {*edit.item_ids}
        known |= {item.item_id for item in edit.items}


def _is_inside(span: Span, text: str) -> bool:
    return 0 <= span.start <= span.end <= len(text)


def _find_span_faults(item: Item, text: str) -> Iterator[str]:
    if not _is_inside(item.span, text):
        yield f"{item.item_id}: span outside the text"
    for assignment in item.assignments:
        if not _is_inside(assignment.span, text) or not _is_inside(assignment.scope, text):
            yield f"{item.item_id}: an assignment's span outside the text"


def _find_name_faults(notice: Notice) -> Iterator[str]:
    """Yield names that are not what the text prints at their span, and empty names."""
    text = notice.source.text
    normalized = normalize_text(text)
    for item in (*notice.items, *(item for edit in notice.edits for item in edit.items)):
        names: list[Name] = [*item.leaders, *item.host_units, *item.co_host_units]
        for name in (*names, *(name for one in item.assignments for name in one.names)):
            start, end = name.span.start, name.span.end
            if text[start:end] != name.text or not name.name:
                yield f"{item.item_id}: {name.text!r} does not stand at {name.span}"
            folded = without_blanks(normalized.plain_between(start, end))
            if print_brackets(folded) != name.name:
                yield f"{item.item_id}: {name.name!r} is not the folded {name.text!r}"


def _find_body_faults(notice: Notice) -> Iterator[str]:
    """Yield canonical names that no body has, and bodies that no name refers to."""
    named = {name.canonical for name in all_names(notice) if name.canonical is not None}
    bodies = {body.canonical for body in notice.bodies}
    for odd in sorted(named ^ bodies):
        yield f"{odd!r} stands in names or bodies, not in both"


def _find_overlaps(notice: Notice) -> Iterator[str]:
    """Yield items that share a character with another one that is not their parent."""
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


def _find_unaccounted(notice: Notice, text: str) -> Iterator[str]:
    """Yield characters that are in no item, heading, part or unread-text problem."""
    unread = [p.span for p in notice.problems if p.code == "unread-text" and p.span]
    taken = [item.span for item in notice.items]
    taken += [section.span for section in notice.sections]
    taken += [part.span for part in notice.parts]
    spans = sorted((span.start, span.end) for span in (*taken, *unread))
    text = fold(text)
    at = 0
    for start, end in [*spans, (len(text), len(text))]:
        left = _NOT_BLANK.search(text, at, start) if start > at else None
        if left and set(text[at:start].strip()) - _BETWEEN:
            yield f"characters {at} to {start} are unaccounted for"
        at = max(at, end)
