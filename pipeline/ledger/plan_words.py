"""The words by which a plan itself names the roles of units and leaders: 牵头单位, 配合单位."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pipeline.ledger.columns import CO_HOST, HEADS, HOST, LEAD
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Assignment, Notice, Role

# The words of roles, those that say most first; a plan's label or verb has one of them.
_WORDS: dict[Role, tuple[str, ...]] = {
    "leader": ("分管", "牵头", "责任", "负责", "挂点", "包保", "联系"),
    "host": ("牵头", "主办", "承办", "主责", "责任", "负责"),
    "co_host": ("配合", "协办", "会办", "协助", "参与", "参加", "负责", "责任"),
}
_KEYS: dict[Role, str] = {"host": "host_units", "co_host": "co_host_units", "leader": "leaders"}
_ROLES: dict[Role, str] = {"leader": LEAD, "host": HOST, "co_host": CO_HOST}
_LONGEST = 8
_VERB_HEAD = "单位"


class PlanWords(NamedTuple):
    """A plan's own heads of fields by key, and its words for the roles 牵头, 主办 and 协办."""

    heads: dict[str, str]
    roles: dict[str, str]


NO_WORDS = PlanWords({}, {})
# Every head that a plan can give a field: the reader knows them where the hidden sheet is lost.
_BODIES, _PEOPLE = ("单位", "部门"), ("领导", "区领导", "市领导", "县领导")
_ENDS: dict[Role, tuple[str, ...]] = {"co_host": _BODIES, "host": _BODIES, "leader": _PEOPLE}
KNOWN_HEADS = {
    word + end: _KEYS[role] for role, ends in _ENDS.items() for word in _WORDS[role] for end in ends
}


def find_plan_words(notice: Notice) -> PlanWords:
    """Find the words that a plan uses most for each role; a role without one has ours."""
    heads: dict[str, str] = {}
    roles: dict[str, str] = {}
    # Hosts first: a word that is theirs is no co-host's.
    for role, key in _KEYS.items():
        found = Counter(_find_heads(notice, role))
        for head, word in (one for one, _ in found.most_common()):
            # One head for two columns would say nothing.
            is_free = head not in heads.values() and (role == "leader" or word != roles.get(HOST))
            if is_free and (head == HEADS[key] or head not in HEADS.values()):
                heads[key], roles[_ROLES[role]] = head, word
                break
    return PlanWords(heads, roles)


def _find_heads(notice: Notice, role: Role) -> Iterator[tuple[str, str]]:
    """Yield the head and the word of each assignment of a role that has such words."""
    for item in notice.items:
        for one in item.assignments:
            if one.role == role and (found := _head_of(notice, one)):
                yield found


def _head_of(notice: Notice, one: Assignment) -> tuple[str, str] | None:
    """Return the head that an assignment gives its column: its label, or its verb with 单位."""
    if one.label:
        label = squeeze(one.label)
        word = next((word for word in _WORDS[one.role] if label.startswith(word)), "")
        is_head = word and KNOWN_HEADS.get(label) and len(label) <= _LONGEST
        return (label, word) if is_head else None
    if one.role == "leader":
        return None
    clause = squeeze(notice.source.text[one.span.start : one.span.end])
    words = (word for word in _WORDS[one.role] if word in clause)
    # 甲局牵头,乙局负责: what leads is said by 牵头, what takes part by 负责.
    word = next(words, "")
    return (word + _VERB_HEAD, word) if word else None
