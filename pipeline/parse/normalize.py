"""Source text -> its shadow: the same characters as a reader joins them, with offsets kept.

What stands between the characters of a sentence and is no part of it (a line broken in
mid-sentence, a page mark, a zero-width character, pinyin in brackets) is left out; everything
else is folded at equal length. Every offset in the shadow leads back to one in the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from pipeline.lexicon import alternation, mapping, words
from pipeline.names.units import is_unit
from pipeline.text import RADICALS, fold, without_blanks

_ZERO_WIDTH = re.compile(r"[\u200b-\u200d\u2060\ufeff\xad]+")
# A syllable in brackets behind a character; without a tone (的(de)) only where others have one.
_TONE = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]")
_PINYIN = re.compile(r"\( ?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6} ?\)")
_PAGE_MARK = re.compile(
    r"\n[ \t]*(?:[-—–―─·•]+ ?\d{1,4} ?[-—–―─·•]+|第 ?\d{1,4} ?页(?: ?[,/]? ?共 ?\d{1,4} ?页)?|\d{1,4} ?/ ?\d{1,4})[ \t]*(?=\n)"
)
_GLUE = "[接上页]"
# Characters that only traditional script has, in words that no notice does without.
_TRADITIONAL = re.compile("[責單領導辦協關門縣務負頭國發進實與動區業]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_RADICAL = re.compile(f"[{''.join(RADICALS)}]")
# Any of these three is rare; one search rules them all out.
_ODD = re.compile(f"{_ZERO_WIDTH.pattern[:-2]}{_TRADITIONAL.pattern[1:-1]}{_RADICAL.pattern[1:]}")

_INDENT = re.compile(r"(?<! )  +(?=\S)")
_FEW_BREAKS, _MANY_INDENTS = 3, 5
_LETTER = re.compile("[A-Za-z]")
_CELLS = re.compile(r"[\t|]")
_LINE = re.compile(r"[^\n]+")
_STOPS = "。;!?:…)]"
_SENTENCE_END = "。!?;:"
_LABEL_HEAD = re.compile(rf" *(?:{alternation(mapping('labels', 'role'))}) ?:")
_NUMBER_HEAD = re.compile(
    r"[ \t]*(?:[一二三四五六七八九十]{1,4}[、.]|\([一二三四五六七八九十\d]{1,4}\)|\d{1,3}(?:[、.] ?(?!\d)|\))"
    r"|[①-⑳]|第[一二三四五六七八九十\d]{1,4}[章部条]"
    # 5合理安排…, not 5个, 30万亩 or 2020年
    r"|\d{1,2}(?=[\u4e00-\u9fff“《])(?![个条件项年月日万亿元名家户人次届期批类级号座所处台辆公里亩吨米倍度岁起余多大周天小分秒城]))"
)
_FURNITURE_HEAD = re.compile(rf" *(?:{alternation(words('boilerplate', 'furniture'))}|附件)")
# A page of wrapped lines: this many lines at least, as many of them and this share as long as a
# line gets, a line no longer than this, this share of the long ones broken in mid-sentence, and
# what follows those hardly ever a cell of a table.
_FEWEST_LINES, _FEWEST_FULL, _FULL_SHARE = 6, 4, 0.12
_WIDEST, _NARROWEST, _SLACK = 64, 14, 3.0
_BROKEN_SHARE, _CELL_SHARE = 0.6, 0.25


class Repair(NamedTuple):
    """What a shadow leaves out or reads as another character: its kind and source span."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Shadow:
    """The characters of a source that are read: as printed, and folded for matching.

    `text`, `folded` and `plain` have one length; `plain` is folded but keeps traditional
    characters, for names. `span` leads back to the source.
    """

    text: str
    folded: str
    plain: str
    repairs: tuple[Repair, ...] = ()
    # Where each run of kept characters begins, in the shadow and in the source.
    begins: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def place(self, at: int) -> int:
        """The source offset of a shadow offset."""
        if not self.begins:
            return at
        run = bisect_right(self.begins, at) - 1
        return self.places[run] + at - self.begins[run]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of a shadow span, from its first character to its last."""
        if not self.begins:
            return start, end
        first = self.place(start)
        return (first, self.place(end - 1) + 1) if end > start else (first, first)

    def plain_between(self, start: int, end: int) -> str:
        """The plain characters of a source span, without what is left out of it."""
        return self.plain[self._offset(start) : self._offset(end)]

    def _offset(self, place: int) -> int:
        """The shadow offset of a source offset; of what is left out, that of what follows."""
        if not self.begins:
            return place
        run = bisect_right(self.places, place) - 1
        if run < 0:
            return 0
        end = self.begins[run + 1] if run + 1 < len(self.begins) else len(self.plain)
        return min(self.begins[run] + place - self.places[run], end)


def bare(text: str) -> str:
    """A name's characters folded, without blanks and without what a shadow leaves out."""
    plain = fold(_ZERO_WIDTH.sub("", text))
    return without_blanks(_PINYIN.sub("", _PAGE_MARK.sub("\n", plain)))


