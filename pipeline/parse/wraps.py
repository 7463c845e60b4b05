"""Find line breaks in mid-sentence: those of a page with lines that were broken at a width."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.lexicon import alternation, mapping, words
from pipeline.names.units import is_unit
from pipeline.parse.fragments import continues_fragment
from pipeline.text import without_blanks

# A syllable in brackets: 盐(yán), 的(de); it adds nothing to a line's printed width.
PINYIN = re.compile(r"\( ?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6} ?\)")
# A page of wrapped lines has at least this many lines.
FEWEST_LINES = 6
# At least this many of its lines, and this share, are as long as a line gets.
_FEWEST_FULL, _FULL_SHARE = 4, 0.12
# Widths in Chinese characters: of the widest and narrowest page; a full line may be narrower by
# the slack.
_WIDEST, _NARROWEST, _SLACK = 64, 14, 3.0
# At least this share of the full lines break in mid-sentence, and at most this share of these are
# followed by a number alone, as a table's cell is.
_BROKEN_SHARE, _CELL_SHARE = 0.6, 0.25
# One line in so many is taken for a wide one; the page's width is at least so much of its width.
_WIDE_SHARE, _NEARLY_WIDE = 20, 0.75
# A line this close to the longest may be a full one; at least one in so many of them breaks.
_NEARLY_LONGEST, _ONE_BROKEN_IN = 0.6, 6
# Three column heads, a line each and no longer than this, begin a table with a cell a line.
_HEAD_COLUMNS, _HEAD_LENGTH, _LONGEST_HEAD = 3, 24, 80
_HEADS = frozenset(mapping("columns", "kind")) | frozenset(mapping("labels", "role"))
_FIRST_OF_HEADS = frozenset(word[0] for word in _HEADS) | {"|"}

# A page whose text has so many short lines that end at a comma was cut at quotation marks and brackets too.
_FEWEST_FRAGMENTS = 4
# A paragraph with a number begins so many characters to the right.
_INDENT = 2.0
# So much of the text before a break is looked at.
_RUN = 200
# 各有关部门⏎(单位): the bracket belongs to the name before it.
_LEVEL_REMARK = re.compile(
    r"[ \t]*\((?:单位|部门|处室|科室|[市县区州旗镇乡](?:、[市县区州旗镇乡])*)\)[ \t]*"
)
# A bracket over several lines, perhaps with one inside.
_ASSIGNING_BRACKET = re.compile(
    r"[(\[](?=[^()\[\]]{0,200}[\n(\[])(?:[^()\[\]]|[(\[][^()\[\]]{0,60}[)\]]){4,400}[)\]]"
)
_OWNER_VERB = re.compile(r"负责|牵头|配合|落实|(?:单位|部门|处室|科室|领导) ?:")
_COMPLETE = re.compile(r"(?:负责|牵头|配合|落实|实施|完成|底前|月前|日前|持续推进|长期坚持)$")
_BREAK = re.compile(r"[ \t]*\n[ \t]*(?=[^\s])")
_CELLS = re.compile(r"[\t|]")
# Between two cells that have no mark; behind a number (三、  加快) it is none.
_GAP = re.compile(r"(?<=[^\s、.)章条]) {2,}(?=\S)")
_STOPS = "。;!?:…)]"
_SENTENCE_ENDS = "。!?;:"
_LABEL_HEAD = re.compile(rf" *(?:{alternation(mapping('labels', 'role'))}) ?:")
# 三、 (二) 12. 3) ① 第一章 5合理安排…; not 1.5, nor 5个, 30万亩, 2020年 or 三十万、四十万
_NUMBER_HEAD = re.compile(
    r"""
    [ \t]*(?:
      [一二三四五六七八九十百千万廿卅卌零〇]{1,9}(?<!万)[、.]
      | \([一二三四五六七八九十百千万廿卅卌零〇\d]{1,9}\)
      | \d{1,4}(?:[、.][ ]?(?!\d)|\)) | \d{5}\.(?!\d)
      | \d{1,3}[、.][ ]?(?=20\d\d[ ]?年|\d{1,2}[ ]?月)
      | [①-⑳㉑-㉟㊱-㊿]
      | 第[一二三四五六七八九十百千零\d]{1,7}[章部条项件]
      | \d{1,2}(?=[\u4e00-\u9fff“《])
        (?![个条件项年月日万亿元名家户人次届期批类级号座所处台辆公里亩吨米倍度岁起余多大周天小分秒城])
    )
    """,
    re.VERBOSE,
)
_FURNITURE_HEAD = re.compile(rf" *(?:{alternation(words('boilerplate', 'furniture'))}|附件)")
# What such a line begins with: most lines do not, and need no pattern of these.
_FIRST = frozenset("一二三四五六七八九十百千廿卅卌零(0123456789第附①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳").union(
    (word[0] for word in (*mapping("labels", "role"), *words("boilerplate", "furniture"))),
    "㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿",
)
# What else a line needs that shows anything: brackets, cells, and the end of a document number or a date.
_MARKED = re.compile(r"[ \t|()\[\]]")
_APART_ENDS = "号日"
# Of a row without marks: 12 推进….
_ROW_NUMBER = re.compile(r"[ \t]*\(?(\d{1,4})\)? +(?=[\u4e00-\u9fff“《])")
# A line that is a notice's number, a date or a note on publication: 沪府办发[2023]9号, 2023年6月9日, (此件公开发布)
_APART = re.compile(
    r"[ \t]*(?:[^\s,。()]{1,14}\[\d{4}\] ?\d+ ?号|(?:20\d\d|二〇..) ?年 ?[^\s,。]{1,3} ?月 ?[^\s,。]{1,3} ?日|\(此件[^()]*\))[ \t]*"
)
# Words that continue a label's list without being a name: 按职责分工负责, 等单位.
_VERB_HEAD = re.compile("按|依|分别|共同|联合|牵头|负责|配合|参与|协助|协同|落实|等|及|和|与")
_PIECE = re.compile(r"[^、,;:。 ]*")
_SEPARATOR = re.compile(r"[、,;: ]")
# The end of a name that is broken over two lines is no longer than this.
_BROKEN_NAME = 10


class _Signs(NamedTuple):
    """What a line shows: what it begins with, whether it has cells or stands apart, its brackets."""

    label: bool
    number: bool
    furniture: bool
    cells: bool
    apart: bool
    levels: bool
    # How many more brackets it opens than it closes.
    opened: int

    @property
    def opens(self) -> bool:
        """Whether the line begins something of its own: a number, a label, the page's furniture."""
        return self.label or self.number or self.furniture


