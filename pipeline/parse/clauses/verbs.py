"""Find the verb of responsibility that some words end with: 按职责分工负责, 牵头组织实施, 配合完成.

Verbs are a table and a grammar: words of manner, one verb or several, an object.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.lexicon import alternation, mapping, words
from pipeline.names.manner import BASIS

_VERBS = mapping("verbs", "role")
_LONGEST_VERB = max(map(len, _VERBS))
_BY_ROLE = {
    role: re.compile(alternation(words("clause_words", role)))
    for role in ("lead", "assist", "resp", "guide")
}
# Verbs that only follow such a one, or words of manner: 配合完成, 按职责推进; not 合并办理 alone.
_FOLLOWING = alternation(words("clause_words", "following"))
_CORE = alternation(word for role in _BY_ROLE for word in words("clause_words", role))
_MANNER = alternation(words("clause_words", "manner"))
# 党组织实施 is 党组织 with a verb, 群众团体联合 is none.
_NOT_MANNER = (
    r"(?<![党团])(?<!社会)(?<!行业)(?<!团体)(?<!群众)(?=组织)|(?!组织|联合)|(?<!会)(?=联合)"
)
_GRAMMAR = re.compile(
    rf"""
    (?:(?:{BASIS})|(?:{_NOT_MANNER})(?:{_MANNER})|[,\ \n])*
    (?:(?:{_CORE})|(?:{BASIS})[\ \n]*(?:{_MANNER})*(?:{_FOLLOWING}))
    (?:(?:{_CORE})|(?:{_FOLLOWING})|(?:{_MANNER})|[和及、\ ])*
    (?:{alternation(words("clause_words", "object"))})?
    \Z
    """,
    re.VERBOSE,
)
_ANY = re.compile(f"{_CORE}|{_FOLLOWING}")
# What a clause with a verb ends with: verbs, words of manner, objects; and 按职责分工.
_LAST_WORDS = {
    word
    for role in (*_BY_ROLE, "following", "manner", "object")
    for word in words("clause_words", role)
}.union(_VERBS)
_ENDS = {word[-2:] for word in _LAST_WORDS.union(words("clause_words", "basis_object"))}
# A verb with its words of manner is no longer than this.
_REACH = 40
# A verb's last character and a separator: 甲局牵头、乙局配合.
VERB_CUT = re.compile(rf"[{''.join(sorted({word[-1] for word in _LAST_WORDS}))}][、 ]")


def may_end_with_verb(ending: str) -> bool:
    """Whether a text with these last two characters may end with a verb."""
    return ending in _ENDS


@lru_cache(1 << 12)
def find_verb(text: str) -> str | None:
    """The longest verb that a text ends with: "A、B按职责分工负责" -> 按职责分工负责."""
    if text[-2:] not in _ENDS:
        return None
    known = _find_known(text)
    built = _find_built(text)
    return max(known or "", built or "", key=len) or None


def role_of_verb(verb: str) -> str:
    """The role that a verb gives: that of the table, else by its parts, 牵头 before 配合 before 负责."""
    if verb in _VERBS:
        return _VERBS[verb]
    for role in ("lead", "assist", "resp"):
        if _BY_ROLE[role].search(verb):
            return role
    return "guide" if _BY_ROLE["guide"].search(verb) else "resp"


def _find_known(text: str) -> str | None:
    for length in range(min(_LONGEST_VERB, len(text)), 1, -1):
        if text[-length:] in _VERBS:
            return text[-length:]
    return None


def _find_built(text: str) -> str | None:
    begin = max(0, len(text) - _REACH)
    if _ANY.search(text, begin) is None:
        return None
    match = _GRAMMAR.search(text, begin)
    return match[0].lstrip(", \n") if match else None
