"""Cut text without numbers into paragraphs that each end with their own clauses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.parse.clauses.clause import Clause
from pipeline.parse.items.headings import HEADING_REACH
from pipeline.parse.outline import Block


class Paragraph(NamedTuple):
    """A span of text that ends with clauses: TASK。⏎牵头单位:X⏎配合单位:Y."""

    start: int
    end: int
    clauses: tuple[Clause, ...]


def split_paragraphs(folded: str, start: int, clauses: Sequence[Clause]) -> list[Paragraph]:
    """Cut the text from `start` on behind each group of clauses that new words follow on new lines."""
    paragraphs: list[Paragraph] = []
    at = start
    group: list[Clause] = []
    for clause in clauses:
        if group and _begins_paragraph(folded, group[-1].end, clause.start):
            paragraphs.append(Paragraph(at, group[-1].end, tuple(group)))
            at, group = group[-1].end, []
        group.append(clause)
    if group:
        paragraphs.append(Paragraph(at, max(clause.end for clause in group), tuple(group)))
    return paragraphs


def _begins_paragraph(folded: str, end: int, start: int) -> bool:
    """Whether words and a line break are between two clauses; a clause may end with the break."""
    words = folded[end:start].strip(" \t\n。;")
    return bool(words) and "\n" in folded[end - 1 : start]


def find_heading_line_end(folded: str, block: Block) -> int:
    """Where the first line of a block ends, or -1 if its own text has only one line."""
    return folded.find("\n", block.body, block.own_end)


def count_label_paragraphs(folded: str, block: Block, clauses: Sequence[Clause]) -> int:
    """How many paragraphs under a block's heading line end in label lines of their own."""
    line_end = find_heading_line_end(folded, block)
    if line_end < 0 or line_end - block.body > HEADING_REACH:
        return 0
    own = [clause for clause in clauses if clause.assigns and clause.carrier != "closing"]
    if not own or own[0].start < line_end or own[0].carrier != "label":
        return 0
    if not folded[line_end : own[0].start].strip():
        return 0
    return len(split_paragraphs(folded, line_end, own))
