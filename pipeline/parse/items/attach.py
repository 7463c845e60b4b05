"""Attach clauses to the numbered blocks that own them, and find more clauses in blocks without any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.names.lists import split_names
from pipeline.names.units import is_collective, is_unit
from pipeline.parse.clauses.clause import Clause, Share
from pipeline.parse.clauses.plan_wide_rules import GeneralRule
from pipeline.parse.clauses.sentences import find_sentence, find_statement
from pipeline.parse.items.headings import HEADING_REACH
from pipeline.parse.items.tree import BlockTree, split_runs
from pipeline.parse.outline import Block
from pipeline.text import trim

# The clauses of each block that has any, by the block's index.
Owned = Mapping[int, tuple[Clause, ...]]

# At least this many headings are units' names where such headings assign.
_FEWEST_UNIT_HEADINGS = 2


class Attached(NamedTuple):
    """The clauses of each block, and the blocks that are assigned to somebody."""

    owned: Owned
    assigned: frozenset[int]
    # Blocks that only a sentence of their own text assigns, the weakest reading.
    by_sentence: frozenset[int] = frozenset()
    # Headings that are a unit's name and nothing else.
    unit_headings: frozenset[int] = frozenset()


def attach_clauses(
    folded: str, tree: BlockTree, clauses: list[Clause], closings: list[GeneralRule]
) -> Attached:
    """Give each block its clauses: those inside it, a last sentence, a closing sentence.

    Only where the text has no such clause are units' names as headings or, failing those,
    sentences read.
    """
    owned = _attach_by_place(tree, clauses)
    statements = _find_statements(folded, tree, owned)
    owned = _add_clauses(owned, statements)
    headings: dict[int, Clause] = {}
    sentences: dict[int, Clause] = {}
    if not closings and not has_assigning([*clauses, *statements.values()]):
        headings = _find_unit_headings(folded, tree)
        if not headings:
            sentences = _find_sentences(folded, tree)
        owned = _add_clauses(owned, headings or sentences)
    owned, closed = _attach_closings(tree, owned, closings)
    assigned = frozenset(index for index, own in owned.items() if has_assigning(own)) | closed
    owned, assigned = _lift_list_clauses(tree, owned, assigned)
    return Attached(owned, assigned, frozenset(sentences), frozenset(headings))


def has_assigning(clauses: Iterable[Clause]) -> bool:
    """Whether at least one of the clauses gives a role to somebody."""
    # A loop: an iterator of its own takes longer than to look at the one or two clauses of an item.
    for clause in clauses:  # noqa: SIM110
        if clause.assigns:
            return True
    return False


def _add_clauses(owned: Owned, added: Mapping[int, Clause]) -> Owned:
    return {**owned, **{index: (*owned.get(index, ()), one) for index, one in added.items()}}


def _attach_by_place(tree: BlockTree, clauses: list[Clause]) -> Owned:
    """Each clause belongs to the last block that begins before it, unless that block has ended."""
    owned: dict[int, list[Clause]] = {}
    for clause in clauses:
        index = tree.last_before(clause.start)
        if index >= 0 and clause.start < tree.blocks[index].end:
            owned.setdefault(index, []).append(clause)
    return {index: tuple(own) for index, own in owned.items()}


def _find_statements(folded: str, tree: BlockTree, owned: Owned) -> dict[int, Clause]:
    """A last sentence that only names who does it, in blocks without any other clause."""
    found = {
        index: find_statement(folded, block.body, block.own_end)
        for index, block in enumerate(tree.blocks)
        if not has_assigning(owned.get(index, ()))
    }
    return {index: clause for index, clause in found.items() if clause}


def _find_unit_headings(folded: str, tree: BlockTree) -> dict[int, Clause]:
    """Headings that are only units' names, 一、县发改局 above its tasks, where all of a list are."""
    headings: dict[int, Clause] = {}
    for siblings in tree.children.values():
        parents = [index for index in siblings if tree.children_of(index)]
        clauses = {index: _read_unit_heading(folded, tree.blocks[index]) for index in parents}
        found = {index: clause for index, clause in clauses.items() if clause}
        if len(found) >= max(_FEWEST_UNIT_HEADINGS, len(parents)):
            headings |= found
    return headings


