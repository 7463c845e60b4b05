"""What the text between items and headings is, so that every character is accounted for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from pipeline.dates import find_date
from pipeline.lexicon import alternation, words
from pipeline.parse.header import Header
from pipeline.parse.items.tasks import Plan
from pipeline.text import trim

_FURNITURE = re.compile(alternation(words("boilerplate", "furniture")))
_LINE = re.compile(r"[^\n]+")
_EDGES = " \t\n。;|"


def find_parts(
    folded: str, header: Header, plan: Plan
) -> Iterator[tuple[str | None, tuple[int, int]]]:
    """Every stretch that is no item and no heading, with its name, or None where it is not known."""
    taken = sorted(
        [(task.start, task.end) for task in plan.tasks]
        + [
            (
                head.label[0] if head.label else head.words[0],
                max(head.words[1], (head.label or (0, 0))[1]),
            )
            for head in plan.headings.values()
        ]
    )
    namer = _Namer(folded, header, plan, taken)
    at = 0
    for start, end in [*taken, (len(folded), len(folded))]:
        if start > at:
            for line in _LINE.finditer(folded, at, start):
                a, b = trim(folded, line.start(), line.end(), _EDGES)
                if a < b:
                    yield namer.name(a, b), (a, b)
        at = max(at, end)


class _Namer:
    """What a line outside items is, by where it stands and how it reads."""

    def __init__(
        self, folded: str, header: Header, plan: Plan, taken: list[tuple[int, int]]
    ) -> None:
        self.folded = folded
        self.header = header
        self.starts = {block.start for block in plan.blocks}
        self.first = taken[0][0] if taken else len(folded)
        self.last = max((end for _, end in taken), default=0)
        self.tables = [(table.start, table.end) for table in plan.tables]
        self.repeat = plan.repeat
        self.heads = [head for table in plan.tables for head in table.heads]
        self.heads += [row.heading for table in plan.tables for row in table.rows if row.heading]
        self.annexes = [annex.start for annex in plan.annexes[1:]]

    def name(self, a: int, b: int) -> str | None:
        folded, header = self.folded, self.header
        if self.repeat is not None and a >= self.repeat:
            return "repeat"
        signature = header.signature
        # A line's last stop is no part of it, but tells a sentence from a title.
        prose = "。" in folded[a : b + 1]
        if any(start <= a < end for start, end in self.tables):
            return "table_head" if self._is_head(a, b) else None
        if signature and a < signature[1] and b > signature[0] and not prose:
            return "signature"
        if a in self.starts:
            return "requirements"
        dated = a < header.end and find_date(folded, a, b)
        if not prose and not dated and _FURNITURE.search(folded, a, b):
            return "furniture"
        if b <= self.first and a < header.end:
            return "notice" if prose else "header"
        if b <= self.first:
            return "foreword" if prose or ":" in folded[a:b] else "header"
        if self._opens_annex(a):
            return "annex"
        if a >= self.last:
            return "closing" if prose else None
        return "lead_in"

    def _is_head(self, a: int, b: int) -> bool:
        """Whether a line in a table is a head, a group's heading, a rule or a sum."""
        if any(start <= a < end or a <= start < b for start, end in self.heads):
            return True
        words = self.folded[a:b].strip("|- \t:")
        return not words or words.startswith(("合计", "总计", "小计", "共计"))

    def _opens_annex(self, a: int) -> bool:
        index = bisect_right(self.annexes, a) - 1
        return index >= 0 and a - self.annexes[index] < 120
