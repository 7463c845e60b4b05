"""Read which elements a page's own style sheet hides: .phone{display:none}.

Of CSS only simple selectors are read (tag, class, id, and these inside others), and only the properties
`display` and `visibility`. Rules for other media (telephones, print) and for states (:hover) are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_RULE = re.compile(
    r"(?P<selectors>[^{}]*+)\{(?P<body>[^{}]*+)\}|(?P<open>[^{}]*+)\{|[^{}]*+(?P<close>\})"
)
_DISPLAY = re.compile(r"(?:^|;)\s*(?:display|visibility)\s*:\s*([a-z-]+)", re.IGNORECASE)
_HIDES = ("none", "hidden", "collapse")
_COMPOUND = re.compile(r"(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<names>(?:[.#][\w-]+)*)")
_NAME = re.compile(r"([.#])([\w-]+)")
_DESKTOP = re.compile(r"@media\s+(?:only\s+)?(?:screen|all)\s*", re.IGNORECASE)
# A page's own style sheet is short; a longer one is that of a whole site.
_LONGEST = 500_000
_MOST_RULES = 2000
_MOST_PARTS = 6
# A page tests rules on elements a few thousand times; beyond this it is hostile, and nothing more hides.
_MOST_TESTS = 200_000


class _Compound(NamedTuple):
    """A selector for one element: its tag or "", its ids and classes."""

    tag: str
    ids: frozenset[str]
    classes: frozenset[str]

    def matches(self, element: _Element) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        if self.ids and not self.ids <= {element.get("id") or ""}:
            return False
        return not self.classes or self.classes <= set((element.get("class") or "").split())


class _Rule(NamedTuple):
    """A selector from the outermost part to the element, its weight, and whether it hides."""

    parts: tuple[_Compound, ...]
    weight: tuple[int, int, int, int]
    hides: bool


@dataclass(slots=True)
class StyleRules:
    """The rules for `display`, by a name that an element must have; "" for tags alone.

    `left` is how often a rule may still be tested.
    """

    by_name: dict[str, list[_Rule]] = field(default_factory=dict)
    hides_tags: bool = False
    left: int = _MOST_TESTS

    def hides(self, element: _Element) -> bool:
        """Whether the heaviest rule that matches an element hides it."""
        if not self.by_name or self.left <= 0:
            return False
        names = ["", *(element.get("class") or "").split(), f"#{element.get('id') or ''}"]
        if self.by_name.keys().isdisjoint(names):
            return False
        rules = [rule for name in dict.fromkeys(names) for rule in self.by_name.get(name, ())]
        self.left -= len(rules)
        found = [rule for rule in rules if _matches(rule, element)]
        return bool(found) and max(found, key=lambda rule: rule.weight).hides


def _matches(rule: _Rule, element: _Element) -> bool:
    *outer, last = rule.parts
    if not last.matches(element):
        return False
    above = element.iterancestors()
    return all(any(part.matches(one) for one in above) for part in reversed(outer))


def read_style_rules(css: str) -> StyleRules:
    """The rules of a style sheet that show or hide elements on a desktop's screen."""
    rules = StyleRules()
    if not any(word in css for word in _HIDES) or len(css) > _LONGEST:
        return rules
    css = _COMMENT.sub("", css)
    # After the last brace the pattern would search to the end from every character.
    css = css[: max(css.rfind("{"), css.rfind("}")) + 1]
    depth = 0
    count = 0
    for match in _RULE.finditer(css):
        if match["open"] is not None:
            depth += not _is_desktop(match["open"]) or depth > 0
        elif match["close"]:
            depth = max(0, depth - 1)
        elif depth == 0 and (display := _DISPLAY.findall(match["body"])):
            for selector in match["selectors"].split(","):
                count += 1
                if count > _MOST_RULES:
                    return rules
                _add(rules, selector.strip(), count, hides=display[-1].lower() in _HIDES)
    return rules


def _is_desktop(opening: str) -> bool:
    """Whether a block of rules is for every screen: @media screen, no width told."""
    return _DESKTOP.fullmatch(opening.strip() + " ") is not None


def _add(rules: StyleRules, selector: str, order: int, *, hides: bool) -> None:
    parts = [_compound(one) for one in selector.replace(">", " ").split()]
    if not parts or len(parts) > _MOST_PARTS or not all(parts):
        return
    known = tuple(part for part in parts if part)
    ids = sum(len(part.ids) for part in known)
    classes = sum(len(part.classes) for part in known)
    tags = sum(bool(part.tag) for part in known)
    rule = _Rule(known, (ids, classes, tags, order), hides)
    last = known[-1]
    name = f"#{min(last.ids)}" if last.ids else min(last.classes, default="")
    rules.by_name.setdefault(name, []).append(rule)
    rules.hides_tags |= not name


def _compound(text: str) -> _Compound | None:
    """The parts of a selector for one element; None for one with states, attributes or siblings."""
    match = _COMPOUND.fullmatch(text)
    if not match or not text:
        return None
    names = _NAME.findall(match["names"] or "")
    tag = (match["tag"] or "").replace("*", "").lower()
    ids = frozenset(name for mark, name in names if mark == "#")
    return _Compound(tag, ids, frozenset(name for mark, name in names if mark == "."))
