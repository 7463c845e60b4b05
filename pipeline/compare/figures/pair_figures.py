"""Which figure of one wording is which of another, and which of them changed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.figures.read_figures import read_figures
from pipeline.compare.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.compare.figures.read_figures import Figure

# The figures of one unit on the other side that a figure is held against: those nearest in place.
_NEAREST = 40
# How much it counts for a pair that its numbers are equal, and that the text around is alike.
_EQUAL = 0.3
_AROUND = 0.5
# How much it counts against a pair that one stands further behind in a list of figures.
_PLACE = 0.01
# A pair with equal numbers is one figure if so much is alike in all; it is not told to anybody.
_LEAST_EQUAL = 0.15
# A pair with different numbers is a change if its own words, the number of pairs of characters that they
# have in common, and the text around are at least these: few or general words (办理时限) need a text
# around that is alike.
_LEAST_CHANGED = ((0.75, 5, 0.2), (0.5, 4, 0.3), (0.7, 1, 0.4))
# Things of different levels are different things: 市级示范店3家 is not 省级示范店5家.
_LEVEL = re.compile(r"(?:国家|[省市区县乡镇村校院部厅])级")
# Units of things that stand behind the number (3座公园), while a share or a sum stands behind its
# name (增长8%).
_MEASURES = frozenset(
    {"%", "个百分点", "元", "美元", "天", "小时", "个工作日", "个月", "年", "分钟"}
)
_LONGEST_ABOUT = 14
# The name of a share or a sum that is shorter needs the words behind the number too.
_SHORTEST_NAME = 4
# Counters of things that one author calls 3座公园 and another 3个公园. The words must be more alike
# than those of figures of one unit.
_COUNTERS = frozenset({"个", "家", "座", "处", "所", "项"})
_LEAST_OTHER_COUNTER = 0.7


class ChangedFigure(NamedTuple):
    """A number that changed, with its unit, and the words that say what it counts."""

    about: str
    before: str
    after: str


class _Pair(NamedTuple):
    """Two figures by their places in the lists, and how alike they are."""

    rank: float
    own: float
    common: int
    around: float
    old: int
    new: int


class _Grams(NamedTuple):
    """The pairs of neighbouring characters of a figure's own words and of the text around it."""

    own: frozenset[str]
    around: frozenset[str]


def find_figures(before: str, after: str) -> list[ChangedFigure]:
    """Numbers that changed while the thing that they count stayed: 增长8% -> 增长10%.

    Two figures are of one thing if they have one unit and like words on either side. Spellings of
    one value (1.2亿元 and 12000万元, 5% and 百分之五) are no change. In the order of `before`; time
    is n log n in the number of figures.
    """
    ours, theirs = _without_common(read_figures(before), read_figures(after))
    grams = [_split_grams(one) for one in ours], [_split_grams(one) for one in theirs]
    pairs = [
        _compare(old, new, (ours, theirs), grams) for old, new in _find_candidates(ours, theirs)
    ]
    taken: tuple[set[int], set[int]] = set(), set()
    changed = {}
    for pair in sorted(pairs, reverse=True):
        if pair.old in taken[0] or pair.new in taken[1]:
            continue
        old, new = ours[pair.old], theirs[pair.new]
        if not _is_one_figure(pair, old, new):
            continue
        taken[0].add(pair.old)
        taken[1].add(pair.new)
        if not _is_equal(old, new):
            changed[pair.old] = _describe_change(old, new)
    return list(dict.fromkeys(changed[n] for n in sorted(changed)))


def _without_common(
    ours: Sequence[Figure], theirs: Sequence[Figure]
) -> tuple[list[Figure], list[Figure]]:
    """Both lists without the figures that stand in both with the same words."""
    common = Counter(map(_identify, ours)) & Counter(map(_identify, theirs))
    return list(_leave_out(ours, common)), list(_leave_out(theirs, common))


def _identify(figure: Figure) -> tuple[object, ...]:
    return (figure.unit, figure.values, figure.bound, figure.before, figure.behind)


