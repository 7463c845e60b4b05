"""Classify the numbered sections of a plan by the words of their headings: foreword, tasks, requirements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from pipeline.lexicon import alternation, words
from pipeline.parse.outline import Block
from pipeline.text import trim

# "task" is a heading that names the tasks (主要任务); "measures" is 保障措施; "other" is any subject.
SectionKind = Literal[
    "foreword",
    "report",
    "interpretation",
    "arrangement",
    "requirement",
    "measures",
    "task",
    "other",
]
_NAMED: tuple[SectionKind, ...] = (
    "foreword",
    "report",
    "interpretation",
    "arrangement",
    "requirement",
    "measures",
)
# Kinds that a section without a line of its own for its heading may have: 一、指导思想坚持以….
_RUN_ON: tuple[SectionKind, ...] = ("foreword", "report", "measures")
# Sections of these kinds have no tasks.
WITHOUT_TASKS = frozenset(("foreword", "report", "interpretation", "arrangement", "requirement"))
# A heading is no longer than this, without its number.
_LONGEST_HEADING = 30
_HEADING = re.compile(r"[^。\n:;]*")
_VERBS = rf"(?:{alternation(words('section_headings', 'verb'))})*"
# 2024年|工作目标, 专项行动|组织实施: the words before a heading's own.
_OF = r"(?:20\d\d年度?|全年|今年|本年度|年度|活动|专项行动|专项整治|整治|行动)?"
# 总体要求 · 加强组织领导,强化责任落实 · 指导思想和工作目标; not 工作目标和主要任务.
_LISTED = r"(?=$|[,、 ]|和|与|及|以及)"
_TASK = re.compile(rf"(?:{alternation(words('section_headings', 'task'))})(?:[和与及、]\w+)?$")
_ENDINGS: dict[SectionKind, re.Pattern[str]] = {
    "arrangement": re.compile(rf"(?:{alternation(words('section_headings', 'arrangement_end'))})$"),
    "foreword": re.compile(rf"(?:{alternation(words('section_headings', 'foreword_end'))})$"),
}
_WHOLE = {
    kind: re.compile(
        rf"(?P<verbs>{_VERBS}){_OF}(?:{alternation(words('section_headings', kind))}){_LISTED}"
    )
    for kind in _NAMED
}
_PREFIX = {
    kind: re.compile(rf"{_VERBS}(?:{alternation(words('section_headings', kind))})")
    for kind in _RUN_ON
}
_GENERIC = re.compile(alternation(words("section_headings", "generic")))


def read_heading_words(folded: str, block: Block) -> str:
    """The words behind a block's number up to the first stop, colon or line break."""
    start, _ = trim(folded, block.body, block.own_end)
    match = _HEADING.match(folded, start, block.own_end)
    return match[0].strip(" \t,、") if match else ""


def classify_section(heading: str) -> SectionKind:
    """The kind of a section by its heading's words.

    "总体要求" -> "foreword"; "切实加强组织领导" -> "requirement"; "强化源头防控" -> "other".
    """
    if len(heading) > _LONGEST_HEADING:
        return next((kind for kind in _RUN_ON if _PREFIX[kind].match(heading)), "other")
    if _TASK.search(heading):
        return "task"
    for kind in _NAMED:
        if _WHOLE[kind].match(heading):
            return kind
    return next((kind for kind, ending in _ENDINGS.items() if ending.search(heading)), "other")


def is_verb_led(heading: str) -> bool:
    """Whether a heading demands something (加强组织领导), so that it may be a task's as well."""
    match = _WHOLE["requirement"].match(heading)
    return bool(match and match["verbs"])


def is_all_generic(headings: Iterable[str]) -> bool:
    """Whether every unit of a section is about how work is led, paid, checked and made known.

    True for 加强组织领导, 强化督导考核; false where one unit names work of the plan itself: 落实强制报告.
    """
    return all(len(one) <= _LONGEST_HEADING and _GENERIC.search(one) for one in headings)
