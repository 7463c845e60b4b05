"""Two wordings of one demand: what is a trifle, which words and which figures changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.compare.words import split_words
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Fate = Literal["kept", "removed", "added"]

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_MARKS = re.compile(r"[\W_]+")
# Words that a sentence may have or lack without demanding anything else.
_PARTICLES = re.compile(r"[的了地得之]|进一步|继续|年度")
_CLAUSE = re.compile(r"[^,，;；。:：!！?？\n]*[,，;；。:：!！?？\n]|[^,，;；。:：!！?？\n]+")
_FIGURE = re.compile(
    r"(\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*"
    r"([%‰]|个百分点|[万亿千百]*(?:平方公里|平方米|立方米|公里|人次|户次|[\u4e00-\u9fff])?)"
)
_DATES = ("年", "号", "月", "日")
_BEFORE = 6


class Stretch(NamedTuple):
    """Neighbouring words of one fate."""

    fate: Fate
    text: str


class Figure(NamedTuple):
    """A number that changed, with its unit, and the words before it."""

    about: str
    before: str
    after: str


def is_trifling(before: str, after: str, years: tuple[int | None, int | None]) -> bool:
    """Whether two texts say the same but for marks, particles and the plan's own year.

    "到2015年底,建成5个。" "到2016年底建成5个" in 2015 and 2016 -> True; 6个 -> False
    """
    one, other = fold(before), fold(after)
    if one == other:
        return True
    dates = [_YEAR.findall(text) for text in (one, other)]
    if len(dates[0]) != len(dates[1]) or _bare(one) != _bare(other):
        return False
    return all(_is_same_year(int(a), int(b), years) for a, b in zip(*dates, strict=True))


def _bare(folded: str) -> str:
    text = _YEAR.sub("", folded).lower()
    # A point inside a number is no mark: 5.5 and 55 are two figures.
    text = re.sub(r"(?<=\d)\.(?=\d)", "點", text)
    return _MARKS.sub("", _PARTICLES.sub("", text).replace("%", "百分"))


def _is_same_year(a: int, b: int, years: tuple[int | None, int | None]) -> bool:
    if a == b:
        return True
    return years[0] is not None and years[1] is not None and a - years[0] == b - years[1]


def compare_words(before: str, after: str) -> list[Stretch]:
    """Both texts as stretches of words kept, removed and added, in reading order.

    The kept and removed ones joined are `before`, the kept and added ones `after`.
    """
    found: list[Stretch] = []
    for ours, theirs in _changed(_CLAUSE.findall(before), _CLAUSE.findall(after)):
        if ours == theirs:
            found.append(Stretch("kept", "".join(ours)))
        elif not ours or not theirs:
            found += _both("".join(ours), "".join(theirs))
        else:
            words = [split_words("".join(side)) for side in (ours, theirs)]
            for old, new in _changed(*words):
                if old == new:
                    found.append(Stretch("kept", "".join(old)))
                else:
                    found += _both("".join(old), "".join(new))
    return list(_without_islands(_blocks(found)))


def _both(removed: str, added: str) -> Iterator[Stretch]:
    if removed:
        yield Stretch("removed", removed)
    if added:
        yield Stretch("added", added)


def _changed(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The two sequences in step: parts that are equal, and parts that are not."""
    from rapidfuzz.distance import Indel  # noqa: PLC0415

    p = q = 0
    for one in Indel.opcodes(before, after):
        if one.tag != "equal":
            continue
        i, k, j, m = one.src_start, one.src_end, one.dest_start, one.dest_end
        if i > p or j > q:
            yield before[p:i], after[q:j]
        yield before[i:k], after[j:m]
        p, q = k, m
    if p < len(before) or q < len(after):
        yield before[p:], after[q:]


def _blocks(found: Iterable[Stretch]) -> list[tuple[str, str, str]]:
    """What was kept, then what went and what came after it; neighbours of one fate are one."""
    blocks: list[tuple[str, str, str]] = [("", "", "")]
    for fate, text in found:
        kept, removed, added = blocks[-1]
        if fate == "removed":
            blocks[-1] = (kept, removed + text, added)
        elif fate == "added":
            blocks[-1] = (kept, removed, added + text)
        elif removed or added:
            blocks.append((text, "", ""))
        else:
            blocks[-1] = (kept + text, "", "")
    return blocks


def _without_islands(blocks: Sequence[tuple[str, str, str]]) -> Iterator[Stretch]:
    """The blocks as stretches; a few kept letters in a sea of changes are no help to a reader.

    They count as changed themselves: a mark or a single character always, a word between changes
    that are much longer than itself.
    """
    removed = added = ""
    for kept, gone, come in blocks:
        around = min(max(len(removed), len(added)), max(len(gone), len(come)))
        size = len(_MARKS.sub("", kept))
        if (removed or added) and around and (size < 2 or (size < 4 and around > 3 * size)):
            removed, added = removed + kept + gone, added + kept + come
            continue
        yield from _both(removed, added)
        if kept:
            yield Stretch("kept", kept)
        removed, added = gone, come
    yield from _both(removed, added)


def find_figures(before: str, after: str) -> list[Figure]:
    """Numbers that changed while what they count stayed: 增长8% -> 增长10%.

    A number is told by its unit and the words before it; years and numbers of documents are none.
    """
    ours, theirs = list(_figures(before)), list(_figures(after))
    found = []
    for about, value, unit in ours:
        if any(one == (about, value, unit) for one in theirs):
            continue
        same = [one for one in theirs if one[2] == unit and one not in ours]
        best = max(same, key=lambda one: _likeness(about, one[0]), default=None)
        if best and _likeness(about, best[0]) >= 2:
            theirs.remove(best)
            found.append(Figure(best[0], value + unit, best[1] + unit))
    return found


def _figures(text: str) -> Iterator[tuple[str, str, str]]:
    """Each number with up to six characters before it in its clause, and its unit."""
    folded = _YEAR.sub(lambda year: " " * len(year[0]), fold(text))
    for match in _FIGURE.finditer(folded):
        behind = folded[max(0, match.start() - _BEFORE) : match.start()]
        about = re.split(r"[^\u4e00-\u9fff]", behind)[-1]
        if match[2] not in _DATES and (match[2] or about):
            yield about, match[1], match[2]


def _likeness(a: str, b: str) -> int:
    """How many characters the two have in common at their ends."""
    n = 0
    while n < min(len(a), len(b)) and a[-1 - n] == b[-1 - n]:
        n += 1
    # 约 and 不少于 stand between a figure and what it is about; letters elsewhere count half.
    return max(n, len(set(a) & set(b)) // 2)
