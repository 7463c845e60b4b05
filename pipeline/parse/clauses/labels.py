"""What a label says, known by its words or told by its shape, and where one stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.lexicon import mapping
from pipeline.names.units import is_unit

# What a clause says of its names, before it is known what else the item says.
Say = Literal["leader", "lead", "main", "resp", "assist", "guide", "field", "deadline"]
ASSIGNING = frozenset(("leader", "lead", "main", "resp", "assist"))

LABELS = mapping("labels", "role")
_FIELD_KEYS = mapping("labels", "field")
LONGEST_LABEL = max(map(len, LABELS))
# Last two characters of a label -> the lengths of labels that end so, longest first.
_LENGTHS = {
    label[-2:]: sorted({len(one) for one in LABELS if one.endswith(label[-2:])}, reverse=True)
    for label in LABELS
}
BEFORE_LABEL = " \t\n([;,、。:.|"
# A verb that is used as a label, 牵头:, has no more characters.
BARE = len("牵头")


@dataclass(slots=True)
class Label:
    """A label and its colon: positions in the text, its words."""

    start: int
    colon: int
    word: str
    slip: bool = False

    @property
    def say(self) -> Say:
        """What the label says of the names behind it."""
        return find_label(self.word)  # type: ignore[return-value]


def field_key(label: str) -> str:
    """The key of a labelled field: "成果形式" -> "outcome"; an unknown label is its own key."""
    return _FIELD_KEYS.get(label.replace(" ", ""), label)


@lru_cache(1 << 10)
def find_label(name: str) -> Say | None:
    """What a label says by its words: "市级牵头单位" -> lead; unknown -> None."""
    for start in range(min(5, max(1, len(name) - 3))):
        if name[start:] in LABELS:
            return LABELS[name[start:]]  # type: ignore[return-value]
    shape = _LABEL_SHAPE.fullmatch(name)
    return shape.lastgroup if shape else None  # type: ignore[return-value]


# What a label says by its shape, where no table knows it: 督办领导, 主要配合处室.
_UNIT_WORD = r"(?:单位|部门|处室|科室|机构|街道|乡镇|镇街)"
_LABEL_SHAPE = re.compile(
    rf"(?P<leader>.{{1,8}}领导)|(?P<assist>.{{0,6}}(?:配合|协办|参与|参加|协同|会办|协助|协作|支持).{{0,4}}{_UNIT_WORD})"
    rf"|(?P<lead>.{{0,6}}(?:牵头|主办|主责|主管).{{0,4}}{_UNIT_WORD})"
    rf"|(?P<resp>.{{0,6}}(?:责任|负责|承办|实施|落实|承担|起草).{{0,4}}(?:{_UNIT_WORD}|主体))"
    r"|(?P<field>.{0,6}(?:责任人|负责人|联系人|电话))"
)


def known_label(folded: str, start: int, colon: int) -> Label | None:
    """The longest known label that ends at a colon, not before `start`."""
    at = colon
    while at > start and folded[at - 1] == " ":
        at -= 1
    for length in _LENGTHS.get(folded[max(start, at - 2) : at], ()):
        word = folded[at - length : at]
        if length <= at - start and word in LABELS:
            return Label(at - length, colon, word)
    return None


# A label is set apart by these; a blank inside one only pads it.
_TOKEN_START = re.compile(r"[\n([,;。:|)\]]| (?! )")
_TOKEN_REACH = 14


def shaped_label(folded: str, start: int, colon: int) -> Label | None:
    """What stands between a break and a colon, if its shape is a label's and a name follows:
    市级牵头领导:张三, 主管院领导:李 四, 责 任 单 位:甲局."""
    if folded[colon - 1] not in _LABEL_ENDS:
        return None
    for at in range(colon - 1, max(start, colon - _TOKEN_REACH) - 1, -1):
        if at != start and not (at == 0 or _TOKEN_START.match(folded, at - 1)):
            continue
        word = folded[at:colon].replace(" ", "")
        say = find_label(word) if len(word) > 3 and word.isalpha() else None
        if say is None or say in ("field", "deadline"):
            continue
        named = opens_list(folded, colon + 1) or (
            say == "leader" and _opens_name(folded, colon + 1)
        )
        return Label(at, colon, word) if named else None
    return None


# What the labels that are told by their shape end in: 领导, 单位, 部门, 科室, 机构, 街道, 主体 …
_LABEL_ENDS = frozenset("导位门室构道镇街体")
_FIRST_NAME = re.compile(r" *([^、,;:。\n()\[\]]{2,30})")


def opens_list(folded: str, start: int, end: int | None = None) -> bool:
    """Whether the first name of a line's rest is a unit's."""
    first = _FIRST_NAME.match(folded, start, len(folded) if end is None else end)
    return first is not None and is_unit(first[1])


def _opens_name(folded: str, start: int) -> bool:
    """Whether a line's rest may begin with a person, perhaps with a post."""
    first = _FIRST_NAME.match(folded, start)
    return first is not None and len(first[1].split(" ", maxsplit=1)[0]) <= _LONGEST_PERSON


_LONGEST_PERSON = 16


def inner_label(folded: str, start: int, end: int) -> Label | None:
    """The label that a stretch of a clause begins with, perhaps behind a qualifier: 市级牵头单位:甲局.

    A verb behind its names is no label (由甲局牵头:), nor is what stands in a name's own bracket
    (甲局(责任人:张三)).
    """
    colon = folded.find(":", start, end)
    known = known_label(folded, start, colon) if colon > start else None
    if colon <= start or (known and known.start == start):
        return known
    if folded.find("(", start, colon) >= 0:
        return None
    known = shaped_label(folded, start, colon) or known
    return known if known and (len(known.word) > BARE or known.start == start) else None
