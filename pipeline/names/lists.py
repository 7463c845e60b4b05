"""Split a printed list of units into names: 区发改局(区统计局)、各街道办等部门."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.names.list_pieces import EDGES, may_share, split_pieces
from pipeline.names.manner import BEHIND_NAME, trim_manner
from pipeline.names.units import LEVELS, is_collective, is_unit, is_whole_unit
from pipeline.text import trim, without_blanks

# Group words without a word of their own: 部门, 单位.
_BARE = frozenset(words("unit_words", "bare_group"))
# 部门和企业, 单位及机构: several of them.
_BARE_WORD = f"(?:{alternation(words('unit_words', 'bare_word'))})"
_BARE_WORDS = re.compile(rf"{_BARE_WORD}(?:[(、和及与/]?{_BARE_WORD}\)?)*")
# 等 ends a list (区公安局等), but not in 高等教育处, 中等职业学校, 等级.
_AND_OTHERS = re.compile(r"(?<![高中初同平上下优])等(?![级院职教线候高中])")
# Words with 和, 及 or 与 inside: 和平区, 呼和浩特.
_JOINT_WORD = re.compile(alternation(words("unit_words", "joint_word")))
_JOINT = re.compile(r"以及|会同|[和及与]")
# Most lists are plain: none of these characters, only names and separators.
_COMPLEX = re.compile(
    r"[“〈〉()\[\]等和及与\s\":*★☆▲△●◆#—–─按依由商]|会同|根据|结合|" + alternation(BEHIND_NAME)
)
_SIMPLE = re.compile(r"[^、,;/。]+")
# 等单位及各县政府: the bare group before another one.
_BARE_BESIDE = re.compile(rf"{_BARE_WORD}[ \n]?(?:以及|[及和与])(?!{_BARE_WORD})")
# A count between 等 and a group: 等8个部门, 等各部门.
_COUNTED = re.compile(r"\d+ ?个 ?|[一二三四五六七八九十]+个|多个|各?(?=部门|单位)")
# A bracket that explains the list and is no part of a name: (列第一位者为牵头单位).
_NOTE = re.compile(r"\((?=[^()]{0,4}(?:列|排|除标注|第一)|以下[^()]*(?:均|都)|[^()]*不再)")
# Marks beside a name, which a note may explain: 甲局*, ★乙局.
STARS = "*★☆▲△●◆#"
# 实验室与设备管理处, 学校和社区教育科: what an office is for, not a body of its own.
_GENERIC = re.compile(alternation(words("unit_words", "generic_body")))
# 市港航口岸和渔业管理局: only an office, a group or a place before 和 is a body of its own, unless what is
# behind it says its level.
_OFFICES = words("unit_words", "organ")
_HEADED = re.compile(
    r"[省市县区州盟旗各有相]|国家|自治|驻|中国|国网|人民|.*(?:公司|集团|银行|大学|医院)$"
)
_INNER_OFFICES = ("处", "科", "室", "股", "组", "部", "中心", "办公室")
# A longer piece is a sentence, and is not searched for 和, 及 or 与.
_LIST_LIMIT = 240
# A bracket after a name that gives its role: 甲局(牵头), 甲局(配合单位).
# It must not match another unit's role: 甲局(乙局配合), which _BESIDE reads.
_ROLE_MARK = re.compile(
    r"""
      (?P<lead>总?牵头|主办|主责|主要)(?:单位|部门|负责)?
    | (?P<assist>配合|协办|参与|协助|会办)(?:单位|部门)?
    """,
    re.VERBOSE,
)
_BESIDE = re.compile(
    r"(?P<names>[^()]{3,60}?)(?:(?P<lead>牵头|主办)|(?P<assist>配合|协办|参与|协助))"
)
# A bracket after a name that says what it does is no part of the name: 甲局(负责验收).
_DUTY = re.compile(r"负责|牵头|配合|由.{2}|人:")
# A plan prints the same lists again and again: so many are remembered.
_REMEMBERED = 1 << 12


class NameInList(NamedTuple):
    """A name in a list: its span, and the spans of a second plate in brackets and of a post."""

    start: int
    end: int
    plate: tuple[int, int] | None = None
    post: tuple[int, int] | None = None
    # A mark of its role beside the name: 甲局(牵头), 乙局(配合), 甲局*.
    mark: Literal["", "lead", "assist", "star"] = ""

    def moved(self, by: int) -> NameInList:
        """The name at offsets that are larger by so much."""
        start, end, plate, post, mark = self
        if plate is None and post is None:
            return NameInList(start + by, end + by, None, None, mark)
        return NameInList(
            start + by,
            end + by,
            (plate[0] + by, plate[1] + by) if plate else None,
            (post[0] + by, post[1] + by) if post else None,
            mark,
        )


class NameList(NamedTuple):
    """The names of a list, and whether it ends in 等."""

    names: list[NameInList]
    open_ended: bool


def split_names(folded: str, start: int, end: int) -> NameList:
    """Split the list between two positions at 、 , ; / and blanks outside brackets.

    "区发改局(区统计局)、各街道办等部门" -> 区发改局(区统计局) with its plate, 各街道办; open-ended
    """
    if _COMPLEX.search(folded, start, end) is None:
        simple = [NameInList(*match.span()) for match in _SIMPLE.finditer(folded, start, end)]
        if not any(may_share(folded[name.start : name.end]) for name in simple):
            return NameList(simple, open_ended=False)
    names, open_ended = _split_complex(folded[start:end])
    return NameList([name.moved(start) for name in names], open_ended)


@lru_cache(_REMEMBERED)
def _split_complex(folded: str) -> NameList:
    """Split a list with brackets, blanks or joints; the names are at offsets in it."""
    names: list[NameInList] = []
    open_ended = False
    for piece_start, piece_end in split_pieces(folded, 0, len(folded)):
        others = _AND_OTHERS.search(folded, piece_start, piece_end)
        if others and others.start() > piece_start:
            open_ended = True
            names += _split_piece(folded, piece_start, others.start())
            names += _split_group(folded, others.end(), piece_end)
        elif others and others.start() == piece_start:
            open_ended = True
            names += _split_group(folded, others.end(), piece_end)
        else:
            names += _split_piece(folded, piece_start, piece_end)
    return NameList(names, open_ended)


def _split_piece(folded: str, start: int, end: int) -> list[NameInList]:
    """The names of one piece, split at 和, 及, 与 only where a whole name or group follows."""
    start, end = trim(folded, start, end, EDGES)
    if end - start > _LIST_LIMIT:
        return _read_name(folded, start, end)
    for joint in _JOINT.finditer(folded, start + 1, end - 1):
        if _is_boundary(folded, start, end, joint):
            left = _read_name(folded, start, joint.start())
            return left + _split_piece(folded, joint.end(), end)
    return _read_name(folded, start, end)


def _is_boundary(folded: str, start: int, end: int, joint: re.Match[str]) -> bool:
    """Whether 和, 及 or 与 joins two names: 区安监局及保险公司, not 住房和城乡建设局 or 和平区教育局."""
    at = joint.start()
    if _JOINT_WORD.match(folded, at - 1) or _JOINT_WORD.match(folded, at):
        return False
    left, right = folded[start:at], folded[joint.end() : end]
    if left.count("(") != left.count(")") or _is_bare(right):
        return False
    if _GENERIC.fullmatch(without_blanks(left)) and right.endswith(_INNER_OFFICES):
        return False
    if not _is_office(left) and right.endswith(_OFFICES) and not _HEADED.match(right):
        return False
    whole = is_collective(right) or (is_unit(right) and len(right) > 2)
    return whole and (is_whole_unit(left) or joint[0] in ("以及", "会同"))


def _split_group(folded: str, start: int, end: int) -> list[NameInList]:
    """The group after 等 if it has a word of its own: 等国务院相关部门, not 等部门."""
    start, end = trim(folded, start, end, EDGES)
    while start < end and folded[start] in "和及与":
        start += 1
    counted = _COUNTED.match(folded, start, end)
    if counted and _is_bare(folded[counted.end() : end]):
        start = counted.end()
    beside = _BARE_BESIDE.match(folded, start, end)
    if beside:
        start = beside.end()
    if start >= end or _is_bare(folded[start:end]):
        return []
    return _split_piece(folded, start, end)


def _cut_closers(folded: str, start: int, end: int) -> int:
    """Where a name ends without a closing bracket that nothing in it opens: 区人民政府〉."""
    while end > start and folded[end - 1] in ")]〉":
        if folded.count("([〈"[")]〉".index(folded[end - 1])], start, end) >= folded.count(
            folded[end - 1], start, end
        ):
            break
        end -= 1
    return end


def _is_office(name: str) -> bool:
    """Whether a name ends as an office or company, or is a group or a bare level."""
    bare = without_blanks(name).split("(", 1)[0]
    return bare.endswith(_OFFICES) or is_collective(bare) or bare in LEVELS


def _is_bare(group: str) -> bool:
    """Whether a group has no word of its own: 部门, 部门和企业."""
    group = without_blanks(group)
    return group in _BARE or _BARE_WORDS.fullmatch(group) is not None


def _read_name(folded: str, start: int, end: int) -> list[NameInList]:
    """A name with the mark or bracket beside it; a bracket may list further names."""
    start, end = trim(folded, *trim_manner(folded, *trim(folded, start, end, EDGES)), EDGES)
    end = _cut_closers(folded, start, end)
    if start >= end:
        return []
    if folded[start] in STARS or folded[end - 1] in STARS:
        start, end = trim(folded, start, end, STARS)
        return [NameInList(start, end, mark="star")] if start < end else []
    opening = folded.rfind("(", start, end) if folded[end - 1] == ")" else -1
    if opening <= start:
        return [NameInList(start, end)]
    return _read_bracketed(folded, start, opening, end)


def _read_bracketed(folded: str, start: int, opening: int, end: int) -> list[NameInList]:
    """A name from `start` with a bracket from `opening`, by what the bracket says."""
    inner = folded[opening + 1 : end - 1]
    name = NameInList(start, opening)
    role = _ROLE_MARK.fullmatch(inner)
    if role:
        return [name._replace(mark=_mark(role))]
    if inner and inner in STARS:
        return [name._replace(mark="star")]
    beside = _BESIDE.fullmatch(inner)
    if beside and all(map(is_unit, beside["names"].split("、"))):
        inside = split_names(folded, opening + 1, opening + 1 + len(beside["names"]))
        return [name, *(one._replace(mark=_mark(beside)) for one in inside.names)]
    if _NOTE.match(folded, opening) or _DUTY.search(inner):
        return [name]
    if "、" in inner and _lists_members(folded[start:opening], inner):
        return [name, *split_names(folded, opening + 1, end - 1).names]
    if is_unit(inner) and not inner.startswith("含"):
        return [NameInList(start, end, plate=(opening + 1, end - 1))]
    return [NameInList(start, end)]


def _mark(match: re.Match[str]) -> Literal["lead", "assist"]:
    """The mark for the role that a bracket gives."""
    return "lead" if match["lead"] else "assist"


def _lists_members(group: str, inner: str) -> bool:
    """Whether a bracket lists a group's members: 市直有关部门(市发改委、市财政局), not 各街道(含甲、乙)."""
    members = inner.split("、")
    return (
        is_collective(group)
        and not inner.startswith(("含", "包括"))
        and all(is_unit(member) and len(member) > 2 for member in members)
    )
