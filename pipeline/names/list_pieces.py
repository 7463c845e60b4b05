"""Cut a printed list into pieces, a name each: at marks, and at blanks where they part names.

A blank or a line break parts two names only sometimes: texts of PDF files have them anywhere.
"""

from __future__ import annotations

import re

from pipeline.lexicon import words
from pipeline.names.units import is_collective, is_unit, is_whole_unit
from pipeline.text import QUOTED, find_cuts, trim, without_blanks

Span = tuple[int, int]

_SEPARATOR = re.compile(rf"[、,;/()\[\]〈〉。\n\t ]|{QUOTED}")
_MARK = re.compile(rf"[、,;()\[\]〈〉]|{QUOTED}")
EDGES = ' \t\n、,;。:"—–─'
# At most so far before the blank a padded name begins.
_PADDED = 3
# Words that end a name and are none alone: 公积金⏎中心, 人民⏎政府; and a department of a body: 办公室.
_FRAGMENTS = frozenset(words("name_faults", "bare")) | {"办公室", "委员会", "领导小组", "指挥部"}
# 武侯区 教育局, 市住房城乡 建设局: a place's end before a blank, and an organ behind it.
_PLACE_ENDS = ("省", "市", "州", "县", "区", "旗", "乡", "镇")
_ORGANS = words("unit_words", "organ")
# Words for bodies that stand in pairs: 部门、单位.
_DOUBLES = ("部门", "单位", "机构", "企业")
# 市委, 省政府, 区人民政府: a department may follow behind a blank.
_SEAT_OF = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}[省市县区州盟旗乡镇]|党)(?:委|政府|人民政府|党委)|.*(?:机关|系统)"
)
_LEVEL_HEAD = re.compile(r"[省市县区州盟旗各有相]|国家|自治|驻")
# A piece from a position to the next separator, brackets included.
_PIECE = re.compile(r"(?:[(\[〈][^()\[\]〈〉]*[)\]〉]|[^、,;/。\n\t ()\[\]〈〉])*")

# One level of places, from the highest to the lowest, as groups name it.
_RANKS = {
    1: ("中央", "中", "省", "自治区", "直辖市"),
    2: ("市", "州", "盟", "自治州", "地", "设区市", "设区的市", "地级以上市", "辖市"),
    3: ("县", "区", "旗", "自治县", "自治旗", "特区", "县级市"),
    4: ("乡", "镇", "街道", "苏木"),
    5: ("村", "社区"),
}
_RANK_OF = {word: rank for rank, names in _RANKS.items() for word in names}
_LEVEL = "|".join(sorted(_RANK_OF, key=len, reverse=True))
# What explains a level: 县(市、区), 市〔州〕, 县〈市、区〉.
_INNER = r"(?:[\ \n]*[(\[〈<][^()\[\]〈〉<>]{1,24}[)\]〉>])"
# The first part of a group in several parts: 各市, 有关设区市, 各县(市), 区.
_HEAD = re.compile(
    rf"""
    (?:[^、,;()\[\]]*(?:以及|[及和与])[\ \n]*)?
    (?P<opening>(?:各?(?:有关|相关)|各|所有|涉及|所在|其他)?)
    (?P<last>(?:{_LEVEL}|[\ \n])+){_INNER}?
    """,
    re.VERBOSE,
)
# Its next part, up to what both share.
_NEXT = re.compile(rf"[\ \n]*(?P<first>{_LEVEL})(?:{_LEVEL}|[\ \n])*{_INNER}?[\ \n]*", re.VERBOSE)
_SEAT = re.compile(
    r"级?[ \n]*(?:人民[ \n]*政府|政府(?!办)|党委|党工委|管委会|办事处|办|有关|相关|(?=[、,;。]|\Z))"
)
# What a level may share besides a seat: 市场监管局; not 县直部门, 区属企业, 县级部门.
_ORGAN = re.compile(r"(?![直级属])[^、,;。()\[\] ]{2,20}")


