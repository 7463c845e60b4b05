"""Find an item that holds a list of its own, with signs or numbers that were not read as a list's."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pipeline.parse.clauses.clause import Clause
from pipeline.parse.line_numbers import find_candidates, find_runs

# A sign that entries of a list may begin with: ●推进, 甲、推进, 一是推进; not a quotation.
_SIGN = re.compile(r"[^\w\s“”‘’《》(\[]|[甲乙丙丁戊己庚辛][、.]|[一二三四五六七八九十]{1,2}是")
# A number that one entry may begin with: 12.推进, (5)推进, 3号 推进; not 2023年, nor 1.5亿.
_NUMBER = re.compile(
    r"""
    [(\[]?(?:第|№|[Nn][Oo]\.?)?[ ]?(?:\d{1,5}|[一二三四五六七八九十百]{1,5})[ ]?
    (?:[^\w\s.·“”‘’《》%‰℃+](?!\d)|\.(?!\d)|[号项][ ])
    """,
    re.VERBOSE,
)
_FEWEST = 2


def holds_unread_list(
    folded: str, start: int, end: int, *, starts: Collection[int], clauses: Sequence[Clause]
) -> bool:
    """Whether lines of a span look like the entries of a list that was not read.

    They count on, with a clause among or behind them, or have clauses of their own behind a number or
    behind signs that are alike; `starts` are those of numbered blocks.
    """
    if "\n" not in folded[start:end]:
        return False
    last = max((clause.start for clause in clauses), default=-1)
    numbers = [
        one for one in find_candidates(folded, max(1, start), end) if one.start not in starts
    ]
    if any(last > run[0].start for run in find_runs(numbers)):
        return True
    signs: list[str] = []
    lines = {folded.rfind("\n", 0, one.start) + 1 for one in clauses if start <= one.start < end}
    for line in sorted(lines):
        begin = next((at for at in range(line, end) if not folded[at].isspace()), end)
        if begin <= start or begin in starts:
            continue
        if _NUMBER.match(folded, begin, end):
            return True
        sign = _SIGN.match(folded, begin, end)
        if sign:
            signs.append(sign[0][-1])
    return any(signs.count(one) >= _FEWEST for one in signs)