def _read_unit_heading(folded: str, block: Block) -> Clause | None:
    start, end = trim(folded, block.body, block.own_end, " \t\n:。;")
    if end - start > HEADING_REACH:
        return None
    listed = split_names(folded, start, end)
    names = [folded[name.start : name.end] for name in listed.names]
    if not names or not all(is_unit(name) and not is_collective(name) for name in names):
        return None
    return Clause("heading", start, end, (Share("resp", None, listed, start, end),))


def _find_sentences(folded: str, tree: BlockTree) -> dict[int, Clause]:
    found = {
        index: find_sentence(folded, block.body, block.own_end)
        for index, block in enumerate(tree.blocks)
    }
    return {index: clause for index, clause in found.items() if clause}


def _attach_closings(
    tree: BlockTree, owned: Owned, closings: list[GeneralRule]
) -> tuple[Owned, frozenset[int]]:
    """A closing sentence (以上任务由X负责) goes to the items of its list without an owner.

    Returns the clauses and the blocks that a closing sentence reached.
    """
    attached = dict(owned)
    closed: set[int] = set()
    # The first block of the list that each block is in; the block up to which a list has owners.
    first_of: dict[int, int] = {}
    owned_to: dict[int, int] = {}
    for rule in closings:
        last = tree.last_before(rule.start)
        if last < 0:
            continue
        if last not in first_of:
            first_of |= _find_first_of_lists(tree, tree.siblings_of(last))
        first = first_of[last]
        clause = Clause("closing", rule.start, rule.end, rule.shares)
        for index in range(owned_to.get(first, first), last + 1):
            own = attached.get(index, ())
            is_leaf = tree.starts[index] < rule.start and not tree.children_of(index)
            if is_leaf and not has_assigning(own):
                attached[index] = (*own, clause)
                closed.add(index)
        if clause.assigns:
            owned_to[first] = last
    return attached, frozenset(closed)


def _find_first_of_lists(tree: BlockTree, siblings: Iterable[int]) -> dict[int, int]:
    """The first block of the list that each of these siblings is in."""
    return {index: run[0] for run in split_runs(tree, siblings) for index in run}


def _lift_list_clauses(
    tree: BlockTree, owned: Owned, assigned: frozenset[int]
) -> tuple[Owned, frozenset[int]]:
    """Move a clause behind a whole list (①…;②…。责任单位:X) to the item above the list.

    It is read so where only the last of a list has a clause, and at least two thirds of the lists
    with that kind of number are like that.
    """
    lists: dict[str, list[tuple[int, bool]]] = {}
    for parent, below in tree.children.items():
        if parent >= 0 and _is_flat_list(tree, below) and assigned.intersection(below):
            closes = assigned.intersection(below) == {below[-1]} and parent not in assigned
            lists.setdefault(tree.blocks[below[0]].kind, []).append((parent, closes))
    moved = dict(owned)
    for found in lists.values():
        closing = [parent for parent, closes in found if closes]
        alone = len(found) == 1 and not _has_assigned_sibling(tree, found[0][0], assigned)
        if 3 * len(closing) < 2 * len(found) or alone:
            continue
        for parent in closing:
            last = tree.children[parent][-1]
            moved[parent] = (*moved.get(parent, ()), *moved.pop(last))
            assigned = assigned - {last} | {parent}
    return moved, assigned


def _is_flat_list(tree: BlockTree, below: tuple[int, ...]) -> bool:
    return len(below) > 1 and not any(tree.children_of(child) for child in below)


def _has_assigned_sibling(tree: BlockTree, index: int, assigned: frozenset[int]) -> bool:
    return any(one in assigned for one in tree.siblings_of(index) if one != index)
