"""Blocks and clauses -> items: which numbers are tasks, what each owns, who has which role."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from pipeline.fields import Clause, Say
from pipeline.lexicon import alternation, words
from pipeline.outline import Block, find_heading_end
from pipeline.sentences import find_heading_leader, find_sentence
from pipeline.text import trim
from pipeline.units import Listed

Role = str
_ROLE_OF: dict[Say, Role] = {"leader": "leader", "assist": "co_host"}
_LEAD_IN = re.compile(rf"\s*(?:{alternation(words('boilerplate', 'lead_in'))}):\s*")


@dataclass(slots=True)
class Owner:
    """One share of a clause with its role settled and the words that it governs."""

    role: Role
    label: tuple[int, int] | None
    names: list[Listed]
    open_ended: bool
    span: tuple[int, int]
    scope: tuple[int, int]


@dataclass(slots=True)
class Task:
    """An item before it becomes a record; positions are offsets in the source text."""

    block: int
    start: int
    body: int
    end: int
    parent: int = -1
    clauses: list[Clause] = field(default_factory=list)
    inherited: list[Clause] = field(default_factory=list)
    weak: bool = False


@dataclass(slots=True)
class Plan:
    """The tasks of a text in reading order, and the blocks that are headings above them."""

    tasks: list[Task]
    sections: list[int]
    first_leads_from: int | None = None


def find_tasks(folded: str, blocks: list[Block], clauses: list[Clause]) -> Plan:
    """The items among the blocks: those with clauses of their own and their siblings.

    A block without a clause above blocks that have one is a section, even beside items; what a
    section's own clause says is inherited by its items role by role.
    """
    owned = _attach(blocks, clauses)
    weak: set[int] = set()
    if not any(clause.assigns for clause in clauses):
        weak = _attach_sentences(folded, blocks, owned)
    children: dict[int, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        children[block.parent].append(index)
    assigned = {index for index, own in owned.items() if any(c.assigns for c in own)}
    above = _ancestors(blocks, assigned)
    heads = _heading_owners(blocks, children, assigned, above)
    chosen = _with_siblings(blocks, children, assigned - heads, above)
    tasks, task_of = _make_tasks(folded, blocks, owned, chosen)
    for index in above:
        lead = find_heading_leader(folded, blocks[index].body, blocks[index].own_end)
        if lead and index not in task_of:
            owned[index].append(lead)
            heads.add(index)
    _inherit(blocks, owned, heads, tasks)
    for task in tasks:
        task.weak = task.block in weak
    sections = sorted((above | heads) - set(task_of))
    return Plan(tasks, sections, _first_leads(clauses))


def _attach(blocks: list[Block], clauses: list[Clause]) -> dict[int, list[Clause]]:
    """Each clause to the last block that begins before it."""
    owned: dict[int, list[Clause]] = defaultdict(list)
    starts = [block.start for block in blocks]
    for clause in clauses:
        index = bisect_right(starts, clause.start) - 1
        if index >= 0:
            owned[index].append(clause)
    return owned


def _attach_sentences(folded: str, blocks: list[Block], owned: dict[int, list[Clause]]) -> set[int]:
    weak = set()
    for index, block in enumerate(blocks):
        sentence = find_sentence(folded, block.body, block.own_end)
        if sentence:
            owned[index].append(sentence)
            weak.add(index)
    return weak


def _ancestors(blocks: list[Block], chosen: set[int]) -> set[int]:
    above: set[int] = set()
    for index in chosen:
        parent = blocks[index].parent
        while parent >= 0 and parent not in above:
            above.add(parent)
            parent = blocks[parent].parent
    return above


def _heading_owners(
    blocks: list[Block], children: dict[int, list[int]], assigned: set[int], above: set[int]
) -> set[int]:
    """Blocks whose clause belongs to a heading: most siblings are bare headings of items."""
    heads: set[int] = set()
    for parent in {blocks[index].parent for index in assigned & above}:
        peers = [peer for peer in children[parent] if peer in above]
        owning = assigned.intersection(peers)
        if len(peers) > 1 and 2 * len(owning) <= len(peers):
            heads |= owning
    return heads


def _with_siblings(
    blocks: list[Block], children: dict[int, list[int]], assigned: set[int], above: set[int]
) -> list[int]:
    """The assigned blocks and their siblings of the same list, in reading order."""
    chosen: set[int] = set()
    for siblings in children.values():
        for run in _runs(blocks, siblings):
            if assigned.intersection(run):
                chosen.update(i for i in run if i in assigned or i not in above)
    return sorted(chosen)


def _runs(blocks: list[Block], siblings: list[int]) -> list[list[int]]:
    """Siblings cut where the numbering restarts: a wrapper's 一、二、 and the plan's are two."""
    runs: list[list[int]] = []
    for index in siblings:
        if not runs or blocks[index].number <= blocks[runs[-1][-1]].number - 1:
            runs.append([])
        runs[-1].append(index)
    return runs


def _make_tasks(
    folded: str, blocks: list[Block], owned: dict[int, list[Clause]], chosen: list[int]
) -> tuple[list[Task], dict[int, int]]:
    tasks: list[Task] = []
    task_of: dict[int, int] = {}
    for index in chosen:
        block = blocks[index]
        clauses = owned.get(index, [])
        task = Task(index, block.start, block.body, block.end, _parent(blocks, index, task_of))
        task.clauses = list(clauses)
        task_of[index] = len(tasks)
        tasks.append(task)
        measure = _unnumbered(folded, block, clauses) if not block.first_child else None
        if measure:
            begin, later = measure
            task.clauses = [c for c in clauses if c.start < begin]
            tasks.append(Task(index, begin, begin, block.end, task_of[index], later))
        if index + 1 == len(blocks) or blocks[index + 1].parent != index:
            tasks[-1].end = task.end = _task_end(folded, blocks, index, tasks[-1])
    _close_parents(blocks, tasks)
    return tasks, task_of


def _close_parents(blocks: list[Block], tasks: list[Task]) -> None:
    """A parent whose block ends with its last measure's ends where the measure does."""
    for task in reversed(tasks):
        if task.parent >= 0:
            parent = tasks[task.parent]
            if parent.end > task.end and blocks[task.block].end == blocks[parent.block].end:
                parent.end = task.end


