"""Find responsibility labels (牵头单位：) in a text and classify the role that each gives."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.lexicon import alternation, mapping, words
from pipeline.names.units import is_unit
from pipeline.text import without_blanks

# The role that a label or verb gives, before the other clauses of the item are considered.
PrintedRole = Literal["leader", "lead", "main", "resp", "assist", "guide", "field", "deadline"]
# Roles that assign; the others are fields of an item.
ASSIGNING = frozenset(("leader", "lead", "main", "resp", "assist"))

LABELS = mapping("labels", "role")
_FIELD_KEYS = mapping("labels", "field")
LONGEST_LABEL = max(map(len, LABELS))
# The last two characters of a label -> the lengths of labels that end so, longest first.
_LENGTHS = {
    label[-2:]: sorted({len(one) for one in LABELS if one.endswith(label[-2:])}, reverse=True)
    for label in LABELS
}
BEFORE_LABEL = " \t\n([;,、。:.|"
# The length of a verb that is used as a label, as in 牵头:.
VERB_LENGTH = len("牵头")
# A qualifier before a known label (市级 in 市级牵头单位) is at most this long.
_QUALIFIER_REACH = 4


def _parts(kind: str) -> str:
    return alternation(words("label_parts", kind))


# Labels that no table has, by their parts: 市级挂帅领导, 分管局长 (leader), 主要配合处室 (assist),
# 区级牵头部门, 主抓单位 (lead), 具体责任单位, 承接单位 (resp), 现场负责人 (field); not 领导 alone, 成员单位.
_LABEL_SHAPE = re.compile(
    rf"""
    (?P<leader>
        .{{1,8}}领导
      | .{{0,6}}(?:{_parts("leader_act")}).{{0,4}}(?:{_parts("leader_holder")})
    )
    | (?P<assist>.{{0,6}}(?:{_parts("assist_act")}).{{0,4}}(?:{_parts("holder")}))
    | (?P<lead>.{{0,6}}(?:{_parts("lead_act")}).{{0,4}}(?:{_parts("holder")}))
    | (?P<resp>.{{0,6}}(?:{_parts("resp_act")}).{{0,4}}(?:{_parts("holder")}))
    | (?P<field>.{{0,6}}(?:责任人|负责人|联系人|电话))
    """,
    re.VERBOSE,
)
# The last characters of labels that are known by their shape: 领导, 单位, 部门, 科室, 机构 …
_SHAPE_ENDS = frozenset(
    word[-1] for kind in ("holder", "leader_holder") for word in words("label_parts", kind)
)
# What sets a label apart; one blank does, two pad it (责  任).
_LABEL_START = re.compile(r"[\n([,;。:|)\]]| (?! )")
_SHAPE_REACH = 14
_SHORTEST_SHAPE = 4
_FIRST_NAME = re.compile(r" *([^、,;:。\n()\[\]]{2,30})")
_LONGEST_PERSON = 16


class Label(NamedTuple):
    """A label from its start to its colon, with its words; `slip` where it has ; for a colon."""

    start: int
    colon: int
    word: str
    slip: bool = False

    @property
    def printed_role(self) -> PrintedRole:
        """The role that the label gives to the names behind it."""
        return parse_printed_role(self.word)  # type: ignore[return-value]


def field_key(label: str) -> str:
    """The key of a labelled field: "成果形式" -> "outcome"; an unknown label is its own key."""
    return _FIELD_KEYS.get(label.replace(" ", ""), label)


@lru_cache(1 << 10)
def parse_printed_role(label: str) -> PrintedRole | None:
    """The role that a label's words give: "市级牵头单位" -> lead; None for an unknown label."""
    if label in LABELS:
        return LABELS[label]  # type: ignore[return-value]
    shape = _LABEL_SHAPE.fullmatch(label)
    if shape:
        return shape.lastgroup  # type: ignore[return-value]
    for start in range(1, min(_QUALIFIER_REACH + 1, max(1, len(label) - 3))):
        if label[start:] in LABELS:
            return LABELS[label[start:]]  # type: ignore[return-value]
    return None


def find_known_label(folded: str, start: int, colon: int) -> Label | None:
    """The longest label of the table that ends at a colon and does not begin before `start`."""
    at = colon
    while at > start and folded[at - 1] == " ":
        at -= 1
    for length in _LENGTHS.get(folded[max(start, at - 2) : at], ()):
        word = folded[at - length : at]
        if length <= at - start and word in LABELS:
            return Label(at - length, colon, word)
    return None


def find_shaped_label(folded: str, start: int, colon: int) -> Label | None:
    """The words between a break and a colon if they have a label's shape and a name follows.

    市级牵头领导:张三, 主管院领导:李 四, 责 任 单 位:甲局.
    """
    if folded[colon - 1] not in _SHAPE_ENDS:
        return None
    for at in range(colon - 1, max(start, colon - _SHAPE_REACH) - 1, -1):
        if at not in (start, 0) and not _LABEL_START.match(folded, at - 1):
            continue
        word = folded[at:colon].replace(" ", "")
        if len(word) < _SHORTEST_SHAPE or not word.isalpha():
            continue
        role = parse_printed_role(word)
        if role is None or role in ("field", "deadline"):
            continue
        named = opens_list(folded, colon + 1)
        named = named or (role == "leader" and _opens_name(folded, colon + 1))
        return Label(at, colon, word) if named else None
    return None


def opens_list(folded: str, start: int, end: int | None = None) -> bool:
    """Whether the first name from `start` on is a unit's."""
    first = _FIRST_NAME.match(folded, start, len(folded) if end is None else end)
    return first is not None and is_unit(first[1])


def _opens_name(folded: str, start: int) -> bool:
    """Whether a person's name, perhaps with a post, may begin at `start`."""
    first = _FIRST_NAME.match(folded, start)
    return first is not None and len(first[1].split(" ", maxsplit=1)[0]) <= _LONGEST_PERSON


def _find_broken_label(folded: str, start: int, colon: int) -> Label | None:
    """A label that a blank or a line break interrupts: 责任 部门:, 完 成时限:."""
    printed = folded[start:colon]
    word = without_blanks(printed)
    if word == printed or len(word) > _SHAPE_REACH or parse_printed_role(word) is None:
        return None
    return Label(start, colon, word)


def find_inner_label(folded: str, start: int, end: int) -> Label | None:
    """The label that a span of a clause begins with, perhaps behind a qualifier: 市级牵头单位:甲局.

    A verb behind its names is no label (由甲局牵头:), nor is a label in a name's own bracket
    (甲局(责任人:张三)).
    """
    colon = folded.find(":", start, end)
    broken = _find_broken_label(folded, start, colon) if colon > start else None
    if broken:
        return broken
    known = find_known_label(folded, start, colon) if colon > start else None
    if colon <= start or (known and known.start == start):
        return known
    if folded.find("(", start, colon) >= 0:
        return None
    known = find_shaped_label(folded, start, colon) or known
    return known if known and (len(known.word) > VERB_LENGTH or known.start == start) else None