# What most lines show.
_PLAIN = _Signs(
    label=False, number=False, furniture=False, cells=False, apart=False, levels=False, opened=0
)


class _Line(NamedTuple):
    """A line with words, where it begins and where its words do; `ended` is without blanks behind."""

    start: int
    words: str
    body: int
    ended: str


class _Page(NamedTuple):
    """The lines of a page up to its table of cells, their widths, and the width of a full line."""

    lines: list[_Line]
    widths: list[float]
    full: float
    fragmented: bool


def find_wraps(text: str, folded: str, marks: set[int]) -> Iterator[tuple[int, int]]:
    """The spans of line breaks in mid-sentence with the blanks around them.

    `marks` are where lines with nothing but a page's number begin. Between two Latin words the
    break itself stays, as a blank.
    """
    page = _measure(text, folded, marks)
    if page is None or not _is_wrapped(page):
        yield from find_bracket_breaks(folded)
        return
    opened, labelled, run, joined, reach = 0, False, "", False, 0.0
    signs = list(_look_at_all(page.lines))
    pairs = zip(page.lines, signs, page.widths, page.lines[1:], signs[1:], strict=False)
    for line, sign, width, after, ahead in pairs:
        ended = line.ended
        opened = max(0, opened + sign.opened)
        if sign.cells or ahead.cells:
            continue
        labelled = labelled or sign.label
        if page.fragmented:
            beside = joined or run[-1:] in "。;" or _NUMBER_HEAD.fullmatch(run) is not None
            reach = _find_reach(page, sign, width, before=reach if beside else 0.0)
            run = (run + ended)[-_RUN:] if joined else ended
        else:
            reach = width
        if ahead.apart or sign.apart:
            opened, labelled, joined = 0, False, False
            continue
        continued = _continues(ended, after, ahead, full=reach >= page.full, opened=opened > 0)
        if page.fragmented and not continued and not labelled:
            in_sentence = joined or "。" in run or not _NUMBER_HEAD.match(run)
            continued = not ahead.opens and continues_fragment(
                run, after.words, in_sentence=in_sentence
            )
        continued = continued or (page.fragmented and ahead.levels)
        if continued and labelled and not opened and not ahead.levels:
            continued = _continues_list(ended, after.words)
        joined = continued
        if continued:
            yield _find_break(line, after)
        else:
            opened, labelled = 0, False