def make_shadow(text: str) -> Shadow:
    """The shadow of a source text."""
    plain = fold(text)
    odd = _ODD.search(text) is not None
    folded = _simplified(plain) if odd and _TRADITIONAL.search(plain) else plain
    if folded.count("\n") <= _FEW_BREAKS and len(_INDENT.findall(folded)) >= _MANY_INDENTS:
        # Lines that were run together kept their indents: each begins a line again.
        folded = _INDENT.sub(lambda match: "\n" + match[0][1:], folded)
    repairs = list(_find_left_out(text, folded, odd=odd))
    left_out = [repair for repair in repairs if repair.kind != "radical"]
    if not left_out:
        return Shadow(text, folded, plain, tuple(repairs))
    begins, places, kept = _runs(left_out, len(text))
    both = folded is plain
    short = "".join(plain[a:b] for a, b in kept)
    return Shadow(
        "".join(text[a:b] for a, b in kept),
        short if both else "".join(folded[a:b] for a, b in kept),
        short,
        tuple(repairs),
        begins,
        places,
    )


def _runs(
    left_out: list[Repair], length: int
) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    begins, places, kept = [], [], []
    at = size = 0
    for _, start, end in [*sorted(left_out, key=lambda r: r[1:]), Repair("", length, length)]:
        if start > at:
            begins.append(size)
            places.append(at)
            kept.append((at, start))
            size += start - at
        at = max(at, end)
    # An offset past the last character has to lead somewhere too.
    begins.append(size)
    places.append(length)
    return begins, places, kept


@cache
def _simple(char: str) -> str:
    """The simplified form of one character, as OpenCC knows it."""
    simple: str = _converter().convert(char)
    return simple if len(simple) == 1 else char


@cache
def _converter() -> Any:  # noqa: ANN401  the package ships no types
    """The converter; its dictionaries are loaded only where a text needs them."""
    from opencc import OpenCC  # noqa: PLC0415

    return OpenCC("t2s")


def _simplified(folded: str) -> str:
    for char in set(_HAN.findall(folded)):
        simple = _simple(char)
        if simple != char:
            folded = folded.replace(char, simple)
    return folded


def _find_left_out(text: str, folded: str, *, odd: bool) -> Iterator[Repair]:
    if odd:
        for match in _ZERO_WIDTH.finditer(text):
            yield Repair("zero-width", *match.span())
        first = _RADICAL.search(text)
        if first:
            yield Repair("radical", *first.span())
    syllables = [m for m in _PINYIN.finditer(folded) if _HAN.match(folded, max(0, m.start() - 1))]
    if any(_TONE.search(m[0]) for m in syllables):
        for match in syllables:
            yield Repair("pinyin", *match.span())
    at = folded.find(_GLUE)
    while at >= 0:
        yield Repair("page-mark", at, at + len(_GLUE))
        at = folded.find(_GLUE, at + 1)
    if folded.count("\n") >= _FEWEST_LINES:
        marks = list(_PAGE_MARK.finditer(folded))
        for match in marks:
            yield Repair("page-mark", *match.span())
        yield from _find_wraps(text, folded, {match.start() + 1 for match in marks})


def _width(line: str) -> float:
    """A line's printed width in Chinese characters, inserted pinyin aside: two bytes each in GBK,
    one for others."""
    if "(" in line:
        line = _PINYIN.sub("", line)
    return len(line.encode("gbk", "replace")) / 2


