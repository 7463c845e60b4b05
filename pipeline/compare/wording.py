"""Two wordings of one demand as stretches of words that were kept, removed and added."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from rapidfuzz.distance import Indel

from pipeline.compare.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Fate = Literal["kept", "removed", "added"]

_MARKS = re.compile(r"[\W_]+")
# A clause with the mark that ends it, or the last one without a mark: 新建公园，建成5个。
_CLAUSE = re.compile(r"[^,，;；。:：!！?？\n]*[,，;；。:：!！?？\n]|[^,，;；。:：!！?？\n]+")
# A kept stretch of fewer letters than the first counts as changed if there are changes on both
# sides; one of fewer than the second only if the changes are so many times longer.
_MARK_SIZE = 2
_WORD_SIZE = 4
_LONGER = 3


class Stretch(NamedTuple):
    """Neighbouring words of one fate."""

    fate: Fate
    text: str


class _Block(NamedTuple):
    """A kept text and the change that follows it."""

    kept: str
    removed: str
    added: str


def compare_words(before: str, after: str) -> list[Stretch]:
    """Both texts as stretches of words kept, removed and added, in reading order.

    The kept and removed ones joined are `before`, the kept and added ones `after`.
    """
    stretches: list[Stretch] = []
    for ours, theirs in _align(_CLAUSE.findall(before), _CLAUSE.findall(after)):
        if not ours or not theirs or ours == theirs:
            stretches += _make_stretches(ours, theirs)
            continue
        words = [split_words("".join(side)) for side in (ours, theirs)]
        for old, new in _align(*words):
            stretches += _make_stretches(old, new)
    return list(_absorb_islands(_group_changes(stretches)))


def _align(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The two sequences side by side: parts that are equal, and parts that differ."""
    p = q = 0
    for one in Indel.opcodes(before, after):
        if one.tag != "equal":
            continue
        if one.src_start > p or one.dest_start > q:
            yield before[p : one.src_start], after[q : one.dest_start]
        p, q = one.src_end, one.dest_end
        yield before[one.src_start : p], after[one.dest_start : q]
    if p < len(before) or q < len(after):
        yield before[p:], after[q:]


def _make_stretches(before: Sequence[str], after: Sequence[str]) -> Iterator[Stretch]:
    """Equal parts as one kept stretch, different ones as what was removed and added."""
    if before == after:
        yield Stretch("kept", "".join(before))
    else:
        yield from _make_change("".join(before), "".join(after))


def _make_change(removed: str, added: str) -> Iterator[Stretch]:
    if removed:
        yield Stretch("removed", removed)
    if added:
        yield Stretch("added", added)


def _group_changes(stretches: Iterable[Stretch]) -> list[_Block]:
    """Neighbours of one fate joined: a kept text, then all that was removed and added after it."""
    blocks = [_Block("", "", "")]
    for fate, text in stretches:
        last = blocks[-1]
        if fate == "removed":
            blocks[-1] = last._replace(removed=last.removed + text)
        elif fate == "added":
            blocks[-1] = last._replace(added=last.added + text)
        elif last.removed or last.added:
            blocks.append(_Block(text, "", ""))
        else:
            blocks[-1] = last._replace(kept=last.kept + text)
    return blocks


def _absorb_islands(blocks: Iterable[_Block]) -> Iterator[Stretch]:
    """The blocks as stretches; a few kept letters between changes count as changed themselves.

    They are no help to a reader: a mark or a single character always, a word between changes that
    are much longer than itself.
    """
    removed = added = ""
    for block in blocks:
        if _is_island(block, removed, added):
            removed += block.kept + block.removed
            added += block.kept + block.added
            continue
        yield from _make_change(removed, added)
        if block.kept:
            yield Stretch("kept", block.kept)
        removed, added = block.removed, block.added
    yield from _make_change(removed, added)


def _is_island(block: _Block, removed: str, added: str) -> bool:
    """Whether a block's kept text is short beside the changes before and after it."""
    before = max(len(removed), len(added))
    around = min(before, max(len(block.removed), len(block.added)))
    size = len(_MARKS.sub("", block.kept))
    if not around:
        return False
    return size < _MARK_SIZE or (size < _WORD_SIZE and around > _LONGER * size)