def _parent(blocks: list[Block], index: int, task_of: dict[int, int]) -> int:
    parent = blocks[index].parent
    while parent >= 0:
        if parent in task_of:
            return task_of[parent]
        parent = blocks[parent].parent
    return -1


def _unnumbered(
    folded: str, block: Block, clauses: list[Clause]
) -> tuple[int, list[Clause]] | None:
    """A single measure behind a lead-in, without a number but with a clause: 具体措施:抓好…(X负责)"""
    for at, clause in enumerate(clauses[:-1]):
        lead_in = _LEAD_IN.match(folded, clause.end, block.own_end)
        if lead_in:
            return lead_in.end(), clauses[at + 1 :]
    return None


def _task_end(folded: str, blocks: list[Block], index: int, task: Task) -> int:
    """Where an item ends: with its block, but the last of a list no later than its clause."""
    block = blocks[index]
    following = index + 1
    while following < len(blocks) and blocks[following].depth > block.depth:
        following += 1
    more = following < len(blocks) and blocks[following].parent == block.parent
    if more and blocks[following].number > block.number:
        end = block.end
    elif any(clause.carrier != "sentence" for clause in task.clauses):
        end = max(clause.end for clause in task.clauses)
    else:
        newline = folded.find("\n", task.body, block.end)
        end = block.end if newline < 0 else newline
    return trim(folded, task.body, end)[1]


def _inherit(
    blocks: list[Block], owned: dict[int, list[Clause]], heads: set[int], tasks: list[Task]
) -> None:
    """What headings say goes to each item below, nearest heading first."""
    for task in tasks:
        parent = blocks[task.block].parent
        while parent >= 0:
            if parent in heads:
                task.inherited.extend(owned[parent])
            parent = blocks[parent].parent


def _first_leads(clauses: list[Clause]) -> int | None:
    """From where the rule holds that the unit listed first leads, or None."""
    return next((clause.start for clause in clauses if clause.first_leads), None)


def settle(task: Task, first_leads_from: int | None) -> list[Owner]:
    """The roles of an item's names: own clauses first, then what its headings add by role."""
    owners: list[Owner] = []
    begin = task.body
    for group in _groups(task.clauses):
        leads = first_leads_from is not None and group[0].start >= first_leads_from
        scope = (begin, max(begin, group[0].start))
        owners.extend(_settle_group(group, scope, first_leads=leads))
        begin = max(clause.end for clause in group)
    have = {owner.role for owner in owners}
    for clause in task.inherited:
        extra = _settle_group([clause], (task.body, task.end), first_leads=False)
        owners.extend(owner for owner in extra if owner.role not in have)
    return owners


def _groups(clauses: list[Clause]) -> list[list[Clause]]:
    """Clauses that speak of the same words: labels on following lines; each bracket alone."""
    groups: list[list[Clause]] = []
    for clause in clauses:
        joined = groups and clause.carrier == "label" and groups[-1][-1].carrier == "label"
        if joined and clause.start - groups[-1][-1].end < 40:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    return groups


def _settle_group(group: list[Clause], scope: tuple[int, int], *, first_leads: bool) -> list[Owner]:
    """A lead makes 负责 and 责任单位 beside it co-hosts; alone they host; 配合 always co-hosts."""
    shares = [
        (clause, share)
        for clause in group
        for share in clause.shares
        if share.say in ("leader", "lead", "resp", "assist") and share.names.names
    ]
    led = any(share.say == "lead" for _, share in shares)
    owners: list[Owner] = []
    first = first_leads and not led
    for clause, share in shares:
        role = _ROLE_OF.get(share.say) or ("co_host" if led and share.say == "resp" else "host")
        names = share.names.names
        span = (clause.start, clause.end)
        if first and share.say == "resp":
            alone = len(names) == 1 and share.names.open_ended
            owners.append(Owner("host", share.label, names[:1], alone, span, scope))
            names, role, first = names[1:], "co_host", False
            if not names:
                continue
        elif first_leads and not led and share.say == "resp":
            role = "co_host"
        owners.append(Owner(role, share.label, names, share.names.open_ended, span, scope))
    return owners


def heading_span(folded: str, block: Block, clauses: list[Clause]) -> tuple[int, int]:
    """A section's heading, without its label and without a clause behind it."""
    limit = min([block.own_end, *(c.start for c in clauses if c.start > block.body)])
    return block.body, find_heading_end(folded, block.body, limit)