def _find_wraps(text: str, folded: str, marks: set[int]) -> Iterator[Repair]:
    """The line breaks in mid-sentence of a page whose lines were broken at a width."""
    if not _may_wrap(folded.split("\n")):
        return
    lines = [m for m in _LINE.finditer(folded) if m.start() not in marks and not m[0].isspace()]
    lines = lines[: _table_line(lines)]
    if len(lines) < _FEWEST_LINES:
        return
    # A table's row is as wide as its cells, not as the page.
    widths = [
        0.0 if _CELLS.search(m[0]) else _width(text[m.start() : m.end()].rstrip()) for m in lines
    ]
    full = _usual(widths) - _SLACK
    if not _NARROWEST <= full + _SLACK <= _WIDEST:
        return
    long = [i for i, width in enumerate(widths[:-1]) if width >= full]
    broken = [
        i for i in long if lines[i][0].rstrip()[-1] not in _STOPS and not _opens(lines[i + 1][0])
    ]
    if len(long) < max(_FEWEST_FULL, _FULL_SHARE * len(lines)):
        return
    cells = sum(lines[i + 1][0].strip().isdecimal() for i in broken)
    if len(broken) < _BROKEN_SHARE * len(long) or cells > _CELL_SHARE * len(broken):
        return
    opened, labelled = 0, False
    for line, width, after in zip(lines, widths, lines[1:], strict=False):
        ended = line[0].rstrip()
        opened = max(0, opened + ended.count("(") - ended.count(")"))
        if _CELLS.search(ended) or _CELLS.search(after[0]):
            continue
        labelled = labelled or _LABEL_HEAD.match(line[0]) is not None
        goes_on = _goes_on(ended, after[0], width >= full, opened > 0)
        if goes_on and labelled and not opened:
            goes_on = _list_goes_on(ended, after[0])
        if goes_on:
            start = line.start() + len(ended)
            begin = after.start() + len(after[0]) - len(after[0].lstrip())
            if _LETTER.match(ended[-1]) and _LETTER.match(after[0].lstrip()[0]):
                begin -= 1
            yield Repair("wrap", start, max(start, begin))
        else:
            opened, labelled = 0, False


_VERB_HEAD = re.compile("按|依|分别|共同|联合|牵头|负责|配合|参与|协助|协同|落实|等|及|和|与")
_PIECE = re.compile(r"[^、,;:。 ]*")


def _list_goes_on(ended: str, after: str) -> bool:
    """Whether a label's list goes on in the next line: not where it ends with a whole unit and
    the next line's words make no unit with it."""
    last = re.split(r"[、,;: ]", ended)[-1]
    first = _PIECE.match(after.lstrip())
    if not last or not first or not first[0] or not is_unit(last) or _VERB_HEAD.match(first[0]):
        return True
    return len(first[0]) <= _TORN and is_unit(last + first[0])


# What a torn name leaves for the next line is no longer than this.
_TORN = 10
_HEADS = frozenset(mapping("columns", "kind")) | frozenset(mapping("labels", "role"))


def _usual(widths: list[float]) -> float:
    """The width that most lines reach and do not pass: that of the page."""
    counts = Counter(round(width) for width in widths if width >= _NARROWEST)
    if not counts:
        return 0.0
    return float(max(counts, key=lambda width: (counts[width] + counts[width - 1], width)))


def _may_wrap(lines: list[str]) -> bool:
    """Whether several of the longer lines break off in mid-sentence: a test without widths."""
    lengths = sorted(map(len, lines))
    if lengths[-1] > 2 * _WIDEST or len(lines) < _FEWEST_LINES:
        return False
    near = lengths[-2] * 0.6
    long = [line.rstrip()[-1:] for line in lines if len(line) >= near]
    broken = sum(end not in _STOPS for end in long)
    return broken > 1 and 6 * broken >= len(long)


def _table_line(lines: list[re.Match[str]]) -> int:
    """The line from which on lines are cells: a head of three columns, a line each."""
    run = 0
    for index, line in enumerate(lines):
        words = line[0]
        known = len(words) < _HEAD_LENGTH and without_blanks(words.strip(" |")) in _HEADS
        run = run + 1 if known else 0
        if run == _HEAD_COLUMNS:
            return index - run + 1
    return len(lines)


_HEAD_COLUMNS, _HEAD_LENGTH = 3, 24


def _opens(line: str) -> bool:
    """Whether a line begins something of its own: a number, a label, the page's furniture."""
    return bool(_NUMBER_HEAD.match(line) or _LABEL_HEAD.match(line) or _FURNITURE_HEAD.match(line))


def _goes_on(ended: str, after: str, full: bool, opened: bool) -> bool:  # noqa: FBT001
    """Whether a sentence goes on in the next line."""
    if _LABEL_HEAD.match(after) or _FURNITURE_HEAD.match(after):
        return False
    if after.lstrip()[0] in "、,。;:)":
        return True
    number = _NUMBER_HEAD.match(after) is not None
    if ended[-1] in "、," or opened:
        return not number or opened
    # A sentence that ends with its line may end its paragraph.
    return full and not number and ended[-1] not in _SENTENCE_END