def _look_at_all(lines: list[_Line]) -> Iterator[_Signs]:
    """What each line shows; below the head of a table without marks the next row's number is one."""
    below, row = False, 1
    for line in lines:
        if _is_plain(line):
            yield _PLAIN
            continue
        signs = _look_at(line)
        if _is_head(line.words):
            below, row = True, 1
            signs = signs._replace(cells=True)
        elif below and (number := _ROW_NUMBER.match(line.words)) and int(number[1]) == row:
            row += 1
            signs = signs._replace(number=True)
        yield signs


def _is_head(line: str) -> bool:
    """Whether a line is a head of known columns with blanks between: 序号 重点任务 责任单位."""
    words = line.split() if len(line) <= _LONGEST_HEAD and " " in line else []
    return len(words) >= _HEAD_COLUMNS and _HEADS.issuperset(words)


def _is_plain(line: _Line) -> bool:
    """Whether a line's characters rule out that it shows anything, as those of most lines do."""
    _, words, body, ended = line
    if words[body] in _FIRST or ended[-1] in _APART_ENDS or _MARKED.search(words, body):
        return False
    return not body or "\t" not in words


def _opens(line: _Line) -> bool:
    """Whether a line begins something of its own: a number, a label, the page's furniture."""
    words = line.words
    return words[line.body] in _FIRST and bool(
        _LABEL_HEAD.match(words) or _NUMBER_HEAD.match(words) or _FURNITURE_HEAD.match(words)
    )


def _look_at(printed: _Line) -> _Signs:
    """What a line shows by itself; patterns are tried only where its characters allow them."""
    line = printed.words
    begun, ended = line[printed.body], printed.ended[-1]
    is_bracket, may_open = begun == "(", begun in _FIRST
    return _Signs(
        may_open and _LABEL_HEAD.match(line) is not None,
        may_open and _NUMBER_HEAD.match(line) is not None,
        may_open and _FURNITURE_HEAD.match(line) is not None,
        _has_cells(line),
        (is_bracket or ended in _APART_ENDS) and _APART.fullmatch(line) is not None,
        is_bracket and _LEVEL_REMARK.fullmatch(line) is not None,
        line.count("(") + line.count("[") - line.count(")") - line.count("]"),
    )


def _has_cells(line: str) -> bool:
    """Whether a line is a table's row: with tabs, bars, or two gaps of several blanks."""
    return "\t" in line or "|" in line or ("  " in line and len(_GAP.findall(line)) > 1)


def find_bracket_breaks(folded: str) -> Iterator[tuple[int, int]]:
    """Line breaks inside a short bracket that assigns, in a text that is not wrapped at a width.

    Lines that begin with a label, a number or furniture, and cells, stay lines.
    """
    for bracket in _ASSIGNING_BRACKET.finditer(folded):
        if _CELLS.search(bracket[0]) or not _OWNER_VERB.search(bracket[0]):
            continue
        for found in _BREAK.finditer(bracket[0]):
            line = bracket[0][found.end() :]
            if not _opens(_Line(found.end(), line, 0, line)):
                yield bracket.start() + found.start(), bracket.start() + found.end()


def _find_reach(page: _Page, sign: _Signs, width: float, *, before: float) -> float:
    """How far to the right a line ends, if the piece of a printed line before it ends at `before`.

    A piece that would not fit there begins a printed line, and so does a number.
    """
    if sign.opens:
        return _INDENT + width
    fits = before < page.full and before + width <= page.full + 2 * _SLACK
    return before + width if fits else width


def _find_break(line: _Line, after: _Line) -> tuple[int, int]:
    start, end = line.start + len(line.ended), after.start + after.body
    last, first = line.ended[-1], after.words[after.body]
    if last.isascii() and first.isascii() and last.isalpha() and first.isalpha():
        end -= 1
    return start, end


