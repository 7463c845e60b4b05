"""What a careful reader of a plan would mark: gaps, odd names, weak readings, words left over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from pipeline.names.lists import is_unit
from pipeline.parse.header.particulars import Header
from pipeline.parse.items.tasks import Plan, Task
from pipeline.parse.normalize import NormalizedText, Repair
from pipeline.parse.roles import Owner

Span = tuple[int, int]

# Short stems without an ending of their own are common: 公安、安监、发展改革.
_SHORT_NAME = 8
# Words of a responsibility that no clause took: where they may end, and as a whole.
_LEFT_END = re.compile(r"[:)\]]")
_LEFT_BEFORE = frozenset("位门导室 头责合实与")
_LEFT_LABEL = re.compile(
    r"(?:牵头|责任|主办|承办|配合|协办|参与|主责|负责)(?:单位|部门|领导|处室|科室) ?:$"
)
_LEFT_BRACKET = re.compile(
    r"[(\[](?![^()\[\]]{0,3}(?:以下|简称))[^()\[\]\n。]{2,120}(?:牵头|负责|配合|落实|参与)(?:单位|部门)?[)\]]$"
)
_LEFT_REACH = 130
_MESSAGES = {
    "weak-sentence": ("warning", "责任从句子读出"),
    "unit-heading": ("warning", "责任从小标题的单位名读出"),
    "doubtful-row": ("warning", "表格的一行与表头对不齐"),
    "cells-by-shape": ("warning", "表格没有分隔,按文字形状分列"),
    "lost-number": ("warning", "编号受损,按前后次序读"),
    "unnumbered": ("info", "事项没有编号"),
}
_REPAIRS = {
    "zero-width": "零宽字符{}处,略去",
    "pinyin": "夹注拼音{}处,略去",
    "radical": "部首字符,按汉字读",
}


class Flag(NamedTuple):
    """A problem before it becomes a record; `task` is the item's place in the plan."""

    code: str
    severity: Literal["error", "warning", "info"]
    message: str
    span: Span | None
    task: int | None = None


def find_flags(
    normalized: NormalizedText, header: Header, plan: Plan, owners: Sequence[list[Owner]]
) -> Iterator[Flag]:
    """Every mark on a plan's header, items and numbers."""
    yield from _header_flags(header)
    if plan.repeat is not None:
        place = (plan.repeat, len(normalized.folded))
        yield Flag("printed-twice", "info", "正文印了两遍,只读第一遍", place)
    for table in plan.refused:
        message = f"表格({len(table.rows)}行)的单元格与表头对不齐,没有读"
        yield Flag("unread-table", "error", message, (table.start, table.end))
    for span in plan.skipped_rows:
        yield Flag("skipped-row", "warning", "表格的一行没有任务,没有读", span)
    yield from _lost_numbers(normalized.folded, plan)
    if plan.tasks:
        flags = list(_item_flags(normalized.folded, plan, owners))
        yield from flags
        yield from _whole_flags(flags)
        yield from _number_flags(plan)


# What makes it likely that items are missing: told for the whole record too.
_STRUCTURAL = {
    "cells-by-shape": "表格没有分隔,可能有遗漏或错列",
    "doubtful-row": "表格有对不齐的行,可能有遗漏",
    "several-groups": "没有编号的事项可能并成了一项",
    "run-on-heading": "标题与事项可能连成了一项",
}


def _whole_flags(flags: Sequence[Flag]) -> Iterator[Flag]:
    """One mark for the record for each kind of weak structure among its items."""
    for code, message in _STRUCTURAL.items():
        if any(flag.code == code for flag in flags):
            yield Flag(code, "warning", message, None)


def find_repairs(repairs: Sequence[Repair]) -> Iterator[tuple[str, Span]]:
    """One line for each kind of damage that was read through, with its first place."""
    for kind, words in _REPAIRS.items():
        places = [repair for repair in repairs if repair.kind == kind]
        if places:
            yield words.format(len(places)), (places[0].start, places[0].end)


def _header_flags(header: Header) -> Iterator[Flag]:
    for span in header.unread_dates:
        yield Flag("unread-date", "warning", "日期没有读懂", span)
    for span in header.mended_dates:
        yield Flag("repaired", "info", "日期缺了分隔,只有一种读法", span)
    if header.unread_number:
        yield Flag("unread-number", "warning", "文号没有读懂", header.unread_number)


