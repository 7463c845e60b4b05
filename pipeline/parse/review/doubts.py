"""Flag the doubts of a careful reader: gaps, odd names, weak readings, words that nobody read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.names.lists import STARS
from pipeline.parse.clauses.brackets import find_open_brackets
from pipeline.parse.clauses.clause import Clause
from pipeline.parse.contents import Contents, find_own_end
from pipeline.parse.header import Header
from pipeline.parse.items.tasks import Plan, Task
from pipeline.parse.naming import NoticeNames
from pipeline.parse.normalize import Repair
from pipeline.parse.outline import is_running_text
from pipeline.parse.review.flag import Flag, Severity, Span
from pipeline.parse.review.inner_lists import holds_unread_list
from pipeline.parse.review.number_gaps import find_number_flags
from pipeline.parse.roles import Owner
from pipeline.parse.tables import TextTable
from pipeline.parse.tables.refusal import find_refusal

# Why a table was not read, by the reason's code.
_REFUSALS = {
    "glued": "表格的单元格连在一起,分不清各行各栏,没有读",
    "misfit": "表格({rows}行)的单元格与表头对不齐,没有读",
    "strange": "表格({rows}行)没有分栏的标记,责任单位一栏不像单位名称,没有读",
}
# Label lines with more than this between them are about different things.
_SENTENCE = 6
# Words about a responsibility that no clause took: the characters that end them, those before …
_LEFT_END = re.compile(r"[:)\]]")
_LEFT_BEFORE = frozenset("位门导室 头责合实与")
# … the whole of a label (责任单位:) …
_LEFT_LABEL = re.compile(
    r"(?:牵头|责任|主办|承办|配合|协办|参与|主责|负责)(?:单位|部门|领导|处室|科室) ?:$"
)
# … or of a bracket: (市财政局等单位和有关方面的同志负责); not (以下简称责任单位).
_LEFT_BRACKET = re.compile(
    r"""
    [(\[](?![^()\[\]]{0,3}(?:以下|简称))
    [^()\[\]\n。]{2,120}
    (?:牵头|负责|配合|落实|参与)(?:单位|部门)?[)\]]$
    """,
    re.VERBOSE,
)
# How far before its end such words begin.
_LEFT_REACH = 130
# A heading and the first sentence of a task on one line: 推进改革 深入开展试点工作….
_RUN_ON = re.compile(r"[^。;,:()]{4,24}[\u4e00-\u9fff] +[\u4e00-\u9fff][^。;:()]{3,}")
# A number that a wrong decoding replaced, at the head of a line or sentence: ?、推进改革.
_LOST = re.compile(r"(?:(?<=[\n。 ])|\A)[?\ufffd][.。]?[^\u4e00-\u9fff\n]{0,4}(?=[\u4e00-\u9fff])")
_MESSAGES: dict[str, tuple[Severity, str]] = {
    "weak-sentence": ("warning", "责任从句子读出"),
    "unit-heading": ("warning", "责任从小标题的单位名读出"),
    "doubtful-row": ("warning", "表格的一行与表头对不齐"),
    "cells-by-shape": ("warning", "表格没有分隔,按文字形状分列"),
    "lost-number": ("warning", "编号受损,按前后次序读"),
    "named-in-sentence": ("warning", "句子提到单位,没有读作责任"),
    "unnumbered": ("info", "事项没有编号"),
}
# Codes of items that make it likely that other items are missing: the record is flagged too.
_STRUCTURAL = {
    "cells-by-shape": "表格没有分隔,可能有遗漏或错列",
    "doubtful-row": "表格有对不齐的行,可能有遗漏",
    "several-groups": "没有编号的事项可能并成了一项",
    "run-on-heading": "标题与事项可能连成了一项",
}
_REPAIRS = {
    "zero-width": "零宽字符{}处,略去",
    "pinyin": "夹注拼音{}处,略去",
    "radical": "部首字符,按汉字读",
}


def find_name_flags(names: NoticeNames) -> Iterator[Flag]:
    """A flag for each name that fits several bodies."""
    for one in names.ambiguous:
        message = f"{one.name}可指:{'、'.join(one.candidates)}"
        yield Flag("ambiguous-name", "info", message, one.span)


def find_unread_deadlines(contents: Sequence[Contents]) -> Iterator[Flag]:
    """A flag for each deadline phrase that was not understood."""
    for index, one in enumerate(contents):
        for span in one.unread:
            yield Flag("unread-date", "warning", "时限没有读懂", span, index)


def find_repairs(repairs: Sequence[Repair]) -> Iterator[Flag]:
    """A flag for each kind of damage that was read through, at its first place in the source."""
    for kind, message in _REPAIRS.items():
        places = [repair for repair in repairs if repair.kind == kind]
        if places:
            span = (places[0].start, places[0].end)
            yield Flag("repaired", "info", message.format(len(places)), span)


def find_flags(
    folded: str, header: Header, plan: Plan, owners: Sequence[list[Owner]]
) -> Iterator[Flag]:
    """The flags of a plan's header, tables, items and numbers; `owners` has an entry for each task."""
    yield from _header_flags(header)
    if plan.repeat is not None:
        yield Flag("printed-twice", "info", "正文印了两遍,只读第一遍", (plan.repeat, len(folded)))
    yield from _table_flags(folded, plan)
    yield from _lost_numbers(folded, plan)
    if plan.tasks:
        flags = list(_item_flags(folded, plan, owners))
        yield from flags
        yield from _whole_flags(flags)
        yield from find_number_flags(plan)


