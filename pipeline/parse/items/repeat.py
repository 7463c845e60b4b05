"""Find where a plan begins a second time, for pages that print their text twice."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.parse.items.tasks import Heading, Task
from pipeline.text import without_blanks

# A plan of fewer items than this may repeat itself by chance.
_FEWEST_REPEATED = 2
# Two items that begin with other characters than these many are not compared in full.
_OPENING = 8


def find_repeat(folded: str, tasks: list[Task], headings: Iterable[Heading]) -> int | None:
    """Where the second half of the tasks begins if it is the first half, word for word."""
    half, odd = divmod(len(tasks), 2)
    if odd or half < _FEWEST_REPEATED:
        return None
    first, second = tasks[0], tasks[half]
    if _opening(folded, first) != _opening(folded, second):
        return None
    words = [without_blanks(folded[task.start : task.end]) for task in tasks]
    if words[:half] != words[half:]:
        return None
    end = tasks[half - 1].end
    between = [heading.words[0] for heading in headings if end < heading.words[0]]
    return min([second.start, *between])


def _opening(folded: str, task: Task) -> str:
    return folded[task.body : task.body + _OPENING]
