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
from pipeline.parse.outline import Block
from pipeline.parse.printed_numbers import BESIDE
from pipeline.text import trim

# The line behind a heading, if it has a whole sentence and is no label's.
_FIRST_TEXT = re.compile(r"\s*[\u4e00-\u9fff“‘《][^\n:]{12,}[。;][^\n]*")
# 具体措施: between an assigned task and its measure.
_LEAD_IN = re.compile(rf"\s*(?:{alternation(words('boilerplate', 'lead_in'))}):\s*")
# A block has a clause before the lead-in and one behind it.
_FEWEST_WITH_MEASURE = 2
_WEAK_SENTENCE = frozenset(("weak-sentence",))
# Where the text of a task begins, and its clauses.
_Body = tuple[int, tuple[Clause, ...]]


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
        task_of[index] = len(tasks)
        tasks += _make_tasks(folded, tree, attached, index, task_of=task_of, limits=limits)
    return _close_parents(tree, tasks), task_of


def find_parent_task(tree: BlockTree, task_of: Mapping[int, int], index: int) -> int:
    """The task of the nearest block around this one that is a task, or -1."""
    parent = tree.blocks[index].parent
    while parent >= 0 and parent not in task_of:
        parent = tree.blocks[parent].parent
    return task_of.get(parent, -1)


def _make_tasks(
    folded: str,
    tree: BlockTree,
    attached: Attached,
    index: int,
    *,
    task_of: Mapping[int, int],
    limits: Sequence[int],
) -> list[Task]:
    """The task of a block and, where it has one, of the measure behind a lead-in in it."""
    block = tree.blocks[index]
    clauses = attached.owned.get(index, ())
    closing = tuple([clause for clause in clauses if clause.carrier == "closing"])
    own = tuple([one for one in clauses if one.carrier != "closing"]) if closing else clauses
    body, last = block.body, own
    measure = _find_measure(folded, block, clauses)
    if measure is not None:
        body, last = measure
        own = tuple([clause for clause in clauses if clause.start < body])
    end = block.end
    below = tree.children_of(index)
    if not below or below[0] != index + 1:
        end = _find_task_end(folded, tree, index, (body, last), limits=limits)
    task = Task(
        block.start,
        block.body,
        end,
        label=trim(folded, block.start, block.body),
        number=block.number,
        block=index,
        parent=find_parent_task(tree, task_of, index),
        clauses=own,
        inherited=closing,
        weak=_WEAK_SENTENCE if index in attached.by_sentence else frozenset(),
    )
    if measure is None:
        return [task]
    return [task, Task(body, body, end, block=index, parent=task_of[index], clauses=last)]


def _find_measure(folded: str, block: Block, clauses: Sequence[Clause]) -> _Body | None:
    """The single measure behind a lead-in in a block: …。X负责。具体措施:抓好…(Y负责)."""
    if block.first_child or len(clauses) < _FEWEST_WITH_MEASURE:
        return None
    own = [i for i, c in enumerate(clauses) if c.assigns and c.carrier != "label"]
    for at, clause in enumerate(clauses[: own[-1]] if own else ()):
        lead_in = clause.assigns and _LEAD_IN.match(folded, clause.end, block.own_end)
        if lead_in:
            return lead_in.end(), tuple(clauses[at + 1 :])
    return None


def _find_task_end(
    folded: str, tree: BlockTree, index: int, own: _Body, *, limits: Sequence[int]
) -> int:
    """Where a task ends: with its block, but the last of a list with its clause or its first text."""
    block = tree.blocks[index]
    body, clauses = own
    next_limit = bisect_right(limits, block.body) if limits else 0
    limit = min(block.end, limits[next_limit]) if next_limit < len(limits) else block.end
    if is_followed(tree, index):
        end = limit
    elif any(clause.carrier != "sentence" for clause in clauses):
        # A star before the next number is behind the block and in its last clause.
        end = min(block.end, max(clause.end for clause in clauses))
    else:
        end = _find_text_end(folded, tree, body, limit)
    return body + len(folded[body:end].rstrip(" \t\n"))


def _find_text_end(folded: str, tree: BlockTree, body: int, limit: int) -> int:
    """Where the text of a last task without a clause ends: with its first line.

    Behind a short line, its heading, the text goes on to the next number, or for one line.
    """
    newline = folded.find("\n", body, limit)
    if newline < 0:
        return limit
    follows = _FIRST_TEXT.match(folded, newline, limit)
    if newline - body > HEADING_REACH or follows is None:
        return newline
    after = bisect_left(tree.starts, limit)
    numbered = after < len(tree.starts) and not folded[limit : tree.starts[after]].strip(BESIDE)
    return limit if numbered else follows.end()


def is_followed(tree: BlockTree, index: int) -> bool:
    """Whether the next block that is not inside this one continues its list."""
    blocks, block = tree.blocks, tree.blocks[index]
    for after in range(index + 1, len(blocks)):
        if blocks[after].depth <= block.depth:
            return blocks[after].parent == block.parent and blocks[after].number > block.number
    return False


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
