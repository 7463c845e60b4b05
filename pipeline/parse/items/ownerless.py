"""Find the tasks of a plan that names no owner: the smallest numbered units of its task sections."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from pipeline.lexicon import alternation, words
from pipeline.parse.annexes import Annex
from pipeline.parse.clauses.clause import Clause
from pipeline.parse.items.attach import Owned
from pipeline.parse.items.headings import HEADING_REACH, find_path, make_headings
from pipeline.parse.items.numbered import is_followed
from pipeline.parse.items.section_kinds import (
    WITHOUT_TASKS,
    SectionKind,
    classify_section,
    is_all_generic,
    is_verb_led,
    read_heading_words,
)
from pipeline.parse.items.tasks import OwnerlessTasks, Task
from pipeline.parse.items.tree import BlockTree, find_ancestors, split_runs
from pipeline.text import trim

_PLANS = alternation((*words("plan_titles", "ending"), *words("plan_titles", "work")))
# An annex with such a title has a plan of its own; not 附件2 领导小组成员名单.
_PLAN_TITLE = re.compile(rf"(?:{_PLANS})(?:\([^()]*\))?$")
# A notice that only covers a plan: 关于印发《某计划》的通知, 现将…印发给你们.
_COVERING = re.compile(
    r"(?:印\s?发|转\s?发|下\s?达|下\s?发)\s?给\s?(?:你\s?们|各)|现(?:予以?)?(?:印发|公布|下发)"
)
# A line that is a date (2021年3月24日) ends the notice above a plan.
_DATE_LINE = re.compile(
    r"(?:^|\n|[ ])\(?(?:20\d\d|二[\u3007○O0零]\w\w)年\w{1,3}月\w{1,3}日\)?\s*(?:\n|$| )"
)
_TITLE_LINE = re.compile(rf"\n[ \t]*[^\n。:;]{{4,60}}(?:{_PLANS})(?:\([^()]*\))?[ \t]*(?=\n)")
# 一是…, 二是…, or 一要… at the start of a line.
_ORDINAL_LINE = re.compile(
    r"(?:(?<=\n)|\A)[ \t]*(?P<label>(?P<digit>[一二三四五六七八九十])[是要])"
)
_ORDINALS = "一二三四五六七八九十"
# Children shorter than this in the middle are a list of things, not of tasks.
_SHORT_CHILD = 12
# A list has at least this many lines.
_FEWEST_LINES = 2
# Buttons of the page behind the last task: 附件下载, 打印本页.
_FURNITURE = re.compile(rf"(?<=[\s。])(?:{alternation(words('boilerplate', 'furniture'))})")
# A line that ends so ends a sentence.
_STOPS = tuple("。;!?…”)")
# Lines behind the last task: 各单位要…, 附件:, 抄送:, a date.
_CLOSING = re.compile(
    r"""
    \n[ \t]*(?:
      各(?:单位|部门|地|乡镇|镇|区|县|村|处室|学校|成员单位) | 以上 | 本(?:要点|计划|方案|清单)
      | 附[件:] | 特此 | 抄送 | 联系 | \(此件 | 20\d\d年\d{1,2}月\d{1,2}日
    )
    """,
    re.VERBOSE,
)


def find_ownerless_tasks(
    folded: str, tree: BlockTree, annexes: Sequence[Annex], owned: Owned
) -> OwnerlessTasks:
    """The tasks of a text in which no clause assigns anything; `owned` has its other clauses.

    A covering notice has none where an annex has some.
    """
    chosen: list[int] = []
    for annex in _choose_annexes(folded, tree, annexes):
        for run in split_runs(tree, _find_outermost(tree, annex)):
            if not _is_of_notice(folded, annex, tree.starts[run[0]]):
                chosen += _choose_units(folded, tree, run, outermost=True)
    above = find_ancestors(tree, chosen)
    lists = {index: _find_ordinal_lines(folded, tree, index) for index in chosen}
    named = sorted(above | {index for index, lines in lists.items() if lines})
    headings = make_headings(folded, tree, owned, named)
    several = any(_has_several_lines(folded, tree, index) for index in chosen)
    tasks: list[Task] = []
    for index in sorted(chosen):
        path = find_path(tree, headings, index)
        if lists[index]:
            path = (*path, headings[index].words)
            tasks += [task._replace(path=path) for task in lists[index]]
        else:
            clauses = _find_clauses(tree, owned, index)
            task = _make_task(folded, tree, index, clauses, several=several)
            tasks.append(task._replace(path=path))
    return OwnerlessTasks(tuple(tasks), headings, tree.blocks)


def _choose_annexes(folded: str, tree: BlockTree, annexes: Sequence[Annex]) -> list[Annex]:
    """The spans of a document that may have tasks: its plans, without the covering notice."""
    titled = [
        annex
        for annex in annexes
        if annex.title and _PLAN_TITLE.search(folded[slice(*annex.title)].strip())
    ]
    later = [
        annex for annex in titled if annex.start > annexes[0].start and _has_blocks(tree, annex)
    ]
    if later and (_covers(folded, annexes[0]) or not _has_blocks(tree, annexes[0])):
        return later
    return [annexes[0], *later]


def _find_outermost(tree: BlockTree, annex: Annex) -> list[int]:
    """The blocks of an annex that are in no other block."""
    first, last = (bisect_left(tree.starts, at) for at in (annex.start, annex.end))
    return [index for index in range(first, last) if tree.blocks[index].parent < 0]


def _has_blocks(tree: BlockTree, annex: Annex) -> bool:
    index = tree.last_before(annex.end - 1)
    return index >= 0 and tree.starts[index] >= annex.start


def _covers(folded: str, annex: Annex) -> bool:
    return _COVERING.search(folded, annex.start, annex.end) is not None


def _is_of_notice(folded: str, annex: Annex, start: int) -> bool:
    """Whether a list that begins at `start` is the demands of a covering notice, not the plan's.

    The plan's list has the plan's title or the notice's date above it.
    """
    covering = _COVERING.search(folded, annex.start, start)
    if covering is None:
        return False
    between = folded[covering.end() : start]
    return not (_DATE_LINE.search(between) or _TITLE_LINE.search(between))


def _choose_units(
    folded: str, tree: BlockTree, run: Sequence[int], *, outermost: bool = False
) -> list[int]:
    """The smallest units of a run of siblings, without those of sections that have no tasks."""
    kinds = _classify_run(folded, tree, run)
    are_sections = outermost or bool({"task", "foreword", "report"}.intersection(kinds))
    named = "task" in kinds
    # In a flat list a unit such as 加强组织领导 is one of the list.
    flat = not any(_has_units(folded, tree, index) for index in run)
    chosen: list[int] = []
    for index, kind in zip(run, kinds, strict=True):
        if _has_units(folded, tree, index):
            chosen += _choose_below(folded, tree, index, kind)
        elif not are_sections or _is_unit(folded, tree, index, kind, flat=flat, named=named):
            chosen.append(index)
    return chosen


def _classify_run(folded: str, tree: BlockTree, run: Sequence[int]) -> list[SectionKind]:
    """The kinds of siblings; 加强组织领导 is a requirement only where no task section follows it."""
    kinds: list[SectionKind] = []
    closing = True
    for index in reversed(run):
        heading = read_heading_words(folded, tree.blocks[index])
        kind = classify_section(heading)
        if kind == "requirement" and is_verb_led(heading) and not closing:
            kind = "other"
        closing = closing and (kind in WITHOUT_TASKS or kind == "measures")
        kinds.append(kind)
    return kinds[::-1]


def _is_unit(
    folded: str, tree: BlockTree, index: int, kind: SectionKind, *, flat: bool, named: bool
) -> bool:
    """Whether a section without numbers below is a task itself."""
    if kind == "requirement" and flat:
        return is_verb_led(read_heading_words(folded, tree.blocks[index]))
    if kind in WITHOUT_TASKS or kind == "measures":
        return False
    return kind == "task" or not named


def _choose_below(folded: str, tree: BlockTree, index: int, kind: SectionKind) -> list[int]:
    """The smallest units below a section; 保障措施 has some only where they name work of the plan."""
    if kind in WITHOUT_TASKS:
        return []
    below = tree.children_of(index)
    if kind == "measures" and is_all_generic(
        read_heading_words(folded, tree.blocks[one]) for one in below
    ):
        return []
    chosen: list[int] = []
    for run in split_runs(tree, below):
        chosen += _choose_units(folded, tree, run)
    return chosen


def _has_units(folded: str, tree: BlockTree, index: int) -> bool:
    """Whether the numbers inside a block are units of their own, not a list in its sentence."""
    below = tree.children_of(index)
    if not below:
        return False
    block = tree.blocks[index]
    lead = folded[block.body : block.own_end].rstrip(" \t")
    in_sentence = bool(lead) and lead[-1] not in "。\n;!?"
    if in_sentence and ("。" in lead or len(lead) > HEADING_REACH):
        return False
    lengths = sorted(tree.blocks[one].end - tree.blocks[one].body for one in below)
    return lengths[len(lengths) // 2] >= _SHORT_CHILD or "\n" in lead


def _find_clauses(tree: BlockTree, owned: Owned, index: int) -> tuple[Clause, ...]:
    """The clauses of a block and of the numbers inside it, in reading order."""
    inside = (index, *tree.descendants_of(index))
    found = [clause for one in inside for clause in owned.get(one, ()) if not clause.assigns]
    return tuple(sorted(found, key=lambda clause: clause.start))


def _make_task(
    folded: str, tree: BlockTree, index: int, clauses: tuple[Clause, ...], *, several: bool
) -> Task:
    block = tree.blocks[index]
    end = block.end
    if not is_followed(tree, index):
        body = tree.blocks[max((index, *tree.descendants_of(index)))].body
        if _is_last(tree, index):
            end = _find_last_end(folded, body, end, several=several)
        else:
            end = _find_sentences_end(folded, body, end) or end
    return Task(
        block.start,
        block.body,
        block.body + len(folded[block.body : end].rstrip(" \t\n")),
        label=trim(folded, block.start, block.body),
        number=block.number,
        block=index,
        clauses=clauses,
    )


def _is_last(tree: BlockTree, index: int) -> bool:
    """Whether no number is straight behind a block, so that the document's end may be in it."""
    block = tree.blocks[index]
    following = bisect_left(tree.starts, block.end)
    return following >= len(tree.starts) or tree.starts[following] > block.end + HEADING_REACH


def _has_several_lines(folded: str, tree: BlockTree, index: int) -> bool:
    block = tree.blocks[index]
    return not _is_last(tree, index) and "\n" in folded[block.body : block.end].strip()


def _find_last_end(folded: str, start: int, limit: int, *, several: bool) -> int:
    """The end of the last task's text, with the lines below its first one where that is a heading.

    `several` is whether other tasks have more than one line, so that this one may have too.
    """
    furniture = _FURNITURE.search(folded, start, limit)
    limit = furniture.start() if furniture else limit
    first = _find_line_end(folded, start, limit)
    if folded[start:first].rstrip().endswith(_STOPS) and not several:
        return first
    closing = _CLOSING.search(folded, first, limit)
    return _find_sentences_end(folded, start, closing.start() if closing else limit) or first


def _find_sentences_end(folded: str, start: int, limit: int) -> int | None:
    """The end of the last line that ends a sentence, before a signature or a title; None without."""
    end = limit
    while end > start:
        while end > start and folded[end - 1] in " \t\n":
            end -= 1
        if folded.endswith(_STOPS, start, end):
            return end
        end = max(start, folded.rfind("\n", start, end))
    return None


def _find_line_end(folded: str, start: int, limit: int) -> int:
    newline = folded.find("\n", start, limit)
    return limit if newline < 0 else newline


def _find_ordinal_lines(folded: str, tree: BlockTree, index: int) -> list[Task]:
    """The lines 一是…, 二是… of a block without numbers below, each a task; one line is none."""
    block = tree.blocks[index]
    if block.first_child or not _has_first_ordinal(folded, block.body, block.end):
        return []
    lines = list(_follow_ordinals(folded, block.body, block.end))
    if len(lines) < _FEWEST_LINES:
        return []
    ends = [line.start() for line in lines[1:]]
    ends.append(_find_last_end(folded, lines[-1].end(), block.end, several=False))
    return [
        Task(
            line.start("label"),
            line.end(),
            line.end() + len(folded[line.end() : end].rstrip(" \t\n")),
            label=line.span("label"),
            number=number,
            block=index,
        )
        for number, (line, end) in enumerate(zip(lines, ends, strict=True), 1)
    ]


def _has_first_ordinal(folded: str, start: int, end: int) -> bool:
    """Whether 一是 or 一要 is in a span, at a line's start or not."""
    return folded.find("一是", start, end) >= 0 or folded.find("一要", start, end) >= 0


def _follow_ordinals(folded: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The lines of one count from 一 on."""
    following = iter(_ORDINALS)
    wanted = next(following)
    for match in _ORDINAL_LINE.finditer(folded, start, end):
        if match["digit"] == wanted:
            yield match
            wanted = next(following, "")
