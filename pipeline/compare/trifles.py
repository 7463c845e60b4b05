"""Differences of two texts that change nothing in what is demanded: marks, particles, the year."""

from __future__ import annotations

import re

from pipeline.text import fold, simplify

PlanYears = tuple[int | None, int | None]

# A year in figures: 2016 in 2016年 and 到2016; not the digits of 12016 or 20165.
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_MARKS = re.compile(r"[\W_]+")
# Words that a sentence may have or lack without a change of the demand.
_PARTICLES = re.compile(r"[的了地得之]|进一步|继续|年度")
# Marks of numbers say something: 5.5 is not 55, 1-3 not 13, 1、3 not 13, -5 not 5. The comma of 1,200 does
# not, and a range is the same whatever mark it has: 3—5, 3-5, 3至5.
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_RANGE = re.compile(r"(?<=[\d%])[-—–~～]+(?=\d)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_MINUS = re.compile(r"(?<![\dA-Za-z%])[-−](?=\d)")


def is_trifling(before: str, after: str, years: PlanYears) -> bool:
    """Whether two texts differ in nothing but marks, particles and the plan's own year.

    `years` are the years of the two plans. Traditional characters are those that they simplify to. "到2015年底,建成5个。" and "到2016年底建成5个" in plans of
    2015 and 2016 -> True; with 6个 -> False
    """
    one, other = simplify(fold(before)), simplify(fold(after))
    if one == other:
        return True
    named = [_YEAR.findall(text) for text in (one, other)]
    if len(named[0]) != len(named[1]) or _essence(one) != _essence(other):
        return False
    return all(_is_same_year(int(a), int(b), years) for a, b in zip(*named, strict=True))


def _essence(folded: str) -> str:
    """A text without years, marks and particles; the marks of numbers stay, as words."""
    text = _RANGE.sub("至", _THOUSANDS.sub("", _MINUS.sub("負", folded)))
    text = _BETWEEN_DIGITS.sub("點", _YEAR.sub("", text)).lower()
    return _MARKS.sub("", _PARTICLES.sub("", text).replace("%", "百分"))


def _is_same_year(a: int, b: int, years: PlanYears) -> bool:
    """Whether two years are equal, or equally far from the year of their plan."""
    if a == b:
        return True
    return years[0] is not None and years[1] is not None and a - years[0] == b - years[1]