def _item_flags(folded: str, plan: Plan, owners: Sequence[list[Owner]]) -> Iterator[Flag]:
    hosted = sum(any(o.role == "host" for o in own) for own in owners)
    led = sum(any(o.role == "leader" for o in own) for own in owners)
    one_line = "\n" not in folded
    for index, (task, own) in enumerate(zip(plan.tasks, owners, strict=True)):
        span = (task.start, task.end)
        roles = {owner.role for owner in own}
        for clause in task.clauses:
            if not clause.shares and clause.carrier == "label":
                place = (clause.start, clause.end)
                yield Flag("empty-list", "warning", "标签后没有单位或人名", place, index)
        if "host" not in roles and hosted:
            yield Flag("missing-host", "warning", "没有主办单位", span, index)
        if "leader" not in roles and 2 * led >= len(owners):
            yield Flag("missing-leader", "warning", "没有牵头领导", span, index)
        odd = _odd_name(folded, own)
        if odd:
            yield Flag("odd-name", "warning", f"不像单位名称:{odd[:20]}", span, index)
        if not plan.stars_lead and any(n.mark == "star" for o in own for n in o.names):
            yield Flag("unread-mark", "warning", "名称旁的记号没有说明", span, index)
        for code in sorted(task.weak):
            severity, message = _MESSAGES[code]
            yield Flag(code, severity, message, span, index)  # type: ignore[arg-type]
        if one_line and task.label and task.pieces is None and _RUN_ON.match(folded, task.body):
            yield Flag("run-on-heading", "warning", "标题与正文之间没有换行", span, index)
        if _several_groups(folded, task):
            yield Flag("several-groups", "warning", "一项里有几组责任标签", span, index)
        left = _left_over(folded, task, plan, index)
        if left:
            yield Flag("unread-clause", "warning", "写到责任的文字没有读懂", left, index)


def _odd_name(folded: str, owners: list[Owner]) -> str | None:
    """A host or co-host that does not read as a unit: the list was probably cut wrong."""
    for owner in owners:
        if owner.role == "leader":
            continue
        for listed in owner.names:
            name = folded[listed.start : listed.end]
            if len(name) < 2 or (len(name) > _SHORT_NAME and not is_unit(name)):
                return name
    return None


# A heading and a task's first sentence with nothing but a blank between.
_RUN_ON = re.compile(r"[^。;,:()]{4,24}[\u4e00-\u9fff] +[\u4e00-\u9fff][^。;:()]{3,}")
_LOST = re.compile(r"(?:(?<=[\n。 ])|\A)[?\ufffd][.。]?[^\u4e00-\u9fff\n]{0,4}(?=[\u4e00-\u9fff])")


def _lost_numbers(folded: str, plan: Plan) -> Iterator[Flag]:
    """A number that a wrong decoding ate: the items around and behind it may be cut wrong."""
    if "?" not in folded and "\ufffd" not in folded:
        return
    flagged: set[int] = set()
    for match in _LOST.finditer(folded):
        yield Flag("lost-number", "warning", "编号受损", match.span())
        before = [n for n, task in enumerate(plan.tasks) if task.start <= match.start()]
        flagged.update(range(before[-1] if before else 0, len(plan.tasks)))
    for index in sorted(flagged):
        task = plan.tasks[index]
        if "lost-number" not in task.weak:
            span = (task.start, task.end)
            yield Flag("lost-number", "warning", "前面的编号受损", span, index)


def _several_groups(folded: str, task: Task) -> bool:
    """Whether an item holds label lines, words of a sentence, and label lines again.

    They are probably items without numbers of their own, run together.
    """
    labels = [c for c in task.clauses if c.carrier == "label" and c.assigns]
    return any(
        after.start - before.end > _SENTENCE
        and len(folded[before.end : after.start].strip(" \t\n。;,")) > _SENTENCE
        for before, after in pairwise(labels)
    )


_SENTENCE = 6


def _left_over(folded: str, task: Task, plan: Plan, index: int) -> Span | None:
    """Words in an item, outside its clauses, that look like a responsibility."""
    if task.pieces is not None:
        return None
    following = plan.tasks[index + 1] if index + 1 < len(plan.tasks) else None
    end = following.start if following and following.parent == index else task.end
    at = task.body
    for clause in [*task.clauses, None]:
        if clause is not None and clause.carrier == "sentence":
            continue
        stop = end if clause is None else min(clause.start, end)
        for match in _LEFT_END.finditer(folded, at, stop) if stop > at else ():
            if folded[match.start() - 1] not in _LEFT_BEFORE:
                continue
            found = _LEFT_LABEL.search(folded, max(at, match.end() - _LEFT_REACH), match.end())
            found = found or _LEFT_BRACKET.search(
                folded, max(at, match.end() - _LEFT_REACH), match.end()
            )
            if found:
                return found.span()
        at = max(at, clause.end if clause else at)
    return None


def _number_flags(plan: Plan) -> Iterator[Flag]:
    """Numbers that are skipped or stand twice, among the items and headings of one list."""
    by_block = {task.block: n for n, task in enumerate(plan.tasks) if task.label}
    before: dict[tuple[int, str, int], tuple[int, int | None]] = {}
    annex = 0
    for index, block in enumerate(plan.blocks):
        while annex + 1 < len(plan.annexes) and plan.annexes[annex + 1].start <= block.start:
            annex += 1
        if index not in by_block and index not in plan.headings:
            continue
        key = (block.parent, block.kind, annex)
        last, earlier = before.get(key, (None, None))
        span, task = (block.start, block.body), by_block.get(index)
        if last is not None and block.number > last + 1:
            message = f"编号从{last}跳到{block.number}"
            yield Flag("number-gap", "warning", message, span, task)
            if earlier is not None:
                yield Flag("number-gap", "warning", message, span, earlier)
        elif last is not None and block.number == last:
            yield Flag("number-duplicate", "warning", f"编号{last}重复", span, task)
        before[key] = (block.number, task)