def _header_flags(header: Header) -> Iterator[Flag]:
    for span in header.unread_dates:
        yield Flag("unread-date", "warning", "日期没有读懂", span)
    for span in header.mended_dates:
        yield Flag("repaired", "info", "日期缺了分隔,只有一种读法", span)
    if header.unread_number:
        yield Flag("unread-number", "warning", "文号没有读懂", header.unread_number)


def _table_flags(folded: str, plan: Plan) -> Iterator[Flag]:
    for tables in _join_refused(plan):
        rows = sum(len(table.rows) for table in tables)
        message = _REFUSALS[find_refusal(folded, tables[0]) or "misfit"].format(rows=rows)
        yield Flag("unread-table", "error", message, (tables[0].start, tables[-1].end))
    for span in plan.skipped_rows:
        yield Flag("skipped-row", "warning", "表格的一行没有任务,没有读", span)


def _join_refused(plan: Plan) -> list[list[TextTable]]:
    """The refused tables, those together that no item separates: the pages of one table."""
    starts = [task.start for task in plan.tasks]
    groups: list[list[TextTable]] = []
    for table in plan.refused:
        last = groups[-1][-1] if groups else None
        if last and bisect_left(starts, last.end) == bisect_left(starts, table.start):
            groups[-1].append(table)
        else:
            groups.append([table])
    return groups


def _lost_numbers(folded: str, plan: Plan) -> Iterator[Flag]:
    """A flag for each number that a wrong decoding replaced, and for the items around and after it."""
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


def _item_flags(folded: str, plan: Plan, owners: Sequence[list[Owner]]) -> Iterator[Flag]:
    """The flags of every item, in reading order; a star beside a name (甲局*) needs a note on it."""
    hosted = any(owner.role == "host" for own in owners for owner in own)
    led = sum(any(owner.role == "leader" for owner in own) for own in owners)
    expected = {"host": hosted, "leader": 2 * led >= len(owners)}
    one_line = "\n" not in folded
    starts = {block.start for block in plan.blocks}
    starred = not plan.stars_lead and any(star in folded for star in STARS)
    run_on: dict[tuple[Span, ...], bool] = {}
    for index, (task, own) in enumerate(zip(plan.tasks, owners, strict=True)):
        yield from _empty_lists(task, index)
        yield from _missing_roles(task, own, expected, index)
        span = (task.start, task.end)
        if starred and any(n.mark == "star" for owner in own for n in owner.names):
            yield Flag("unread-mark", "warning", "名称旁的记号没有说明", span, index)
        for code in sorted(task.weak):
            yield Flag(code, *_MESSAGES[code], span, index)
        if one_line and task.label and task.pieces is None and _RUN_ON.match(folded, task.body):
            yield Flag("run-on-heading", "warning", "标题与正文之间没有换行", span, index)
        if task.path not in run_on:
            run_on[task.path] = any(is_running_text(folded, *words) for words in task.path)
        if run_on[task.path]:
            yield Flag("run-on-heading", "warning", "上级标题与正文之间没有换行", span, index)
        if len(task.clauses) > 1 and _has_several_groups(folded, task):
            yield Flag("several-groups", "warning", "一项里有几组责任标签", span, index)
        if task.pieces is None and holds_unread_list(
            folded,
            task.body,
            find_own_end(plan, index),
            starts=starts,
            clauses=[clause for clause in task.clauses if clause.assigns],
        ):
            yield Flag("several-items", "warning", "一项里像是有几项", span, index)
        opened = _find_open_brackets(folded, plan, index)
        if opened:
            yield Flag("unclosed-bracket", "warning", "写到责任的括号没有合上", opened, index)
        left = _find_left_over(folded, plan, index)
        if left:
            yield Flag("unread-clause", "warning", "写到责任的文字没有读懂", left, index)


