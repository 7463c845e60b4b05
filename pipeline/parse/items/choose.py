"""Choose which numbered blocks are tasks, which are headings, and which head unnumbered tasks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.parse.items.attach import Attached
from pipeline.parse.items.headings import HEADING_REACH
from pipeline.parse.items.label_paragraphs import count_label_paragraphs
from pipeline.parse.items.section_kinds import (
    classify_section,
    read_heading_words,
)
from pipeline.parse.items.tree import BlockTree, find_ancestors, split_runs

# 具体措施: alone between a task and its first measure.
_LEAD_IN = re.compile(rf"\s*(?:{alternation(words('boilerplate', 'lead_in'))}) ?:\s*")
# A numbering runs through a plan if at least so many of its sections name somebody.
_FEWEST_SECTIONS = 2


class Choice(NamedTuple):
    """What each numbered block is; a set of block indices for each kind."""

    # Tasks, in reading order.
    tasks: list[int]
    # Headings above tasks, those of unnumbered tasks included.
    above: frozenset[int]
    # Headings with a clause that the tasks below inherit.
    giving: frozenset[int]
    # Headings of unnumbered tasks.
    loose: frozenset[int]


def choose_blocks(folded: str, tree: BlockTree, attached: Attached) -> Choice:
    """Choose the tasks: assigned blocks and their siblings of the same list.

    A block without a clause above blocks that have one is a heading, even beside tasks. The
    children of a heading that gives its clause to others are assigned by it.
    """
    assigned = set(attached.assigned)
    above = find_ancestors(tree, assigned)
    giving = _find_giving(folded, tree, attached, above) | attached.unit_headings
    for index in giving - above:
        assigned.update(tree.children_of(index))
    above = find_ancestors(tree, assigned)
    loose = _find_loose(folded, tree, attached, assigned - above, above=above)
    above |= loose
    tasks = _add_siblings(folded, tree, assigned - giving - loose, above)
    above |= find_ancestors(tree, tasks) - set(tasks)
    return Choice(tasks, frozenset(above), frozenset(giving), frozenset(loose))


def _find_giving(folded: str, tree: BlockTree, attached: Attached, above: set[int]) -> set[int]:
    """Blocks with a clause that belongs to a heading and is inherited by the items below it.

    Most siblings are bare headings of items, or the clause is in a short heading line and names a
    leader, or it heads a list that names nobody.
    """
    giving: set[int] = set()
    for parent in {tree.blocks[index].parent for index in attached.assigned & above}:
        peers = [peer for peer in tree.children_of(parent) if peer in above]
        owning = attached.assigned.intersection(peers)
        owning -= {one for one in owning if _leads_in(folded, tree, attached, one)}
        if len(peers) > 1 and 2 * len(owning) <= len(peers):
            giving |= owning
    giving |= {
        index
        for index in _find_counted_on(tree, attached.assigned - giving)
        if _is_short_heading(folded, tree, attached, index, stops="。")
    }
    for index in attached.assigned - giving:
        if tree.children_of(index) and _gives_by_heading_line(
            folded, tree, attached, index, above=above
        ):
            giving.add(index)
    return giving


def _gives_by_heading_line(
    folded: str, tree: BlockTree, attached: Attached, index: int, *, above: set[int]
) -> bool:
    if not _is_short_heading(folded, tree, attached, index, stops=""):
        return False
    clauses = [clause for clause in attached.owned.get(index, ()) if clause.assigns]
    below = tree.children_of(index)
    if not any(child in attached.assigned or child in above for child in below):
        return len(below) > 1
    return any(share.printed_role == "leader" for clause in clauses for share in clause.shares)


def _is_short_heading(
    folded: str, tree: BlockTree, attached: Attached, index: int, *, stops: str
) -> bool:
    """Whether only a heading's words stand between a block's number and its first clause.

    They may end with one of `stops`.
    """
    clauses = [clause for clause in attached.owned.get(index, ()) if clause.assigns]
    if not clauses:
        return False
    opening = folded[tree.blocks[index].body : clauses[0].start].strip().rstrip(stops)
    below = tree.children_of(index)
    if below and tree.blocks[below[0]].start < clauses[0].start and stops:
        return False
    return len(opening) <= HEADING_REACH and "\n" not in opening and "。" not in opening


def _leads_in(folded: str, tree: BlockTree, attached: Attached, index: int) -> bool:
    """Whether 具体措施: stands between a block's clause and its first child: these are its measures."""
    below = tree.children_of(index)
    clauses = attached.owned.get(index, ())
    if not below or not clauses:
        return False
    first = tree.blocks[below[0]].start
    ends = [clause.end for clause in clauses if clause.end <= first]
    return bool(ends) and _LEAD_IN.fullmatch(folded, max(ends), first) is not None


