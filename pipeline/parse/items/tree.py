"""The numbered blocks of a text as a tree: parents, children, ancestors, runs of siblings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.parse.annexes import Annex, find_attachment_numbers
from pipeline.parse.outline import Block, find_blocks
from pipeline.parse.printed_numbers import BESIDE


@dataclass(frozen=True, slots=True)
class BlockTree:
    """Blocks in reading order with their starts and, for each parent's index, its children.

    The index -1 is the parent of the outermost blocks.
    """

    blocks: tuple[Block, ...]
    starts: tuple[int, ...]
    children: Mapping[int, tuple[int, ...]]

    def children_of(self, index: int) -> tuple[int, ...]:
        """The indices of a block's children; none for a block without any."""
        return self.children.get(index, ())

    def siblings_of(self, index: int) -> tuple[int, ...]:
        """The indices of all blocks with the same parent, the block itself included."""
        return self.children[self.blocks[index].parent]

    def last_before(self, position: int) -> int:
        """The index of the last block that begins at or before a position, or -1."""
        return bisect_right(self.starts, position) - 1

    def ancestors_of(self, index: int) -> Iterator[int]:
        """The indices of the blocks around a block, innermost first."""
        parent = self.blocks[index].parent if index >= 0 else -1
        while parent >= 0:
            yield parent
            parent = self.blocks[parent].parent

    def descendants_of(self, index: int) -> Iterator[int]:
        """The indices of the blocks below a block in reading order."""
        for child in self.children_of(index):
            yield child
            yield from self.descendants_of(child)


def make_tree(blocks: Iterable[Block]) -> BlockTree:
    """Index blocks in reading order by their starts and by their parents."""
    kept = tuple(blocks)
    children: dict[int, list[int]] = {}
    for index, block in enumerate(kept):
        children.setdefault(block.parent, []).append(index)
    starts = tuple(block.start for block in kept)
    return BlockTree(kept, starts, {parent: tuple(below) for parent, below in children.items()})


def find_ancestors(tree: BlockTree, indices: Iterable[int]) -> set[int]:
    """Every block around any of these blocks."""
    above: set[int] = set()
    for index in indices:
        for parent in tree.ancestors_of(index):
            if parent in above:
                break
            above.add(parent)
    return above


def split_runs(tree: BlockTree, siblings: Iterable[int]) -> list[list[int]]:
    """Cut siblings where the numbering restarts: a notice's 一、二、 and its plan's are two lists."""
    runs: list[list[int]] = []
    last: Block | None = None
    for index in siblings:
        block = tree.blocks[index]
        if last is None or block.number < last.number or block.kind != last.kind:
            runs.append([])
        runs[-1].append(index)
        last = block
    return runs


def find_annex_blocks(folded: str, annexes: list[Annex]) -> list[Block]:
    """The numbered blocks of every annex, except those of a list of attachments (附件:1.…2.…)."""
    blocks: list[Block] = []
    for annex in annexes:
        # A title that runs into its first number does not hide it.
        start = annex.title[1] if annex.title else annex.start
        blocks += find_blocks(folded, start, annex.end, first=len(blocks))
    listed = find_attachment_numbers(folded, [(block.start, block.number) for block in blocks])
    return remove_blocks(blocks, set(listed)) if listed else blocks


def remove_blocks(blocks: list[Block], removed: set[int]) -> list[Block]:
    """Remove some blocks; their children move to the nearest kept ancestor that encloses them.

    Blocks that begin before the first removed one end there, so that nothing behind it belongs
    to them.
    """
    first = blocks[min(removed)].start
    cut = [_cut_at(block, first) if block.start < first else block for block in blocks]
    new_index = {-1: -1}
    kept: list[Block] = []
    for index, block in enumerate(cut):
        if index in removed:
            continue
        parent = block.parent
        while parent in removed or (parent >= 0 and cut[parent].end < block.end):
            parent = cut[parent].parent
        new_index[index] = len(kept)
        kept.append(block._replace(parent=new_index[parent]))
    return kept


def _cut_at(block: Block, limit: int) -> Block:
    first_child = 0 if block.first_child >= limit else block.first_child
    return block._replace(end=min(block.end, limit), first_child=first_child)


def find_loose_ends(folded: str, tree: BlockTree) -> set[int]:
    """The ends of blocks that text without a number follows, so that no clause reaches over them."""
    starts = (*tree.starts, len(folded))
    ends = {block.end for block in tree.blocks}
    return {end for end in ends if folded[end : starts[bisect_left(starts, end)]].strip(BESIDE)}