def _empty_lists(task: Task, index: int) -> Iterator[Flag]:
    """A flag for each label with no name behind it: 责任单位:。"""
    for clause in task.clauses:
        if not clause.shares and clause.carrier == "label":
            span = (clause.start, clause.end)
            yield Flag("empty-list", "warning", "标签后没有单位或人名", span, index)


def _missing_roles(
    task: Task, own: list[Owner], expected: dict[str, bool], index: int
) -> Iterator[Flag]:
    """A flag where an item has no host or leader, though other items of the plan have."""
    roles = {owner.role for owner in own}
    span = (task.start, task.end)
    if expected["host"] and "host" not in roles:
        yield Flag("missing-host", "warning", "没有主办单位", span, index)
    if expected["leader"] and "leader" not in roles:
        yield Flag("missing-leader", "warning", "没有牵头领导", span, index)


def _has_several_groups(folded: str, task: Task) -> bool:
    """Whether an item has label lines, a sentence, and label lines again.

    It is probably several items without numbers that were read as one.
    """
    labels = [c for c in task.clauses if c.carrier == "label" and c.assigns]
    return any(
        after.start - before.end > _SENTENCE
        and len(folded[before.end : after.start].strip(" \t\n。;,")) > _SENTENCE
        for before, after in pairwise(labels)
    )


def _find_open_brackets(folded: str, plan: Plan, index: int) -> Span | None:
    """The first bracket of an item's own words that assigns and never closes, up to its line's end."""
    task = plan.tasks[index]
    for start, end in task.pieces or [(task.body, find_own_end(plan, index))]:
        for opening in find_open_brackets(folded, start, end):
            newline = folded.find("\n", opening, end)
            return opening, newline if newline >= 0 else end
    return None


def _find_left_over(folded: str, plan: Plan, index: int) -> Span | None:
    """The first words in an item, outside its clauses, that look like a responsibility."""
    task = plan.tasks[index]
    if task.pieces is not None:
        return None
    end = find_own_end(plan, index)
    at = task.body
    clauses: list[Clause | None] = [c for c in task.clauses if c.carrier != "sentence"]
    for clause in [*clauses, None]:
        stop = end if clause is None else min(clause.start, end)
        found = _find_responsibility(folded, at, stop) if stop > at else None
        if found:
            return found
        at = max(at, clause.end if clause else at)
    return None


def _find_responsibility(folded: str, start: int, stop: int) -> Span | None:
    """The first label or bracket about a responsibility between two positions."""
    for match in _LEFT_END.finditer(folded, start, stop):
        if folded[match.start() - 1] not in _LEFT_BEFORE:
            continue
        begin = max(start, match.end() - _LEFT_REACH)
        found = _LEFT_LABEL.search(folded, begin, match.end())
        found = found or _LEFT_BRACKET.search(folded, begin, match.end())
        if found:
            return found.span()
    return None


def _whole_flags(flags: Sequence[Flag]) -> Iterator[Flag]:
    """A flag of the record for each kind of weak structure that an item has."""
    for code, message in _STRUCTURAL.items():
        if any(flag.code == code for flag in flags):
            yield Flag(code, "warning", message, None)
