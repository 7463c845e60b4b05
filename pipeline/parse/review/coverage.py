"""Name every stretch of text outside items and headings, so that each character is accounted for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from pipeline.dates import find_date
from pipeline.lexicon import alternation, words
from pipeline.parse.header import Header
from pipeline.parse.items.tasks import Heading, Plan
from pipeline.text import trim

Span = tuple[int, int]

_FURNITURE = re.compile(alternation(words("boilerplate", "furniture")))
_LINE = re.compile(r"[^\n]+")
_EDGES = " \t\n。;|"
_SUMS = ("合计", "总计", "小计", "共计")
# A line this close behind the start of an annex is its mark or title.
_ANNEX_REACH = 120


class NamedStretch(NamedTuple):
    """A line outside items and headings, by the part that it is; None where it was not understood."""

    name: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the items, headings, tables and annexes of a document are."""

    header: Header
    taken: list[Span]
    starts: set[int]
    # Where tables begin, in order, and the farthest end of each and those before it.
    table_starts: list[int]
    table_ends: list[int]
    heads: list[Span]
    annexes: list[int]
    repeat: int | None
    # Where the first item or heading begins, and the last one ends.
    first: int
    last: int


def find_stretches(folded: str, header: Header, plan: Plan) -> Iterator[NamedStretch]:
    """Every line that is no item and no heading, without the marks at its ends, in order."""
    layout = _find_layout(folded, header, plan)
    at = 0
    for start, end in [*layout.taken, (len(folded), len(folded))]:
        for line in _LINE.finditer(folded, at, start) if start > at else ():
            span = trim(folded, line.start(), line.end(), _EDGES)
            if span[0] < span[1]:
                yield NamedStretch(_name_line(folded, span, layout), span)
        at = max(at, end)


def _find_layout(folded: str, header: Header, plan: Plan) -> _Layout:
    tasks = [(task.start, task.end) for task in plan.tasks]
    heads = [head for table in plan.tables for head in table.heads]
    heads += [row.heading for table in plan.tables for row in table.rows if row.heading]
    taken = sorted(tasks + [_heading_span(heading) for heading in plan.headings.values()])
    tables = sorted((table.start, table.end) for table in plan.tables)
    return _Layout(
        header,
        taken,
        {block.start for block in plan.blocks},
        [start for start, _ in tables],
        list(accumulate((end for _, end in tables), max)),
        sorted(heads),
        [annex.start for annex in plan.annexes[1:]],
        plan.repeat,
        taken[0][0] if taken else len(folded),
        max((end for _, end in taken), default=0),
    )


def _heading_span(heading: Heading) -> Span:
    start, end = heading.words
    if heading.label is None:
        return start, end
    return heading.label[0], max(end, heading.label[1])


def _name_line(folded: str, span: Span, layout: _Layout) -> str | None:
    """The part that a line is, by its place and its words."""
    start, end = span
    header = layout.header
    if layout.repeat is not None and start >= layout.repeat:
        return "repeat"
    # The full stop at a line's end is outside the span; a title has none.
    prose = "。" in folded[start : end + 1]
    if _is_in_table(start, layout):
        return "table_head" if _is_table_head(folded, span, layout.heads) else None
    signature = header.signature
    if signature and start < signature[1] and end > signature[0] and not prose:
        return "signature"
    if start in layout.starts:
        return "requirements"
    dated = start < header.end and find_date(folded, start, end)
    if not prose and not dated and _FURNITURE.search(folded, start, end):
        return "furniture"
    if end <= layout.first and start < header.end:
        return "notice" if prose else "header"
    if end <= layout.first:
        return "foreword" if prose or ":" in folded[start:end] else "header"
    if _opens_annex(start, layout.annexes):
        return "annex"
    if start >= layout.last:
        return "closing" if prose else None
    return "lead_in"


def _is_in_table(at: int, layout: _Layout) -> bool:
    index = bisect_right(layout.table_starts, at) - 1
    return index >= 0 and at < layout.table_ends[index]


def _is_table_head(folded: str, span: Span, heads: list[Span]) -> bool:
    """Whether a line in a table is a head, the heading of a group, a rule or a sum: 合计."""
    start, end = span
    # The last head that begins before the line's end.
    index = bisect_left(heads, (end,)) - 1
    if index >= 0 and heads[index][1] > start:
        return True
    text = folded[start:end].strip("|- \t:")
    return not text or text.startswith(_SUMS)


def _opens_annex(start: int, annexes: list[int]) -> bool:
    """Whether a line is just behind the start of an annex."""
    index = bisect_right(annexes, start) - 1
    return index >= 0 and start - annexes[index] < _ANNEX_REACH
