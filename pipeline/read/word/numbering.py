"""The numbers that Word shows and no file holds: styles and numbering.xml -> labels.

A paragraph of a list says only which list and level it belongs to; 一、 (一) 1. ① are counted
and drawn by the word processor. Counting is the document's: lists that share an abstract
definition go on counting through each other, a level starts again after any higher one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_SIMPLE = "○一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
# Bullets are drawn from symbol fonts by private code points that no other font has.
_SYMBOLS = {"\uf06c": "●", "\uf06e": "■", "\uf075": "◆", "\uf0d8": "➢", "\uf0fc": "✓"}
_LARGEST = 32767


def _decimal(number: int) -> str:
    return str(number)


def _roman(number: int) -> str:
    """A lower-case Roman numeral: 4 -> "iv"."""
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _letter(number: int) -> str:
    """A letter, doubled after z: 28 -> "bb"."""
    times, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (times + 1)


def _digits(number: int, digits: str) -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _tens(number: int) -> str:
    """Counting with 十 up to 99 and digit by digit above: 21 -> 二十一, 101 -> 一○一."""
    if number > 99:
        return _digits(number, _SIMPLE)
    ten, one = divmod(number, 10)
    return (_SIMPLE[ten] if ten > 1 else "") + ("十" if ten else "") + (_SIMPLE[one] if one else "")


def _places(number: int, digits: str, units: tuple[str, ...]) -> str:
    """A numeral with its places named, a zero for skipped ones: 101 -> 一百○一."""
    text, skipped = "", False
    for place in range(4, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += (digits[0] if skipped and text else "") + digits[digit] + units[place]
        skipped = not digit
    return text


def _thousands(number: int) -> str:
    """Chinese numerals as read aloud: 12 -> 十二, 112 -> 一百一十二."""
    text = _places(number, _SIMPLE, ("", "十", "百", "千", "万"))
    return text[1:] if text.startswith("一十") else text


def _japanese(number: int) -> str:
    """Without the one before a place and without zeros: 111 -> 百十一."""
    text = _places(number, " 一二三四五六七八九", ("", "十", "百", "千", "万"))
    return re.sub("一(?=[十百千])", "", text.replace(" ", ""))


def _ranged(number: int, last: int, code: int) -> str:
    """One of a run of code points, or plain digits beyond it: 3 -> ⑶."""
    return chr(code + number - 1) if 1 <= number <= last else str(number)


def _sign(number: int, signs: str) -> str:
    """One of a row of signs, or plain digits beyond it: 2 -> 乙, 11 -> 11."""
    return signs[number - 1] if number <= len(signs) else str(number)


def _cycle(number: int) -> str:
    """A year of the sixty-year cycle: 1 -> 甲子."""
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12] if number <= 60 else str(number)


def _ordinal(number: int) -> str:
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


_UNITS_LEGAL = ("", "拾", "佰", "仟", "万")
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": _decimal,
    "decimalHalfWidth": _decimal,
    "decimalZero": lambda n: f"{n:02d}",
    "numberInDash": lambda n: f"- {n} -",
    "ordinal": _ordinal,
    "lowerLetter": _letter,
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "decimalFullWidth": lambda n: _digits(n, "０１２３４５６７８９"),
    "decimalFullWidth2": lambda n: _digits(n, "０１２３４５６７８９"),
    "decimalEnclosedCircle": lambda n: _ranged(n, 20, 0x2460),
    "decimalEnclosedCircleChinese": lambda n: _ranged(n, 20, 0x2460),
    "decimalEnclosedFullstop": lambda n: _ranged(n, 20, 0x2488),
    "decimalEnclosedParen": lambda n: _ranged(n, 20, 0x2474),
    "ideographEnclosedCircle": lambda n: _ranged(n, 10, 0x3280),
    "ideographDigital": lambda n: _digits(n, "〇一二三四五六七八九"),
    "japaneseDigitalTenThousand": lambda n: _digits(n, "〇一二三四五六七八九"),
    "taiwaneseDigital": lambda n: _digits(n, _SIMPLE),
    "chineseCounting": _tens,
    "taiwaneseCounting": _tens,
    "chineseCountingThousand": _thousands,
    "taiwaneseCountingThousand": lambda n: _thousands(n).replace("万", "萬"),
    "japaneseCounting": _japanese,
    "chineseLegalSimplified": lambda n: _places(n, "零壹贰叁肆伍陆柒捌玖", _UNITS_LEGAL),
    "japaneseLegal": lambda n: _places(
        n, " 壱弐参四伍六七八九", ("", "拾", "百", "阡", "萬")
    ).replace(" ", ""),
    "ideographLegalTraditional": lambda n: _places(
        n, "零壹貳參肆伍陸柒捌玖", ("", "拾", "佰", "仟", "萬")
    ),
    "ideographTraditional": lambda n: _sign(n, _STEMS),
    "ideographZodiac": lambda n: _sign(n, _BRANCHES),
    "ideographZodiacTraditional": _cycle,
    "none": lambda _: "",
}


def format_number(number: int, kind: str) -> str:
    """A list number as Word draws it: (12, "chineseCounting") -> "十二"; unknown kinds as digits.

    Zero and negative numbers, which only a hand-set start makes, are digits in every kind.
    """
    if kind != "none" and not 0 < number <= _LARGEST:
        return str(number)
    return _FORMATS.get(kind, _decimal)(number)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how it counts and how its label looks."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    hidden: bool = False
    style: str | None = None


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted.

    `levels` by list id, `families` the abstract definition each list counts in, `overrides` the
    starts that a list sets when it is first used.
    """

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """The level of a list that is linked to a paragraph style, or None."""
        for depth, level in self.levels.get(list_id, {}).items():
            if level.style == style:
                return depth
        return None

    def count(self, list_id: str, depth: int) -> str:
        """The label of the next paragraph of this list and level, with its gap: "（一）", "1. "."""
        levels = self.levels.get(list_id)
        if not levels or depth not in levels:
            return ""
        self._step(list_id, depth, levels)
        level = levels[depth]
        if level.hidden:
            return ""
        if level.kind == "bullet":
            return _bullet(level.text)
        label = _PLACE.sub(lambda place: self._shown(list_id, int(place[1]) - 1, level), level.text)
        return label + _gap(label, level.suffix)

    def _step(self, list_id: str, depth: int, levels: dict[int, Level]) -> None:
        counts = self._counts.setdefault(self.families[list_id], {})
        start = self.overrides.get(list_id, {}).get(depth)
        if start is not None and (list_id, depth) not in self._begun:
            counts[depth] = start
        elif depth in counts:
            counts[depth] += 1
        else:
            counts[depth] = levels[depth].start
        self._begun.add((list_id, depth))
        for lower, level in levels.items():
            # restart=0 never starts again; restart=n only after the n-th level or one above it
            limit = lower if level.restart is None else min(level.restart, lower)
            if lower > depth and depth < limit:
                counts.pop(lower, None)

    def _shown(self, list_id: str, depth: int, drawn: Level) -> str:
        level = self.levels[list_id].get(depth)
        if level is None:
            return ""
        counts = self._counts[self.families[list_id]]
        # A level that was never used shows where it would start; it does not count by that.
        number = counts.get(depth, self.overrides.get(list_id, {}).get(depth, level.start))
        return format_number(number, "decimal" if drawn.legal else level.kind)


