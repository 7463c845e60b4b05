"""Tasks without a number: paragraphs under a heading, paragraphs above all numbers, bullets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.parse.clauses.clause import Clause
from pipeline.parse.items.label_paragraphs import find_heading_line_end, split_paragraphs
from pipeline.parse.items.tasks import Heading, Span, Task
from pipeline.parse.items.tree import BlockTree
from pipeline.text import trim

_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"[-•●▲△■◆※·*—–]+ ?")
# A line above bullets is a heading if it is no longer than this.
_BULLET_HEADING = 24
# At least this many lines make a list of bullets, this many label lines a list of paragraphs.
_FEWEST_BULLETS, _FEWEST_LABELS = 3, 2
_WEAK = frozenset(("unnumbered",))


def make_paragraph_tasks(
    folded: str, tree: BlockTree, index: int, clauses: Sequence[Clause], *, path: tuple[Span, ...]
) -> list[Task]:
    """The unnumbered tasks under a block's heading line; a clause in that line is not theirs."""
    block = tree.blocks[index]
    line_end = find_heading_line_end(folded, block)
    below = [clause for clause in clauses if clause.start > line_end]
    tasks: list[Task] = []
    for paragraph in split_paragraphs(folded, line_end, below):
        first = paragraph.clauses[0].start
        begin, _ = trim(folded, paragraph.start, first)
        if begin < first:
            end = min(paragraph.end, block.end)
            task = Task(
                begin, begin, end, block=index, path=path, clauses=paragraph.clauses, weak=_WEAK
            )
            tasks.append(task)
    return tasks


def make_opening_tasks(
    folded: str, tree: BlockTree, clauses: Sequence[Clause]
) -> tuple[list[Task], dict[int, Heading]]:
    """The unnumbered tasks above the first number, with the headings of bullets.

    Without enough label lines, lines with bullets are tried.
    """
    limit = tree.starts[0] if tree.starts else len(folded)
    assigning = [clause for clause in clauses if clause.start < limit and clause.assigns]
    if sum(clause.carrier == "label" for clause in assigning) < _FEWEST_LABELS:
        return _make_bullet_tasks(folded, assigning)
    tasks: list[Task] = []
    for paragraph in split_paragraphs(folded, 0, assigning):
        begin = _find_last_line(folded, paragraph.start, paragraph.clauses[0].start)
        if begin is not None:
            task = Task(begin, begin, paragraph.end, clauses=paragraph.clauses, weak=_WEAK)
            tasks.append(task)
    return tasks, {}


def _find_last_line(folded: str, start: int, end: int) -> int | None:
    """Where the last line with words between two offsets begins."""
    lines = [trim(folded, *match.span()) for match in _LINE.finditer(folded, start, end)]
    begins = [a for a, b in lines if a < b]
    return begins[-1] if begins else None


def _make_bullet_tasks(
    folded: str, clauses: Sequence[Clause]
) -> tuple[list[Task], dict[int, Heading]]:
    """Lines that begin with a bullet and end with an owner: - 建立平台(創新科技署/教育局)."""
    if len(clauses) < _FEWEST_BULLETS:
        return [], {}
    tasks: list[Task] = []
    headings: dict[int, Heading] = {}
    heading: Heading | None = None
    by_line = {folded.rfind("\n", 0, clause.start) + 1: clause for clause in clauses}
    for start, end in (match.span() for match in _LINE.finditer(folded)):
        clause = by_line.get(start)
        a, b = trim(folded, start, end)
        if clause is None:
            if a < b:
                heading = _read_bullet_heading(folded, a, b)
            continue
        bullet = _BULLET.match(folded, a, b)
        if bullet and not folded[clause.end : end].strip(" 。;"):
            path = (heading.words,) if heading else ()
            last = max(b, clause.end)
            tasks.append(Task(a, bullet.end(), last, path=path, clauses=(clause,), weak=_WEAK))
            if heading:
                headings.setdefault(-heading.words[0], heading)
    return tasks if len(tasks) >= _FEWEST_BULLETS else [], headings


def _read_bullet_heading(folded: str, start: int, end: int) -> Heading | None:
    short = end - start <= _BULLET_HEADING and "。" not in folded[start:end]
    return Heading(None, (start, end), 1) if short else None