def _find_counted_on(tree: BlockTree, assigned: AbstractSet[int]) -> set[int]:
    """Assigned blocks whose children go on with the numbers of the block before: (一) 1. 2. (二) 3. 4.

    Such children are one list over all headings. Where each of them names its own owner, nobody
    would have what the block above says: it is a task beside them.
    """
    found: set[int] = set()
    for parent in {tree.blocks[index].parent for index in assigned}:
        peers = [peer for peer in tree.children_of(parent) if tree.children_of(peer)]
        lists = [[tree.blocks[child].number for child in tree.children_of(peer)] for peer in peers]
        if len(lists) > 1 and all(b[0] == a[-1] + 1 for a, b in pairwise(lists)):
            found |= {
                one for one in peers if one in assigned and set(tree.children_of(one)) - assigned
            }
    return found


def _find_loose(
    folded: str, tree: BlockTree, attached: Attached, candidates: set[int], *, above: set[int]
) -> set[int]:
    """Headings above unnumbered paragraphs with label lines of their own (TASK。⏎责任单位:X).

    Such a block has no numbers below and a heading line, and above several tasks; above only one,
    it is a heading if enough blocks beside it are.
    """
    counts = {
        index: count_label_paragraphs(folded, tree.blocks[index], attached.owned.get(index, ()))
        for index in sorted(candidates)
    }
    loose = {index for index, count in counts.items() if count > 1}
    single = [index for index, count in counts.items() if count == 1]
    for index in single:
        if _is_beside_headings(tree, index, above | loose) or (
            _count_kind(tree, loose, index) > len(single)
        ):
            loose.add(index)
    return loose


def _is_beside_headings(tree: BlockTree, index: int, headings: set[int]) -> bool:
    """Whether at least half of a block's siblings, and at least one, are headings."""
    peers = [peer for peer in tree.siblings_of(index) if peer != index]
    over = sum(peer in headings for peer in peers)
    return over > 0 and 2 * over >= len(peers)


def _count_kind(tree: BlockTree, indices: set[int], index: int) -> int:
    return sum(tree.blocks[one].kind == tree.blocks[index].kind for one in indices)


def _add_siblings(folded: str, tree: BlockTree, assigned: set[int], above: set[int]) -> list[int]:
    """The assigned blocks and their siblings of the same list, in reading order."""
    chosen: set[int] = set()
    for siblings in tree.children.values():
        for run in split_runs(tree, siblings):
            if assigned.intersection(run):
                chosen.update(i for i in run if i in assigned or i not in above)
            chosen.update(_find_running_on(folded, tree, run, above))
    return sorted(chosen)


def _find_running_on(
    folded: str, tree: BlockTree, sections: Sequence[int], above: set[int]
) -> Iterator[int]:
    """The blocks of sections that name nobody, if one numbering runs through all sections.

    一、健全机制(一)…(二)…二、打击犯罪(三)…: the numbers are one list. Sections of requirements have no
    tasks (保障措施), nor have those behind the last section that names somebody: there it is 加强组织领导.
    """
    lists = [tree.children_of(index) for index in sections]
    owning = above.intersection(sections)
    if len(owning) < _FEWEST_SECTIONS or not _runs_through(tree, lists):
        return
    for index, below in zip(sections, lists, strict=True):
        if index in above or not below or any(tree.children_of(one) for one in below):
            continue
        kind = classify_section(read_heading_words(folded, tree.blocks[index]))
        if kind in ("task", "other") and index < max(owning):
            yield from below


def _runs_through(tree: BlockTree, lists: Iterable[Sequence[int]]) -> bool:
    """Whether the numbers of several lists of one kind go on from each to the next: 1, 2 and 3, 4."""
    blocks = [tree.blocks[index] for below in lists for index in below]
    starts_again = any(block.number == 1 for block in blocks[1:])
    goes_on = all(one.number + 1 == next_.number for one, next_ in pairwise(blocks))
    return goes_on and not starts_again and len({block.kind for block in blocks}) == 1
