"""Normalize a source text: join it as a reader does, and keep every offset in the source.

Characters within a sentence that are no part of it are left out: a line break in mid-sentence, a
page mark, a zero-width character, pinyin in brackets, a blank within a date. All others are folded at equal length.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

from pipeline.dates import find_date_blanks
from pipeline.parse.wraps import FEWEST_LINES, PINYIN, find_bracket_breaks, find_wraps
from pipeline.text import RADICALS, fold, simplify, without_blanks

RepairKind = Literal["zero-width", "radical", "pinyin", "date-blank", "page-mark", "wrap"]

_ZERO_WIDTH = re.compile(r"[\u200b-\u200d\u2060\ufeff\xad]+")
_TONE = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]")
# A line that is only a page's number: —3—, -12-, 第3页, 第3页,共9页, 3/9; not 2011, nor 一、
_PAGE_MARK = re.compile(
    r"""
    \n[ \t]*(?:
      [-—–―─·•]+[ ]?\d{1,4}[ ]?[-—–―─·•]+
      | 第[ ]?\d{1,4}[ ]?页(?:[ ]?[,/]?[ ]?共[ ]?\d{1,4}[ ]?页)?
      | \d{1,4}[ ]?/[ ]?\d{1,4}
    )[ \t]*(?=\n)
    """,
    re.VERBOSE,
)
_CONTINUED = "[接上页]"
# Characters that only traditional script has, in words that no notice does without.
_TRADITIONAL = re.compile("[責單領導辦協關門縣務負頭國發進實與動區業]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_RADICAL = re.compile(f"[{''.join(RADICALS)}]")
# Zero-width, traditional and radical characters are rare; one search rules them all out.
_ODD = re.compile(f"{_ZERO_WIDTH.pattern[:-2]}{_TRADITIONAL.pattern[1:-1]}{_RADICAL.pattern[1:]}")
# Two blanks or more before a word: where a line began before lines were run together.
_INDENT = re.compile(r"(?<! )  +(?=\S)")
_FEW_BREAKS, _MANY_INDENTS = 3, 5


class Repair(NamedTuple):
    """A span of the source that is left out or read as another character, with the reason."""

    kind: RepairKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """The characters of a source that are read: as printed, and folded for matching.

    `text`, `folded` and `plain` have one length; `folded` has simplified characters, `plain` keeps
    traditional ones, for names. An offset in them is a normalized offset.
    """

    text: str
    folded: str
    plain: str
    repairs: tuple[Repair, ...] = ()
    # Where each run of kept characters begins, here and in the source; empty if all are kept.
    run_starts: tuple[int, ...] = ()
    source_starts: tuple[int, ...] = ()

    def source_offset(self, offset: int) -> int:
        """The source offset of a normalized offset."""
        if not self.run_starts:
            return offset
        run = bisect_right(self.run_starts, offset) - 1
        return self.source_starts[run] + offset - self.run_starts[run]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of a normalized span, from its first character to its last."""
        if not self.run_starts:
            return start, end
        run = bisect_right(self.run_starts, start) - 1
        shift = self.source_starts[run] - self.run_starts[run]
        if end <= start:
            return start + shift, start + shift
        following = self.run_starts[run + 1 : run + 2]
        if not following or end <= following[0]:
            return start + shift, end + shift
        return start + shift, self.source_offset(end - 1) + 1

    def plain_between(self, start: int, end: int) -> str:
        """The plain characters of a source span, without those that are left out of it."""
        return self.plain[self._offset(start) : self._offset(end)]

    def _offset(self, source_offset: int) -> int:
        """The normalized offset of a source offset; of a left-out one, that of the next kept one."""
        if not self.run_starts:
            return source_offset
        run = bisect_right(self.source_starts, source_offset) - 1
        if run < 0:
            return 0
        last = run + 1 == len(self.run_starts)
        end = len(self.plain) if last else self.run_starts[run + 1]
        return min(self.run_starts[run] + source_offset - self.source_starts[run], end)


def strip_marks(text: str) -> str:
    """Return a text folded, without blanks, zero-width characters, inserted pinyin and page marks."""
    plain = fold(_ZERO_WIDTH.sub("", text))
    plain = _PAGE_MARK.sub("\n", plain.replace(_CONTINUED, ""))
    return without_blanks(PINYIN.sub("", plain))


def normalize_text(text: str) -> NormalizedText:
    """Normalize a source text."""
    plain = fold(text)
    odd = _ODD.search(text) is not None
    folded = simplify(plain) if odd and _TRADITIONAL.search(plain) else plain
    if (
        folded.count("\n") <= _FEW_BREAKS
        and folded.count("  ") >= _MANY_INDENTS
        and len(_INDENT.findall(folded)) >= _MANY_INDENTS
    ):
        # Lines that were run together kept their indents: each begins a line again.
        folded = _INDENT.sub(lambda match: "\n" + match[0][1:], folded)
    repairs = tuple(_find_repairs(text, folded, odd=odd))
    left_out = [repair for repair in repairs if repair.kind != "radical"]
    if not left_out:
        return NormalizedText(text, folded, plain, repairs)
    kept = _find_kept(left_out, len(text))
    short = _join(plain, kept)
    return NormalizedText(
        _join(text, kept),
        # Readers test by identity whether a text has traditional characters.
        short if folded is plain else _join(folded, kept),
        short,
        repairs,
        # An offset behind the last character needs a run too.
        tuple(accumulate((end - start for start, end in kept), initial=0)),
        (*(start for start, _ in kept), len(text)),
    )


def _join(text: str, kept: list[tuple[int, int]]) -> str:
    return "".join(text[start:end] for start, end in kept)


def _find_kept(left_out: list[Repair], length: int) -> list[tuple[int, int]]:
    """The spans between those that are left out."""
    kept: list[tuple[int, int]] = []
    at = 0
    for start, end in [*sorted((one.start, one.end) for one in left_out), (length, length)]:
        if start > at:
            kept.append((at, start))
        at = max(at, end)
    return kept


def _find_repairs(text: str, folded: str, *, odd: bool) -> Iterator[Repair]:
    """Everything that is left out or read as another character; `odd` if rare characters occur."""
    if odd:
        for match in _ZERO_WIDTH.finditer(text):
            yield Repair("zero-width", *match.span())
        first = _RADICAL.search(text)
        if first:
            yield Repair("radical", *first.span())
    yield from _find_pinyin(folded)
    for blanks in find_date_blanks(folded):
        yield Repair("date-blank", *blanks)
    at = folded.find(_CONTINUED)
    while at >= 0:
        yield Repair("page-mark", at, at + len(_CONTINUED))
        at = folded.find(_CONTINUED, at + 1)
    if folded.count("\n") >= FEWEST_LINES:
        marks = [match.span() for match in _PAGE_MARK.finditer(folded)]
        for mark in marks:
            yield Repair("page-mark", *mark)
        for wrap in find_wraps(text, folded, {start + 1 for start, _ in marks}):
            yield Repair("wrap", *wrap)
    elif "\n" in folded:
        for wrap in find_bracket_breaks(folded):
            yield Repair("wrap", *wrap)


def _find_pinyin(folded: str) -> Iterator[Repair]:
    """Syllables in brackets behind a character; without a tone (的(de)) only where others have one."""
    syllables = [m for m in PINYIN.finditer(folded) if _HAN.match(folded, max(0, m.start() - 1))]
    if any(_TONE.search(match[0]) for match in syllables):
        for match in syllables:
            yield Repair("pinyin", *match.span())