def _measure(text: str, folded: str, marks: set[int]) -> _Page | None:
    """The lines of a page and their widths, or None if the page is no wrapped one by these."""
    printed = folded.split("\n")
    if not _may_wrap(printed):
        return None
    lines = _keep_lines(printed, marks)
    lines = lines[: _find_table_line(lines)]
    if len(lines) < FEWEST_LINES:
        return None
    # A table's row is as wide as its cells, not as the page.
    widths = [
        0.0 if _has_cells(words) else _width(text[start : start + len(words)].rstrip())
        for start, words, _, _ in lines
    ]
    # Where most lines are pieces, the few whole ones tell the width of the page.
    wide = sorted(widths)[-max(1, len(widths) // _WIDE_SHARE)]
    usual = _find_usual([width for width in widths if width >= wide * _NEARLY_WIDE])
    if not _NARROWEST <= usual <= _WIDEST:
        return None
    full = usual - _SLACK
    fragments = sum(
        0 < width < full and line.ended[-1] in ",、"
        for line, width in zip(lines, widths, strict=True)
    )
    return _Page(lines, widths, full, fragments >= _FEWEST_FRAGMENTS)


def _may_wrap(lines: list[str]) -> bool:
    """Whether several of the longer lines break off in mid-sentence: a quick test by length."""
    lengths = sorted(map(len, lines))
    if lengths[-1] > 2 * _WIDEST or len(lines) < FEWEST_LINES:
        return False
    near = lengths[-2] * _NEARLY_LONGEST
    ends = [line.rstrip()[-1:] for line in lines if len(line) >= near]
    broken = sum(end not in _STOPS for end in ends)
    return broken > 1 and _ONE_BROKEN_IN * broken >= len(ends)


def _keep_lines(printed: list[str], marks: set[int]) -> list[_Line]:
    """The lines with words, without those at `marks`."""
    lines: list[_Line] = []
    at = 0
    for line in printed:
        ended = line.rstrip()
        if ended and at not in marks:
            body = len(line) - len(line.lstrip()) if ended[0].isspace() else 0
            lines.append(_Line(at, line, body, ended))
        at += len(line) + 1
    return lines


def _find_table_line(lines: list[_Line]) -> int:
    """The index of the line from which on lines are cells, or the number of lines."""
    run = 0
    for index, (_, line, body, _) in enumerate(lines):
        may_head = len(line) < _HEAD_LENGTH and line[body] in _FIRST_OF_HEADS
        if not may_head or without_blanks(line.strip(" |")) not in _HEADS:
            run = 0
            continue
        run += 1
        if run == _HEAD_COLUMNS:
            return index - run + 1
    return len(lines)


def _width(line: str) -> float:
    """A line's printed width in Chinese characters without inserted pinyin.

    A character of two bytes in GBK is one wide, others half.
    """
    if "(" in line:
        line = PINYIN.sub("", line)
    return len(line.encode("gbk", "replace")) / 2


def _find_usual(widths: list[float]) -> float:
    """The width that most lines reach and do not pass: that of the page."""
    counts = Counter(round(width) for width in widths if width >= _NARROWEST)
    if not counts:
        return 0.0
    return float(max(counts, key=lambda width: (counts[width] + counts[width - 1], width)))


def _is_wrapped(page: _Page) -> bool:
    """Whether enough lines are full, and most of these break in mid-sentence."""
    lines = page.lines
    full = [i for i, width in enumerate(page.widths[:-1]) if width >= page.full]
    broken = [i for i in full if lines[i].ended[-1] not in _STOPS and not _opens(lines[i + 1])]
    share = _FULL_SHARE / 2 if page.fragmented else _FULL_SHARE
    if len(full) < max(_FEWEST_FULL, share * len(lines)):
        return False
    cells = sum(lines[i + 1].words.strip().isdecimal() for i in broken)
    return len(broken) >= _BROKEN_SHARE * len(full) and cells <= _CELL_SHARE * len(broken)


def _continues(ended: str, after: _Line, ahead: _Signs, *, full: bool, opened: bool) -> bool:
    """Whether a sentence continues in the next line; `opened` if a bracket is open at the break."""
    if ahead.label or ahead.furniture:
        return False
    if after.words[after.body] in "、,。;:)":
        return True
    if ahead.number and opened:
        # A bracket that says all it has to and never closes ends with its line.
        return not _COMPLETE.search(ended)
    if ended[-1] in "、," or opened:
        return not ahead.number
    # A sentence that ends with its line may end its paragraph.
    return full and not ahead.number and ended[-1] not in _SENTENCE_ENDS


def _continues_list(ended: str, after: str) -> bool:
    """Whether a label's list continues in the next line.

    It does not where its line ends with a whole unit and the next line's words make no unit with
    that: 责任单位:区财政局⏎推进改革.
    """
    last = _SEPARATOR.split(ended)[-1]
    first = _PIECE.match(after.lstrip())
    if not last or not first or not first[0] or not is_unit(last) or _VERB_HEAD.match(first[0]):
        return True
    return len(first[0]) <= _BROKEN_NAME and is_unit(last + first[0])
