"""Find the plan of a text: its numbered blocks, tables, rules, tasks and headings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.parse.annexes import Annex, find_annexes
from pipeline.parse.clauses.clause import Clause
from pipeline.parse.clauses.marked import find_clauses
from pipeline.parse.clauses.plan_wide_rules import GeneralRule, find_rules
from pipeline.parse.items.attach import attach_clauses, has_assigning
from pipeline.parse.items.headings import find_blocks_above, make_headings
from pipeline.parse.items.ownerless import find_ownerless_tasks
from pipeline.parse.items.ownerless_tables import find_ownerless_tables
from pipeline.parse.items.repeat import find_repeat
from pipeline.parse.items.rows import make_row_tasks
from pipeline.parse.items.tasks import Heading, OwnerlessTasks, Plan, Span, Task
from pipeline.parse.items.text_tasks import TextTasks, make_text_tasks
from pipeline.parse.items.tree import BlockTree, find_annex_blocks, find_loose_ends, make_tree
from pipeline.parse.tables.flattened import find_tables
from pipeline.parse.tables.glued import find_glued
from pipeline.parse.tables.refusal import find_refusal
from pipeline.parse.tables.table import TextTable

# Sentences alone make a plan with owners only if at least one in so many units has one.
_UNITS_PER_SENTENCE = 4


def find_plan(folded: str, *, filled: bool = False) -> Plan:
    """The plan of a folded text: what it contains, and which of it are tasks and headings.

    `filled`: the text repeats the merged cells of tables, as readers of files do.

    Blocks and rows with clauses of their own are tasks, and so are their siblings. What the clause
    of a heading says is inherited by the tasks below it, role by role.
    """
    tables = _find_all_tables(folded, filled=filled)
    refused = [table for table in tables if find_refusal(folded, table)]
    masked = _mask(folded, tables)
    annexes = find_annexes(masked, [(table.start, table.end) for table in tables])
    tree = make_tree(find_annex_blocks(masked, annexes))
    clauses = find_clauses(masked, list(tree.starts), find_loose_ends(masked, tree))
    rules = find_rules(folded)
    text = make_text_tasks(masked, tree, clauses, rules, annexes=annexes)
    text = text._replace(tasks=_in_order(text.tasks))
    rows = _add_rows(
        folded, masked, tree, text, tables=[one for one in tables if one not in refused]
    )
    tasks = _add_annexes(_in_order(rows.tasks), annexes)
    repeat = find_repeat(folded, tasks, rows.headings.values())
    headings = rows.headings
    if repeat is not None:
        tasks = tasks[: len(tasks) // 2]
        headings = {i: one for i, one in headings.items() if one.words[0] < repeat}
    return Plan(
        tree.blocks,
        annexes,
        _add_standing(tasks, rules),
        headings,
        rules,
        tuple([(clause.start, clause.end) for clause in clauses if clause.assigns]),
        tables,
        refused,
        skipped_rows=tuple(rows.skipped),
        first_leads_from=_find_first_leads(tasks, rules),
        stars_lead=any(rule.code == "marked-leads" for rule in rules),
        repeat=repeat,
        # A table that was not read may name owners.
        ownerless=OwnerlessTasks()
        if refused
        else _find_ownerless(masked, annexes, text=text, tree=tree, tasks=tasks),
    )


def _find_ownerless(
    masked: str,
    annexes: list[Annex],
    *,
    text: TextTasks,
    tree: BlockTree,
    tasks: list[Task],
) -> OwnerlessTasks:
    """The reading of the text as a plan without owners, where no or hardly any unit has one.

    A unit with a sentence that may name an owner is marked.
    """
    assigned = [task for task in tasks if has_assigning((*task.clauses, *task.inherited))]
    if any("weak-sentence" not in task.weak for task in assigned):
        return OwnerlessTasks()
    tables = find_ownerless_tables(masked)
    if tables and not assigned:
        return _read_ownerless_tables(masked, annexes, tables)
    found = find_ownerless_tasks(masked, tree, annexes, text.owned)
    if _UNITS_PER_SENTENCE * len(assigned) >= len(found.tasks):
        return OwnerlessTasks()
    named = {task.block for task in assigned}
    marked = [
        one._replace(weak=frozenset(("named-in-sentence",))) if one.block in named else one
        for one in found.tasks
    ]
    return _finish_ownerless(masked, annexes, found._replace(tasks=tuple(marked)))


def _read_ownerless_tables(
    masked: str, annexes: list[Annex], tables: list[TextTable]
) -> OwnerlessTasks:
    """The units of a text and the rows of its tables, none of which has an owner."""
    bare = _mask(masked, tables)
    tree = make_tree(find_annex_blocks(bare, annexes))
    clauses = find_clauses(bare, list(tree.starts), find_loose_ends(bare, tree))
    owned = attach_clauses(bare, tree, clauses, []).owned
    found = find_ownerless_tasks(bare, tree, annexes, owned)
    text = TextTasks(list(found.tasks), dict(found.headings), owned)
    rows = _add_rows(masked, bare, tree, text, tables=tables)
    with_rows = OwnerlessTasks(
        tuple(_in_order(rows.tasks)), rows.headings, found.blocks, tuple(tables)
    )
    return _finish_ownerless(masked, annexes, with_rows)


def _finish_ownerless(folded: str, annexes: list[Annex], found: OwnerlessTasks) -> OwnerlessTasks:
    """Add to each task its annex; keep the first printing of a text that is printed twice."""
    tasks = _add_annexes(list(found.tasks), annexes)
    repeat = find_repeat(folded, tasks, found.headings.values())
    if repeat is None:
        return found._replace(tasks=tuple(tasks))
    headings = {i: one for i, one in found.headings.items() if one.words[0] < repeat}
    return found._replace(tasks=tuple(tasks[: len(tasks) // 2]), headings=headings, repeat=repeat)


def _find_all_tables(folded: str, *, filled: bool) -> list[TextTable]:
    """Tables in reading order; a table with marks between its cells wins over one without."""
    drawn = find_tables(folded, filled=filled)
    starts = [table.start for table in drawn]
    tables = list(drawn)
    for table in find_glued(folded):
        last = bisect_left(starts, table.end) - 1
        if last < 0 or drawn[last].end <= table.start:
            tables.append(table)
    return sorted(tables, key=lambda table: table.start)


def _mask(folded: str, tables: list[TextTable]) -> str:
    """The text with line breaks for tables, so that no number or label in a cell is found."""
    pieces, at = [], 0
    for table in tables:
        pieces += [folded[at : table.start], "\n" * (table.end - table.start)]
        at = table.end
    return "".join([*pieces, folded[at:]]) if pieces else folded


def _in_order(tasks: list[Task]) -> list[Task]:
    """The tasks in reading order with the indices of their parents mended."""
    order = sorted(range(len(tasks)), key=lambda i: tasks[i].start)
    if order == list(range(len(tasks))):
        return tasks
    place = {old: new for new, old in enumerate(order)} | {-1: -1}
    return [tasks[i]._replace(parent=place[tasks[i].parent]) for i in order]


class _WithRows(NamedTuple):
    """All tasks and headings, those of tables included, and the rows without a task."""

    tasks: list[Task]
    headings: dict[int, Heading]
    skipped: list[Span]


def _add_rows(
    folded: str, masked: str, tree: BlockTree, text: TextTasks, *, tables: list[TextTable]
) -> _WithRows:
    """Add the tasks of tables; the blocks around a table outside all tasks become its headings."""
    starts = [task.start for task in text.tasks]
    tasks, headings, skipped = list(text.tasks), dict(text.headings), list[Span]()
    for table in tables:
        around = _find_task_around(text.tasks, starts, table.start)
        if around >= 0:
            path = text.tasks[around].path
        else:
            above = find_blocks_above(masked, tree, table.start)
            new = [index for index in above if index not in headings]
            headings |= make_headings(masked, tree, text.owned, new)
            path = tuple(headings[index].words for index in reversed(above))
        rows = make_row_tasks(folded, table, path, around)
        tasks += rows.tasks
        skipped += rows.skipped
    return _WithRows(tasks, headings, skipped)


def _find_task_around(tasks: Sequence[Task], starts: list[int], position: int) -> int:
    """The index of the innermost task around a position, or -1."""
    index = bisect_right(starts, position) - 1
    while index >= 0 and tasks[index].end <= position:
        index = tasks[index].parent
    return index


def _add_annexes(tasks: list[Task], annexes: list[Annex]) -> list[Task]:
    starts = [annex.start for annex in annexes]
    places = [bisect_right(starts, task.start) - 1 for task in tasks]
    return [
        task if task.annex == place else task._replace(annex=place)
        for task, place in zip(tasks, places, strict=True)
    ]


def _add_standing(tasks: list[Task], rules: list[GeneralRule]) -> list[Task]:
    """Give a standing sentence (以下均需由X落实,不再列出) to every task behind it."""
    standing = [
        Clause("standing", rule.start, rule.end, rule.shares)
        for rule in rules
        if rule.code == "standing"
    ]
    if not standing:
        return tasks
    return [
        task._replace(standing=tuple(one for one in standing if one.start <= task.start))
        for task in tasks
    ]


def _find_first_leads(tasks: list[Task], rules: list[GeneralRule]) -> int | None:
    """From which offset on the first unit of a list leads: that of the clause with the first note.

    A note outside all clauses (列第一位者为牵头单位,下同) is for the whole text.
    """
    note = next((rule for rule in rules if rule.code == "first-leads"), None)
    if note is None:
        return None
    index = bisect_right([task.start for task in tasks], note.start) - 1
    if index < 0 or note.start >= tasks[index].end:
        return 0
    around = [c for c in tasks[index].clauses if c.start <= note.start < c.end + 1]
    return around[0].start if around else 0
