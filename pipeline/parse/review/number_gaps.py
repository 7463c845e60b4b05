"""Flag numbers that are skipped, repeated or missing among the items and headings of one list."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pipeline.parse.items.tasks import Plan
from pipeline.parse.review.flag import Flag, Span


class _Numbered(NamedTuple):
    """A numbered block that is an item (then `task` is its index) or a heading."""

    number: int
    span: Span
    task: int | None


def find_number_flags(plan: Plan) -> Iterator[Flag]:
    """A flag on both sides of each number that is skipped, and for each that is repeated."""
    yield from _block_flags(plan)
    yield from _row_flags(plan)


def _block_flags(plan: Plan) -> Iterator[Flag]:
    by_block = {task.block: n for n, task in enumerate(plan.tasks) if task.label}
    before: dict[tuple[int, str, int], _Numbered] = {}
    # The last number of each kind, whatever its parent and annex and whether it is read or not.
    latest: dict[str, _Numbered] = {}
    annex = 0
    for index, block in enumerate(plan.blocks):
        while annex + 1 < len(plan.annexes) and plan.annexes[annex + 1].start <= block.start:
            annex += 1
        key = (block.parent, block.kind, annex)
        one = _Numbered(block.number, (block.start, block.body), by_block.get(index))
        printed = latest.get(block.kind)
        latest[block.kind] = one
        if index not in by_block and index not in plan.headings:
            continue
        if key in before:
            yield from _compare(before[key], one)
        elif printed is not None and block.number > printed.number:
            # A list that does not begin with 1 continues that of the heading before.
            yield from _compare(printed, one)
        elif block.number > 1:
            number = block.number
            yield Flag("number-gap", "warning", f"编号从{number}开始", one.span, one.task)
        before[key] = one


def _row_flags(plan: Plan) -> Iterator[Flag]:
    """The flags of a table's rows: a number that is smaller begins the count of another group."""
    starts = [table.start for table in plan.tables]
    rows = [
        (bisect_right(starts, task.start), _Numbered(task.number, (task.start, task.body), n))
        for n, task in enumerate(plan.tasks)
        if task.pieces is not None and task.label and task.number
    ]
    for (table, before), (same, after) in pairwise(rows):
        if table == same and after.number > before.number + 1:
            yield from _compare(before, after)


def _compare(before: _Numbered, one: _Numbered) -> Iterator[Flag]:
    last, number = before.number, one.number
    if number > last + 1:
        message = f"编号从{last}跳到{number}"
        yield Flag("number-gap", "warning", message, one.span, one.task)
        if before.task is not None:
            yield Flag("number-gap", "warning", message, one.span, before.task)
    elif number == last:
        yield Flag("number-duplicate", "warning", f"编号{last}重复", one.span, one.task)
