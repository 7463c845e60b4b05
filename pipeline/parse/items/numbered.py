"""Make a task of each chosen numbered block: its clauses, its parent, where it ends."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from pipeline.lexicon import alternation, words
from pipeline.parse.clauses.clause import Clause
from pipeline.parse.items.attach import Attached
from pipeline.parse.items.headings import HEADING_REACH
from pipeline.parse.items.tasks import Task
from pipeline.parse.items.tree import BlockTree
from pipeline.parse.printed_numbers import BESIDE
from pipeline.text import trim

# The line behind a heading, if it has a whole sentence and is no label's.
_FIRST_TEXT = re.compile(r"\s*[\u4e00-\u9fff“‘《][^\n:]{12,}[。;][^\n]*")
# 具体措施: between an assigned task and its measure.
_LEAD_IN = re.compile(rf"\s*(?:{alternation(words('boilerplate', 'lead_in'))}):\s*")


def make_numbered_tasks(
    folded: str,
    tree: BlockTree,
    attached: Attached,
    chosen: Sequence[int],
    *,
    limits: Sequence[int],
) -> tuple[list[Task], dict[int, int]]:
    """The tasks of the chosen blocks in reading order, and each block's place among them.

    No task reaches over the next of `limits`, the starts of closing sentences in their order. A measure
    without a number behind a lead-in is a task of its own.
    """
    tasks: list[Task] = []
    task_of: dict[int, int] = {}
    for index in chosen:
        parent = find_parent_task(tree, task_of, index)
        task = _make_task(folded, tree, attached, index, parent=parent)
        task_of[index] = len(tasks)
        parts = _split_measure(
            folded, tree, attached.owned.get(index, ()), task, place=task_of[index]
        )
        if tree.children_of(index)[:1] != (index + 1,):
            end = _find_task_end(folded, tree, parts[-1], limits)
            parts = [one if one.end == end else one._replace(end=end) for one in parts]
        tasks += parts
    return _close_parents(tree, tasks), task_of


def find_parent_task(tree: BlockTree, task_of: Mapping[int, int], index: int) -> int:
    """The task of the nearest block around this one that is a task, or -1."""
    return next((task_of[one] for one in tree.ancestors_of(index) if one in task_of), -1)


def _make_task(
    folded: str, tree: BlockTree, attached: Attached, index: int, *, parent: int
) -> Task:
    block = tree.blocks[index]
    clauses = attached.owned.get(index, ())
    return Task(
        block.start,
        block.body,
        block.end,
        label=trim(folded, block.start, block.body),
        number=block.number,
        block=index,
        parent=parent,
        clauses=tuple(c for c in clauses if c.carrier != "closing"),
        inherited=tuple(c for c in clauses if c.carrier == "closing"),
        weak=frozenset(("weak-sentence",)) if index in attached.by_sentence else frozenset(),
    )


def _split_measure(
    folded: str, tree: BlockTree, clauses: Sequence[Clause], task: Task, *, place: int
) -> list[Task]:
    """The task and, behind a lead-in, its single measure: …。X负责。具体措施:抓好…(Y负责)."""
    block = tree.blocks[task.block]
    own = [i for i, c in enumerate(clauses) if c.assigns and c.carrier != "label"]
    if block.first_child or not own:
        return [task]
    for at, clause in enumerate(clauses[: own[-1]]):
        lead_in = clause.assigns and _LEAD_IN.match(folded, clause.end, block.own_end)
        if lead_in:
            begin, later = lead_in.end(), tuple(clauses[at + 1 :])
            earlier = tuple(c for c in clauses if c.start < begin)
            measure = Task(begin, begin, block.end, block=task.block, parent=place, clauses=later)
            return [task._replace(clauses=earlier), measure]
    return [task]


def _find_task_end(folded: str, tree: BlockTree, task: Task, limits: Sequence[int]) -> int:
    """Where a task ends: with its block, but the last of a list with its clause or its first text."""
    block = tree.blocks[task.block]
    next_limit = bisect_right(limits, block.body)
    limit = min(block.end, limits[next_limit]) if next_limit < len(limits) else block.end
    if is_followed(tree, task.block):
        end = limit
    elif any(clause.carrier != "sentence" for clause in task.clauses):
        # A star before the next number is behind the block and in its last clause.
        end = min(block.end, max(clause.end for clause in task.clauses))
    else:
        end = _find_text_end(folded, tree, task, limit)
    return task.body + len(folded[task.body : end].rstrip(" \t\n"))


def _find_text_end(folded: str, tree: BlockTree, task: Task, limit: int) -> int:
    """Where the text of a last task without a clause ends: with its first line.

    Behind a short line, its heading, the text goes on to the next number, or for one line.
    """
    newline = folded.find("\n", task.body, limit)
    if newline < 0:
        return limit
    follows = _FIRST_TEXT.match(folded, newline, limit)
    if newline - task.body > HEADING_REACH or follows is None:
        return newline
    after = bisect_left(tree.starts, limit)
    numbered = after < len(tree.starts) and not folded[limit : tree.starts[after]].strip(BESIDE)
    return limit if numbered else follows.end()


def is_followed(tree: BlockTree, index: int) -> bool:
    """Whether the next block that is not inside this one continues its list."""
    blocks, block = tree.blocks, tree.blocks[index]
    outside = (i for i in range(index + 1, len(blocks)) if blocks[i].depth <= block.depth)
    after = next(outside, None)
    if after is None:
        return False
    return blocks[after].parent == block.parent and blocks[after].number > block.number


def _close_parents(tree: BlockTree, tasks: list[Task]) -> list[Task]:
    """A parent with a block that ends with its last measure's ends where the measure does."""
    closed = list(tasks)
    for place in range(len(closed) - 1, -1, -1):
        task = closed[place]
        if task.parent >= 0:
            parent = closed[task.parent]
            same = tree.blocks[task.block].end == tree.blocks[parent.block].end
            if same and parent.end > task.end:
                closed[task.parent] = parent._replace(end=task.end)
    return closed
