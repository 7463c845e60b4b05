"""Find words again in a stretch of the source, whatever its blanks, widths and line breaks are."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from pipeline.text import fold, squeeze

if TYPE_CHECKING:
    from pipeline.model import Item, Span

_BLANK = re.compile(r"\s")
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_LINE_STOPS = "。；：！？.;:!?"


class Squeezed(NamedTuple):
    """A stretch of the source without blanks, folded, with the offset of each character."""

    words: str
    offsets: tuple[int, ...]

    def find(self, words: str) -> list[int]:
        """Return the offsets in the source at which some words begin."""
        wanted = squeeze(words)
        found: list[int] = []
        at = self.words.find(wanted) if wanted else -1
        while at >= 0:
            found.append(self.offsets[at])
            at = self.words.find(wanted, at + 1)
        return found

    def from_offset(self, offset: int) -> str:
        """Return the words from an offset in the source on."""
        return self.words[self.count_before(offset) :]

    def count_before(self, offset: int) -> int:
        """Count the characters before an offset in the source."""
        return bisect_left(self.offsets, offset)


def squeeze_stretch(text: str, start: int, end: int) -> Squeezed:
    """Return a stretch of the source without its blanks."""
    folded = fold(text[start:end])
    kept = [(char, at) for at, char in enumerate(folded, start) if not _BLANK.match(char)]
    return Squeezed("".join(char for char, _ in kept), tuple(at for _, at in kept))


def locate_content(item: Item, text: str) -> list[int] | None:
    """Return the offset in the source of every character of an item's content that is no blank.

    A line of the content is one stretch of the source, but for line breaks and page marks in it. None
    where the source does not have the content.
    """
    source = squeeze_stretch(text, item.span.start, item.span.end)
    found: list[int] = []
    at = 0
    for line in item.content.split("\n"):
        words = squeeze(line)
        whole = source.words.find(words, at)
        if whole >= 0:
            found += source.offsets[whole : whole + len(words)]
            at = whole + len(words)
            continue
        for char in words:
            at = source.words.find(char, at)
            if at < 0:
                return None
            found.append(source.offsets[at])
            at += 1
    return found


def first_sentence(content: str) -> str:
    """Return the first sentence of a content, with its stop: the title of an item without a heading."""
    stop = _SENTENCE_END.search(content)
    return content[: stop.end()].strip() if stop else content


def read_stretch(text: str, span: Span) -> str:
    """Return a stretch of the source as one reads it: lines that were only wrapped are joined."""
    read = ""
    for line in text[span.start : span.end].splitlines():
        own = line.strip()
        if own:
            read += ("\n" if read and read[-1] in _LINE_STOPS else "") + own
    return read
