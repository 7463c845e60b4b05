"""Words of a change as a reader can follow them: whole sentences where little of them stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.comparison import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ENDS = "。；;！!？?\n"
_BEHIND_END = re.compile(rf"(?<=[{_ENDS}])")
_MARKS = re.compile(r"[\W_]+")
# Where a smaller share of a sentence's letters stays, the whole sentence is marked.
_LEAST_KEPT = 1 / 3


def mark_sentences(words: Sequence[Words]) -> tuple[Words, ...]:
    """Mark whole sentences where less than a third of their letters stay.

    Islands of two kept characters in a sentence that is otherwise new help nobody: the sentence is
    removed and added as a whole. Kept and removed words joined are still the earlier text, kept and
    added ones the later one.
    """
    return tuple(_join_neighbours(one for part in _split(words) for one in _mark(part)))


def _split(words: Sequence[Words]) -> Iterator[list[Words]]:
    """Cut words where both texts are between sentences: behind a kept end, or ends of both sides."""
    part: list[Words] = []
    for one in _cut_changes(words):
        if one is None:
            yield part
            part = []
        elif one.fate != "kept":
            part.append(one)
        else:
            for piece in filter(None, _BEHIND_END.split(one.text)):
                part.append(Words(fate="kept", text=piece))
                if piece[-1] in _ENDS:
                    yield part
                    part = []
    yield part


def _cut_changes(words: Sequence[Words]) -> Iterator[Words | None]:
    """The words with None between sentences: where removed and added words both end one.

    "整顿。集中开展检查" against "治理整顿。健全机制" is cut behind both 整顿。
    """
    n = 0
    while n < len(words):
        pair = words[n : n + 2]
        if [one.fate for one in pair] != ["removed", "added"]:
            yield words[n]
            n += 1
            continue
        n += 2
        pieces = [_cut_ends(one.text) for one in pair]
        if not all(pieces):
            yield from pair
            continue
        for k, texts in enumerate(zip(*pieces, strict=True)):
            if k:
                yield None
            yield from (
                Words(fate=one.fate, text=text)
                for one, text in zip(pair, texts, strict=True)
                if text
            )


def _cut_ends(text: str) -> tuple[str, str, str] | None:
    """A text up to its first end of a sentence, what follows up to the last end, and the rest."""
    sentences = _BEHIND_END.split(text)
    if len(sentences) == 1:
        return None
    return sentences[0], "".join(sentences[1:-1]), sentences[-1]


def _mark(part: Sequence[Words]) -> Iterator[Words]:
    """The words of one stretch of sentences, or the whole of it as removed and added."""
    removed, added = (_join(part, fate) for fate in ("removed", "added"))
    longest = max(_count_letters(removed), _count_letters(added))
    is_rewritten = {one.fate for one in part} >= {"removed", "added"}
    if not is_rewritten or _count_kept(part) >= _LEAST_KEPT * longest:
        yield from part
        return
    yield Words(fate="removed", text=removed)
    yield Words(fate="added", text=added)


def _join(part: Iterable[Words], fate: str) -> str:
    """The text before (`fate` removed) or after (`fate` added) the change."""
    return "".join(one.text for one in part if one.fate in ("kept", fate))


def _count_letters(text: str) -> int:
    return len(_MARKS.sub("", text))


def _count_kept(part: Iterable[Words]) -> int:
    return sum(_count_letters(one.text) for one in part if one.fate == "kept")


def _join_neighbours(words: Iterable[Words]) -> Iterator[Words]:
    """Words without two neighbours of one fate."""
    last: Words | None = None
    for one in words:
        if last and last.fate == one.fate:
            last = Words(fate=last.fate, text=last.text + one.text)
            continue
        if last:
            yield last
        last = one
    if last:
        yield last
