"""Join the lines of a drawn document to paragraphs.

A line goes on in the next where the next word did not fit on it, as far as indents, labels (一、) and
open brackets agree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from pipeline.read.drawn.grids import Grid
from pipeline.read.drawn.lines import DrawnLine, is_full, wrap_joint
from pipeline.text import CIRCLED

# Matches: 一、 （二） 12. 第三条 ① 牵头单位： 附件1. Does not match: 1.5% 二是.
_LABEL = re.compile(
    r"[一二三四五六七八九十百]+[、.．]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|\d{1,3}[、.．](?!\d)"
    rf"|第[一二三四五六七八九十百0-9]+[条章节项]|[{CIRCLED}]|[\u4e00-\u9fff]{{2,8}}[:：]|附件\d*[:：]?"
)
# Matches: 一、 （二） 12. ① 附件1: the labels that number items. Does not match: 第三条 牵头单位：
_NUMBER = re.compile(
    r"[一二三四五六七八九十百]+[、.．]|[(（][一二三四五六七八九十0-9]{1,3}[)）]|\d{1,3}[、.．](?!\d)"
    rf"|[{CIRCLED}]"
)
# A number inside a line, after the end of a sentence.
_NUMBER_INSIDE = re.compile(rf"[。；：）)]({_NUMBER.pattern})")
# After these a sentence goes on.
_UNENDED = tuple("、，,—和及与或的第至")
_ENDED = tuple("。；;：:！!？?")
# A line indented by more characters does not belong to a paragraph: a signature, a date.
_FAR_IN = 6
# A title's characters are so much larger than those of the text.
_LARGE = 1.15
_SAME_SIZE = 0.12
# The free widths beside a centred line differ by less, in characters.
_CENTRED = 0.4
# A text is centred if so many of the lines that do not begin at the margin are.
_MOSTLY_CENTRED = 0.8

Block = DrawnLine | Grid
# A piece of a paragraph's text and the number of its page.
Piece = tuple[str, int]


class Typesetting:
    """The margins and the size of a document's text, and whether paragraphs are indented.

    Upright and wide pages of one document have their own margins.
    """

    def __init__(self, lines: Sequence[DrawnLine], widths: dict[int, float]) -> None:
        long = [line for line in lines if len(line.text) > 4]
        self.em = median([line.em for line in long]) if long else 10.0
        self._widths = widths
        kinds: dict[float, list[DrawnLine]] = {}
        for line in long:
            kinds.setdefault(widths[line.page], []).append(line)
        self._frames = {width: self._margins(some, width) for width, some in kinds.items()}
        self._all_centred = self._are_centred(long)
        starts = [
            self.indent(two) for one, two in pairwise(long) if not self.reaches_margin(one, two)
        ]
        indents = starts or [self.indent(line) for line in long]
        deep = sum(one > self.em for one in indents)
        self.indented = deep * 2 >= len(starts) if starts else deep > 0
        self._inside = _kinds_inside(long)
        self._first = median(starts) if starts else 2 * self.em

    def _margins(self, lines: Sequence[DrawnLine], width: float) -> tuple[float, float]:
        left = _usual([line.x0 for line in lines], 0.05)
        furthest = max(line.x1 for line in lines)
        # Stops may hang beyond the margin, words may end before it.
        right = _usual([line.x1 for line in lines if line.x1 > furthest - 2.5 * self.em], 0.8)
        if right - left < 0.75 * (width - 2 * left):
            right = width - left  # no line was long enough to wrap
        return left, right

    def _frame(self, line: DrawnLine) -> tuple[float, float]:
        width = self._widths[line.page]
        return line.frame or self._frames.get(width, (0.0, width))

    def indent(self, line: DrawnLine) -> float:
        """The distance of a line from the left margin."""
        return line.x0 - self._frame(line)[0]

    def _is_centred(self, line: DrawnLine, by: float) -> bool:
        """Whether the free widths on both sides of a line differ by less than so many characters."""
        width, indent = self._frame(line)[1] - line.x1, self.indent(line)
        return abs(width - indent) < by * line.em

    def _are_centred(self, lines: Sequence[DrawnLine]) -> bool:
        """Whether a whole text is centred: most lines begin within the margin, as far as they end."""
        inner = [line for line in lines if self.indent(line) > line.em / 4]
        centred = sum(self._is_centred(line, _CENTRED) for line in inner)
        return len(inner) * 2 > len(lines) and centred > _MOSTLY_CENTRED * len(inner)

    def _is_title(self, line: DrawnLine, after: DrawnLine) -> bool:
        """Whether both lines are in large letters and centred."""
        is_large = line.em > _LARGE * self.em
        return is_large and self._is_centred(line, 1) and self._is_centred(after, 1)

    def reaches_margin(self, line: DrawnLine, after: DrawnLine) -> bool:
        """Whether a line reaches the right margin, or the next word did not fit before it."""
        free = self._frame(line)[1] - line.x1
        if self._all_centred or self._is_title(line, after):
            free += max(0.0, self.indent(line))  # half of the free width is on either side
        return is_full(free, line, after)

    def goes_on(self, line: DrawnLine, after: DrawnLine, *, is_open: bool) -> bool:
        """Whether the next line belongs to the same paragraph; `is_open`: a bracket is not closed."""
        is_same_size = line.is_latin or after.is_latin or abs(line.em / after.em - 1) < _SAME_SIZE
        if not self.reaches_margin(line, after) or not is_same_size:
            return False
        indent = self.indent(after)
        if self._all_centred or self._is_title(line, after):
            return True
        if max(indent, self.indent(line)) > _FAR_IN * line.em:
            return False  # a signature at the right margin
        if self.indented:
            hangs = abs(indent - self._first) > 0.8 * line.em
            return indent < 1.2 * line.em or (hangs and not _LABEL.match(after.text))
        if indent >= 1.2 * line.em:
            return not line.text.endswith(_ENDED) and not _LABEL.match(after.text)
        return is_open or not self._begins(line, after)

    def _begins(self, line: DrawnLine, after: DrawnLine) -> bool:
        """Whether a line that is not indented begins a paragraph by its label.

        Where most numbers of a kind stand inside of lines, one at the left margin is there by chance.
        """
        if _NUMBER.match(after.text) and _kind(after.text) in self._inside:
            return False
        if line.text.endswith(_ENDED):
            return bool(_LABEL.match(after.text))
        return bool(_NUMBER.match(after.text)) and not line.text.endswith(_UNENDED)


def _kinds_inside(lines: Sequence[DrawnLine]) -> set[str]:
    """The kinds of numbers that stand inside of lines more often than at their beginning."""
    begin = Counter(_kind(line.text) for line in lines if _NUMBER.match(line.text))
    inside = Counter(_kind(one) for line in lines for one in _NUMBER_INSIDE.findall(line.text))
    return {kind for kind, count in inside.items() if count > begin[kind]}


def _kind(text: str) -> str:
    """The kind of a number, by how it is written: (1), 1., ① or 一、."""
    if text[0] in "(（":
        return "bracket"
    if text[0].isascii():
        return "digit"
    return "circle" if text[0] in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳" else "word"


def _usual(values: list[float], share: float) -> float:
    """The largest of the smallest values that make up this share of all."""
    values = sorted(values)
    return values[int((len(values) - 1) * share)] if values else 0.0


def join_paragraphs(blocks: Sequence[Block], setting: Typesetting) -> Iterator[Grid | list[Piece]]:
    """Tables as they are, and lines joined to paragraphs: pieces of text with their page."""
    paragraph: list[Piece] = []
    last: DrawnLine | None = None
    for block in blocks:
        if (
            isinstance(block, DrawnLine)
            and last is not None
            and setting.goes_on(last, block, is_open=_is_open(paragraph))
        ):
            paragraph.append((wrap_joint(last, block) + block.text, block.page))
        else:
            if paragraph:
                yield paragraph
            paragraph = [(block.text, block.page)] if isinstance(block, DrawnLine) else []
        last = block if isinstance(block, DrawnLine) else None
        if isinstance(block, Grid):
            yield block
    if paragraph:
        yield paragraph


def _is_open(paragraph: list[Piece]) -> bool:
    """Whether the last bracket or quote in a paragraph's last lines is not closed."""
    text = "".join(piece for piece, _ in paragraph[-6:])
    return any(
        max(map(text.rfind, opening)) > max(map(text.rfind, closing))
        for opening, closing in (("(（[〔【", ")）]〕】"), ("“《", '”》"'))
    )
