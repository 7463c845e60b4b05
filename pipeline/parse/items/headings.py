"""The headings of sections, and the path of headings above a task or a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.parse.clauses.clause import Clause
from pipeline.parse.items.tasks import Heading, Span
from pipeline.parse.items.tree import BlockTree
from pipeline.parse.outline import Block, find_heading_end
from pipeline.text import trim

# A heading on a line of its own is at most this many characters long.
HEADING_REACH = 60


def make_headings(
    folded: str,
    tree: BlockTree,
    owned: Mapping[int, tuple[Clause, ...]],
    indices: Iterable[int],
) -> dict[int, Heading]:
    """The headings of these blocks, by their index."""
    return {i: _read_heading(folded, tree.blocks[i], owned.get(i, ())) for i in indices}


def _read_heading(folded: str, block: Block, clauses: Iterable[Clause]) -> Heading:
    """A block's heading ends before its first clause, unless the clause is the heading's own."""
    starts = [c.start for c in clauses if c.carrier != "heading" and c.start > block.body]
    end = find_heading_end(folded, block.body, min([block.own_end, *starts]))
    label = trim(folded, block.start, block.body)
    return Heading(label, trim(folded, block.body, end), block.depth + 1)


def find_path(tree: BlockTree, headings: Mapping[int, Heading], index: int) -> tuple[Span, ...]:
    """The words of the headings above a block, outermost first."""
    above = [headings[one].words for one in tree.ancestors_of(index) if one in headings]
    return tuple(above[::-1])


def find_blocks_above(folded: str, tree: BlockTree, position: int) -> list[int]:
    """The blocks that a table at a position is under, innermost first.

    There are none where more than a heading's words is between the innermost block's number and
    the table.
    """
    index = tree.last_before(position)
    if index < 0 or tree.blocks[index].end < position:
        return []
    between = folded[tree.blocks[index].body : position].strip()
    if len(between) > HEADING_REACH or "。" in between.rstrip("。"):
        return []
    return [index, *tree.ancestors_of(index)]