def _bullet(text: str) -> str:
    if not text.strip():
        return ""
    return "".join(_SYMBOLS.get(ch, "•" if "\ue000" <= ch <= "\uf8ff" else ch) for ch in text)


def _gap(label: str, suffix: str) -> str:
    """What stands between a label and its text: a blank where the two would run together.

    1. + 5%… must not become 1.5%…; 一、 and （一） need none.
    """
    if suffix == "nothing" or not label or label[-1].isspace():
        return ""
    return " " if suffix == "space" or label[-1].isalnum() or label[-1] in ".．" else ""


def read_numbering(root: _Element | None, styles: _Element | None) -> Numbering:
    """The lists that numbering.xml defines, links through numbering styles followed."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstracts = {_attr(one, "abstractNumId"): one for one in root.iterchildren(W + "abstractNum")}
    nums = {_attr(one, "numId"): one for one in root.iterchildren(W + "num")}
    links = _style_links(styles)
    for list_id, num in nums.items():
        family = _family(num, abstracts, nums, links)
        if list_id is None or family is None:
            continue
        levels = dict(map(_level, abstracts[family].iter(W + "lvl")))
        _override(numbering, list_id, num, levels)
        numbering.levels[list_id] = levels
        numbering.families[list_id] = family
    return numbering


def _family(
    num: _Element,
    abstracts: dict[str | None, _Element],
    nums: dict[str | None, _Element],
    links: dict[str, str],
) -> str | None:
    """The abstract definition of a list, through at most a few numbering styles."""
    for _ in range(4):
        family = _value(num, "abstractNumId")
        if family not in abstracts:
            return None
        link = _value(abstracts[family], "numStyleLink")
        if link is None or links.get(link) not in nums:
            return family
        num = nums[links[link]]
    return None


def _style_links(styles: _Element | None) -> dict[str, str]:
    """Which list each style that has one names: style id -> list id."""
    found: dict[str, str] = {}
    for style in () if styles is None else styles.iterchildren(W + "style"):
        num = style.find(f"{W}pPr/{W}numPr/{W}numId")
        if num is not None:
            found[_attr(style, "styleId") or ""] = _attr(num, "val") or ""
    return found


def _level(element: _Element) -> tuple[int, Level]:
    legal = element.find(W + "isLgl")
    hidden = element.find(f"{W}rPr/{W}vanish")
    kind = _value(element, "numFmt")
    if kind is None:
        # newer formats stand behind a choice, with a plain one for older programs
        inner = element.find(f".//{W}numFmt")
        kind = "decimal" if inner is None else _attr(inner, "val") or "decimal"
    level = Level(
        start=_number(_value(element, "start"), 0),
        kind=kind,
        text=_value(element, "lvlText") or "",
        suffix=_value(element, "suff") or "tab",
        restart=_number_or_none(_value(element, "lvlRestart")),
        legal=legal is not None and is_on(legal),
        hidden=hidden is not None and is_on(hidden),
        style=_value(element, "pStyle"),
    )
    return _number(_attr(element, "ilvl"), 0), level


def _override(numbering: Numbering, list_id: str, num: _Element, levels: dict[int, Level]) -> None:
    """Lay a list's own levels and starts over those of its abstract definition."""
    for one in num.iterchildren(W + "lvlOverride"):
        depth = _number(_attr(one, "ilvl"), 0)
        own = one.find(W + "lvl")
        start = _number_or_none(_value(one, "startOverride"))
        if own is not None:
            levels[depth] = _level(own)[1]
        if start is not None:
            numbering.overrides.setdefault(list_id, {})[depth] = start
            levels[depth] = replace(levels.get(depth, Level()), start=start)


def is_on(element: _Element) -> bool:
    """Whether a switch such as w:vanish is on: it is unless its value says no."""
    return _attr(element, "val") not in ("0", "false", "off", "none")


def _value(element: _Element, name: str) -> str | None:
    child = element.find(W + name)
    return None if child is None else _attr(child, "val")


def _attr(element: _Element, name: str) -> str | None:
    value = element.get(W + name)
    return None if value is None else str(value)


def _number(text: str | None, default: int) -> int:
    value = _number_or_none(text)
    return default if value is None else value


def _number_or_none(text: str | None) -> int | None:
    """A number that a file states, or None where it is none or beyond what Word counts."""
    try:
        value = int(text or "")
    except ValueError:
        return None
    return value if abs(value) <= _LARGEST else None
