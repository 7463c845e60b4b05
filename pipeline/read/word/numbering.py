"""Count the list numbers of a Word document, which the file itself does not contain.

A paragraph of a list has only the ids of its list and level; the word processor counts and draws
一、 (一) 1. ①. Lists with the same abstract definition share their counts; a level starts again
after a paragraph of any higher level.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.read.word.list_numbers import LARGEST, format_number

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9
# Word takes no longer pattern of a label.
_LONGEST_PATTERN = 255
_PLACE = re.compile(r"%([1-9])")
# Bullets are private code points of symbol fonts; other fonts do not have them.
_SYMBOLS = {"\uf06c": "●", "\uf06e": "■", "\uf075": "◆", "\uf0d8": "➢", "\uf0fc": "✓"}


@dataclass(frozen=True, slots=True)
class ListLevel:
    """One level of a list: its first number, its format and the pattern of its label (第%1章)."""

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
    """The lists of a document and their counts so far.

    `levels` are the levels by list id, `families` the abstract definition of each list, `overrides`
    the first numbers that a list sets for itself.
    """

    levels: dict[str, dict[int, ListLevel]] = field(default_factory=dict)
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

    def _step(self, list_id: str, depth: int, levels: dict[int, ListLevel]) -> None:
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
            # restart=0 never starts again; restart=n only after the n-th level or a higher one.
            limit = lower if level.restart is None else min(level.restart, lower)
            if lower > depth and depth < limit:
                counts.pop(lower, None)

    def _shown(self, list_id: str, depth: int, drawn: ListLevel) -> str:
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
    """The text between a label and its paragraph: a blank where the two would run together.

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
    read: dict[str, dict[int, ListLevel]] = {}
    for list_id, num in nums.items():
        family = _family(num, abstracts, nums, links)
        if list_id is None or family is None:
            continue
        if family not in read:
            read[family] = _levels(abstracts[family])
        levels = dict(read[family])
        _override(numbering, list_id, num, levels)
        numbering.levels[list_id] = levels
        numbering.families[list_id] = family
    return numbering


def _levels(abstract: _Element) -> dict[int, ListLevel]:
    """The levels of an abstract definition; Word knows nine, whatever the file has."""
    found: dict[int, ListLevel] = {}
    for element in abstract.iter(W + "lvl"):
        depth = _number(_attr(element, "ilvl"), 0)
        if depth < LEVELS:
            found[depth] = _level(element)
    return found


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
    """The lists that styles name: style id -> list id."""
    found: dict[str, str] = {}
    for style in () if styles is None else styles.iterchildren(W + "style"):
        num = style.find(f"{W}pPr/{W}numPr/{W}numId")
        if num is not None:
            found[_attr(style, "styleId") or ""] = _attr(num, "val") or ""
    return found


def _level(element: _Element) -> ListLevel:
    legal = element.find(W + "isLgl")
    hidden = element.find(f"{W}rPr/{W}vanish")
    return ListLevel(
        start=_number(_value(element, "start"), 0),
        kind=_kind(element),
        text=(_value(element, "lvlText") or "")[:_LONGEST_PATTERN],
        suffix=_value(element, "suff") or "tab",
        restart=_number_or_none(_value(element, "lvlRestart")),
        legal=legal is not None and is_on(legal),
        hidden=hidden is not None and is_on(hidden),
        style=_value(element, "pStyle"),
    )


def _kind(level: _Element) -> str:
    """The number format of a level; for a custom one its first numbers: "001, 002, 003, ..."."""
    form = level.find(W + "numFmt")
    if form is None:
        # Newer formats are inside a choice, with a plain one for older programs.
        form = level.find(f".//{W}numFmt")
    if form is None:
        return "decimal"
    kind = _attr(form, "val") or "decimal"
    return _attr(form, "format") or kind if kind == "custom" else kind


def _override(
    numbering: Numbering, list_id: str, num: _Element, levels: dict[int, ListLevel]
) -> None:
    """Replace levels and first numbers of an abstract definition by those of a list."""
    for one in num.iterchildren(W + "lvlOverride"):
        depth = _number(_attr(one, "ilvl"), 0)
        if not 0 <= depth < LEVELS:
            continue
        own = one.find(W + "lvl")
        start = _number_or_none(_value(one, "startOverride"))
        if own is not None:
            levels[depth] = _level(own)
        if start is not None:
            numbering.overrides.setdefault(list_id, {})[depth] = start
            levels[depth] = replace(levels.get(depth, ListLevel()), start=start)


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
    """A number of the file; None where it is no number or beyond what Word counts."""
    try:
        value = int(text or "")
    except ValueError:
        return None
    return value if abs(value) <= LARGEST else None
