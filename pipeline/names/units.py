"""Decide by its words whether a name reads as a unit (区发改局) or a group of units (各街道办)."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.lexicon import alternation, words

ENDINGS = words("unit_words", "ending")
_OPENINGS = words("unit_words", "collective_opening")
_CORES = re.compile(alternation(words("unit_words", "collective_core")))
_ACTS = words("unit_words", "act")
_ORGANS = words("unit_words", "organ")
LEVELS = frozenset(words("unit_words", "level"))
# A unit's name has no more characters.
_NAME_LIMIT = 60
# A plan names the same units again and again, so look-ups are cached: this many names.
_REMEMBERED = 1 << 14


@lru_cache(_REMEMBERED)
def is_collective(name: str) -> bool:
    """Whether a name means a group of units: 各街道办, 国务院相关部门, 专班成员单位."""
    return name.startswith(_OPENINGS) or _CORES.search(name) is not None


@lru_cache(_REMEMBERED)
def is_unit(name: str) -> bool:
    """Whether a folded name reads as a unit or a group of units by its words: 区发改局, 各街道办."""
    bare = name.split("(", 1)[0] if name.endswith(")") and name[0] != "(" else name
    if not 2 <= len(bare) <= _NAME_LIMIT or not (bare.endswith(ENDINGS) or is_collective(bare)):
        return False
    # Tasks may end like units: 新建学校2所, 创建国家卫生城市.
    if bare[-1].isdecimal() or bare[-2].isdecimal() or (len(bare) > 2 and bare[-3:-1].isdecimal()):
        return False
    return not bare.startswith(_ACTS) or bare.endswith(_ORGANS)


@lru_cache(_REMEMBERED)
def is_whole_unit(name: str) -> bool:
    """Whether a name has the end of a unit or the core of a group: 区财政局, not 各市(地)粮食."""
    bare = name.split("(", 1)[0] if name.endswith(")") and name[0] != "(" else name
    return is_unit(name) and (
        bare.endswith(ENDINGS) or _CORES.search(bare) is not None or bare in LEVELS
    )
