"""The tasks and headings of the text outside tables, with what tasks inherit from headings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.parse.annexes import Annex
from pipeline.parse.clauses.clause import Clause
from pipeline.parse.clauses.plan_wide_rules import GeneralRule
from pipeline.parse.clauses.sentences import find_heading_leader
from pipeline.parse.items.attach import Attached, Owned, attach_clauses, has_assigning
from pipeline.parse.items.choose import Choice, choose_blocks
from pipeline.parse.items.headings import find_path, make_headings
from pipeline.parse.items.label_paragraphs import find_heading_line_end
from pipeline.parse.items.numbered import find_parent_task, make_numbered_tasks
from pipeline.parse.items.tasks import Heading, Span, Task
from pipeline.parse.items.tree import BlockTree
from pipeline.parse.items.unnumbered import make_opening_tasks, make_paragraph_tasks

_LOST_NUMBER = frozenset(("lost-number",))


class TextTasks(NamedTuple):
    """The tasks of a text outside its tables, its headings and the clauses of its blocks."""

    tasks: list[Task]
    headings: dict[int, Heading]
    owned: Owned


def make_text_tasks(
    folded: str,
    tree: BlockTree,
    clauses: list[Clause],
    rules: Sequence[GeneralRule],
    *,
    annexes: Sequence[Annex],
) -> TextTasks:
    """Attach the clauses to blocks, choose the tasks among these, and make them.

    Numbered tasks come first in the result, then unnumbered ones.
    """
    closings = [rule for rule in rules if rule.code == "closing"]
    attached = attach_clauses(folded, tree, clauses, closings)
    choice = choose_blocks(folded, tree, attached)
    limits = [rule.start for rule in closings]
    tasks, task_of = make_numbered_tasks(folded, tree, attached, choice.tasks, limits=limits)
    leaders = _find_heading_leaders(folded, tree, choice.above - task_of.keys())
    named = (choice.above | choice.giving) - task_of.keys()
    headings = make_headings(folded, tree, attached.owned, sorted(named))
    for index in sorted(choice.loose):
        path = (*find_path(tree, headings, index), headings[index].words)
        own = attached.owned.get(index, ())
        parent = find_parent_task(tree, task_of, index)
        paragraphs = make_paragraph_tasks(folded, tree, index, own, path=path)
        tasks += [task._replace(parent=parent) for task in paragraphs]
    if not tasks:
        tasks, bullet_headings = make_opening_tasks(folded, tree, clauses)
        headings |= bullet_headings
    given = _find_given(folded, tree, attached, choice, leaders=leaders)
    above = _find_above(tree, headings, given)
    weak = frozenset(("unit-heading",)) if attached.unit_headings else frozenset[str]()
    starts = [annex.start for annex in annexes]
    tasks = [_complete(tree, above, given, weak, task=task, annexes=starts) for task in tasks]
    return TextTasks(tasks, headings, attached.owned)


def _find_heading_leaders(
    folded: str, tree: BlockTree, indices: frozenset[int]
) -> dict[int, Clause]:
    """The leaders whom headings name in their own words: 一、王纲市长主抓重点工作."""
    blocks = {index: tree.blocks[index] for index in indices}
    found = {i: find_heading_leader(folded, one.body, one.own_end) for i, one in blocks.items()}
    return {index: clause for index, clause in found.items() if clause}


def _find_given(
    folded: str, tree: BlockTree, attached: Attached, choice: Choice, *, leaders: dict[int, Clause]
) -> Owned:
    """The clauses that each heading gives to the tasks below it, by the heading's index.

    Of a heading above unnumbered tasks, only those in its own line.
    """
    given: dict[int, tuple[Clause, ...]] = {}
    for index in sorted(choice.giving | choice.loose | leaders.keys()):
        clauses = attached.owned.get(index, ())
        if index in leaders:
            clauses = (*clauses, leaders[index])
        if index in choice.loose:
            line_end = find_heading_line_end(folded, tree.blocks[index])
            clauses = tuple(clause for clause in clauses if clause.start < line_end)
        if index in choice.giving or index in leaders or has_assigning(clauses):
            given[index] = tuple(clause for clause in clauses if clause.carrier != "closing")
    return given


class _Above(NamedTuple):
    """What all blocks below a block have above them.

    The words of headings, outermost first; the clauses that these give, innermost first; whether a
    number among them was lost.
    """

    path: tuple[Span, ...] = ()
    given: tuple[Clause, ...] = ()
    lost: bool = False


def _find_above(
    tree: BlockTree, headings: Mapping[int, Heading], given: Owned
) -> Mapping[int, _Above]:
    """What is above the children of each block that has some; -1 for the outermost blocks."""
    found = {-1: _Above()}
    for index in sorted(tree.children):
        if index >= 0:
            block = tree.blocks[index]
            path, clauses, lost = found[block.parent]
            path = (*path, headings[index].words) if index in headings else path
            found[index] = _Above(path, (*given.get(index, ()), *clauses), lost or block.lost)
    return found


def _complete(
    tree: BlockTree,
    above: Mapping[int, _Above],
    given: Owned,
    weak: frozenset[str],
    *,
    task: Task,
    annexes: Sequence[int],
) -> Task:
    """Add to a task its annex, the path above it, what headings give it, and how weak its reading is.

    `annexes` are where these begin.
    """
    weak |= task.weak
    annex = bisect_right(annexes, task.start) - 1
    if task.block < 0:
        return task._replace(annex=annex, weak=weak)
    block = tree.blocks[task.block]
    path, clauses, lost = above[block.parent]
    if lost or block.lost:
        weak |= _LOST_NUMBER
    # Only an unnumbered task has a heading for its own block.
    inherited = (*task.inherited, *given.get(task.block, ()), *clauses)
    return task._replace(annex=annex, path=task.path or path, inherited=inherited, weak=weak)