def _leave_out(figures: Iterable[Figure], common: Counter[tuple[object, ...]]) -> Iterator[Figure]:
    left = common.copy()
    for one in figures:
        key = _identify(one)
        if left[key] > 0:
            left[key] -= 1
        else:
            yield one


def _find_candidates(ours: Sequence[Figure], theirs: Sequence[Figure]) -> Iterator[tuple[int, int]]:
    """Pairs of figures of one unit or counter, each with those nearest to it in place."""
    olds, news = _group_by_unit(ours), _group_by_unit(theirs)
    for unit in olds.keys() & news.keys():
        old, new = olds[unit], news[unit]
        for n, place in enumerate(old):
            middle = n * len(new) // len(old)
            start = max(0, min(middle - _NEAREST // 2, len(new) - _NEAREST))
            yield from ((place, other) for other in new[start : start + _NEAREST])


def _group_by_unit(figures: Sequence[Figure]) -> dict[str, list[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(figures):
        places["个" if one.unit in _COUNTERS else one.unit].append(n)
    return dict(places)


def _split_grams(figure: Figure) -> _Grams:
    own = _list_grams(figure.before) | _list_grams(figure.behind)
    return _Grams(own, _list_grams(figure.around))


def _list_grams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, or the only character."""
    if len(text) == 1:
        return frozenset((text,))
    return frozenset(text[n : n + 2] for n in range(len(text) - 1))


def _compare(
    old: int,
    new: int,
    figures: tuple[Sequence[Figure], Sequence[Figure]],
    grams: tuple[Sequence[_Grams], Sequence[_Grams]],
) -> _Pair:
    one, other = grams[0][old], grams[1][new]
    own, around = _share(one.own, other.own), _share(one.around, other.around)
    ours, theirs = figures[0][old], figures[1][new]
    bonus = _EQUAL if _is_equal(ours, theirs) else 0
    bonus -= _PLACE * abs(ours.place - theirs.place)
    return _Pair(own + _AROUND * around + bonus, own, len(one.own & other.own), around, old, new)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of grams that two sets have in common, 0 to 1."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _is_equal(old: Figure, new: Figure) -> bool:
    """Whether two figures say the same: equal numbers, neither the least of the other's most."""
    return old.values == new.values and {old.bound, new.bound} != {"least", "most"}


def _is_one_figure(pair: _Pair, old: Figure, new: Figure) -> bool:
    """Whether the words of two figures are so alike that both count one thing."""
    if _is_equal(old, new):
        return pair.own + pair.around >= _LEAST_EQUAL
    if old.unit != new.unit and pair.own < _LEAST_OTHER_COUNTER:
        return False
    levels = [set(_LEVEL.findall(one.before + one.behind)) for one in (old, new)]
    if all(levels) and not levels[0] & levels[1]:
        return False
    return any(
        pair.own >= own and pair.common >= common and pair.around >= around
        for own, common, around in _LEAST_CHANGED
    )


def _describe_change(old: Figure, new: Figure) -> ChangedFigure:
    """The change in the words of the later text; the bound is shown where only it changed."""
    texts = old.text, new.text
    if old.values == new.values:
        texts = _show_bound(old), _show_bound(new)
    return ChangedFigure(_find_subject(new) or _find_subject(old), *texts)


def _show_bound(figure: Figure) -> str:
    return {"least": "不低于", "most": "不高于"}.get(figure.bound, "") + figure.text


def _find_subject(figure: Figure) -> str:
    """The words that say what a figure counts: 公园 of 新建3座公园, 增长 of 增长8%."""
    before = "".join(_take_words(split_words(figure.before)[::-1])[::-1])
    behind = "".join(_take_words(split_words(figure.behind)))
    if figure.unit not in _MEASURES and "/" not in figure.unit:
        return behind or before
    return before + behind if len(before) < _SHORTEST_NAME else before


def _take_words(words: Sequence[str]) -> list[str]:
    """The first words up to the greatest length, one at least."""
    ends = list(accumulate(map(len, words)))
    return [
        word
        for word, end in zip(words, ends, strict=True)
        if end <= _LONGEST_ABOUT or end == ends[0]
    ]