def split_pieces(folded: str, start: int, end: int) -> list[Span]:
    """The pieces of a list between separators outside brackets; 各市、州、县人民政府 is one piece."""
    marked = any(True for _ in find_cuts(_MARK, folded, start, end))
    pieces: list[Span] = []
    begin = last = start
    for at in find_cuts(_SEPARATOR, folded, start, end):
        if folded[at] in " \n" and _is_soft(folded, (last, at), end, marked=marked):
            continue
        level = folded[at] in "、," and _shares_next(folded, last, at, end)
        last = at + 1
        if not level:
            pieces.append((begin, at))
            begin = at + 1
    pieces.append((begin, end))
    trimmed = [piece for a, b in pieces if (piece := trim(folded, a, b, EDGES))[0] < piece[1]]
    return [
        piece
        for before, piece in zip([(start, start), *trimmed], trimmed, strict=False)
        if not _repeats(folded, before, piece)
    ]


def may_share(piece: str) -> bool:
    """Whether a piece between two marks may be a part of one group with its neighbour: 各市, 单位."""
    return piece in _DOUBLES or _HEAD.fullmatch(piece) is not None


def _is_soft(folded: str, left: Span, end: int, *, marked: bool) -> bool:
    """Whether a blank or line break behind a piece only interrupts a name.

    `marked` says that the list has marks between its names; then a blank is no separator unless a
    whole unit stands on either side of it.
    """
    start, at = left
    if _is_padding(folded, start, at, end):
        return True
    after, _ = trim(folded, at, end, " \n")
    piece = _PIECE.match(folded, after, end)
    before, behind = without_blanks(folded[start:at]), without_blanks(piece[0]) if piece else ""
    if not before or not behind:
        return marked
    if behind[0] in "([〈" or before[-1].isdecimal() or before[-1] in "及和与等":
        return True
    if before.endswith(("机关", "系统")):
        return True
    if not _LEVEL_HEAD.match(behind) and (
        _HEAD.fullmatch(before) or (before.endswith(_PLACE_ENDS) and behind.endswith(_ORGANS))
    ):
        return True
    if behind in _FRAGMENTS and not (is_whole_unit(before) and not marked):
        return True
    if not marked:
        return not is_unit(before) and is_unit(before + behind) and not _LEVEL_HEAD.match(behind)
    if _SEAT_OF.fullmatch(before) and not _LEVEL_HEAD.match(behind):
        return True
    return not (is_whole_unit(before) and is_unit(behind))


def _is_padding(folded: str, begin: int, blank: int, end: int) -> bool:
    """Whether a blank only pads a name of two characters: 张 超."""
    if blank - begin > _PADDED:
        return False
    after = blank
    while after < end and folded[after] == " ":
        after += 1
    alone = after + 1 >= end or folded[after + 1] in "、,;。 "
    return len(folded[begin:blank].strip()) == 1 and alone


def _shares_next(folded: str, start: int, at: int, end: int) -> bool:
    """Whether the piece from `start` to the separator `at` is a level that shares the next stem.

    各市、州、县人民政府, 各市、县〔区〕市场监管局 and 区、县交通局 do; 各街道、国网供电公司, 各区、市教育局
    and 各县、市直部门 are two names.
    """
    head = _HEAD.fullmatch(folded, *trim(folded, start, at))
    if head is None:
        return start == at and _has_seat(folded, at, end)
    following = _NEXT.match(folded, at + 1, end)
    if following is None:
        return False
    if _SEAT.match(folded, following.end(), end):
        return True
    organ = _ORGAN.match(folded, following.end(), end)
    if organ is None or not is_unit(following["first"] + organ[0]):
        return False
    return not head["opening"] or _rank(head["last"]) <= _RANK_OF[following["first"]]


def _repeats(folded: str, before: Span, piece: Span) -> bool:
    """Whether a piece only adds a word for bodies to the group before it: 市直有关部门、单位."""
    if folded[slice(*piece)] not in _DOUBLES:
        return False
    group = without_blanks(folded[slice(*before)])
    return group.endswith(_DOUBLES) and is_collective(group)


def _has_seat(folded: str, at: int, end: int) -> bool:
    following = _NEXT.match(folded, at + 1, end)
    return following is not None and _SEAT.match(folded, following.end(), end) is not None


def _rank(levels: str) -> int:
    """The rank of the last of some levels: 4 of 县乡."""
    levels = levels.strip()
    return next(rank for word, rank in _RANK_OF.items() if levels.endswith(word))
