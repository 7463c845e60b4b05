"""A list of units -> its names, where they stand and what kind each is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.lexicon import alternation, words
from pipeline.text import find_cuts, trim

_ENDINGS = words("unit_words", "ending")
_OPENINGS = words("unit_words", "collective_opening")
_CORES = re.compile(alternation(words("unit_words", "collective_core")))
_ACTS = words("unit_words", "act")
_ORGANS = words("unit_words", "organ")
_LEVELS = frozenset(words("unit_words", "level"))
_BARE = frozenset(words("unit_words", "bare_group"))
_POSTS = alternation(words("unit_words", "post"))

_SEPARATOR = re.compile(r"[、,;/()\[\]。\n\t ]")
# 等 ends a list unless it belongs to a word: 高等教育处, 中等职业学校, 等级.
_AND_OTHERS = re.compile(r"(?<![高中初同平上下优])等(?![级院职教线候高中])")
# Words that hold 和, 及 or 与 themselves: 和平区, 呼和浩特.
_JOINT_WORD = re.compile(alternation(words("unit_words", "joint_word")))
_JOINT = re.compile(r"以及|会同|[和及与]")
# Most lists are plain: names and 、 and nothing that could belong to a name.
_COMPLEX = re.compile(r"[()\[\]等和及与\s\":*★☆▲△●◆#—–─]|会同")
_SIMPLE = re.compile(r"[^、,;/。]+")
_COUNTED = re.compile(r"\d+个|[一二三四五六七八九十]+个|多个|各?(?=部门|单位)")
_NOTE = re.compile(r"\((?=[^()]{0,4}(?:列|排|除标注|第一))")
# 王纲市长; 县委副书记、县长薛建平; 李国祥(校长); 张三同志
POST = rf"(?:{alternation(words('unit_words', 'post_organ'))})*(?:{_POSTS})"
_LEADER = re.compile(
    rf"(?P<before>(?:{POST}[、, ]?)*)(?P<name>[\u4e00-\u9fff·]{{2,4}}?|[\u4e00-\u9fff] +[\u4e00-\u9fff]{{1,2}})"
    rf"(?:同志)?(?:\((?P<inside>[\u4e00-\u9fff、]{{2,16}})\)|(?P<behind>(?:{POST})+))?(?:同志)?"
)
# The first character of a padded name, perhaps behind a post.
_HALF = re.compile(rf"(?:{POST}[、,]?)*[\u4e00-\u9fff]")
_ONLY_POST = re.compile(rf"(?:各?(?:{POST}|[\u4e00-\u9fff]{{0,6}}领导))+")
_EDGES = ' \t\n、,;。:"—–─'
STARS = "*★☆▲△●◆#"
_NAME_LIMIT = 60
# A piece between separators that is longer than this holds no two names.
_LIST_LIMIT = 240
# A plan names the same units again and again; look-ups are remembered.
_REMEMBERED = 1 << 14


class Listed(NamedTuple):
    """A name in a list: its span in the text, those of a second plate in brackets and a post."""

    start: int
    end: int
    plate: tuple[int, int] | None = None
    post: tuple[int, int] | None = None
    # What stands beside the name of its role: 甲局(牵头), 乙局(配合), 甲局*.
    mark: Literal["", "lead", "assist", "star"] = ""


class NameList(NamedTuple):
    """The names of a list, and whether it ends in 等."""

    names: list[Listed]
    open_ended: bool


@lru_cache(_REMEMBERED)
def is_unit(name: str) -> bool:
    """Whether a folded name reads as a unit or a group of units by its words."""
    bare = name.split("(", 1)[0] if name.endswith(")") and name[0] != "(" else name
    if not 2 <= len(bare) <= _NAME_LIMIT or not (bare.endswith(_ENDINGS) or is_collective(bare)):
        return False
    # 新建学校2所, 创建国家卫生城市: things to be done end like units.
    if bare[-2].isdecimal() or (len(bare) > 2 and bare[-3:-1].isdecimal()):
        return False
    return not bare.startswith(_ACTS) or bare.endswith(_ORGANS)


@lru_cache(_REMEMBERED)
def _is_whole(name: str) -> bool:
    """Whether a name ends as a unit or group does: 各市(地)粮食 does not."""
    bare = name.split("(", 1)[0] if name.endswith(")") and name[0] != "(" else name
    return is_unit(name) and (
        bare.endswith(_ENDINGS) or _CORES.search(bare) is not None or bare in _LEVELS
    )


@lru_cache(_REMEMBERED)
def is_collective(name: str) -> bool:
    """Whether a name stands for a group: 各街道办, 国务院相关部门, 专班成员单位."""
    return name.startswith(_OPENINGS) or _CORES.search(name) is not None


@lru_cache(_REMEMBERED)
def is_person(name: str) -> bool:
    """Whether a folded name is a person's with a post beside it: 副市长张三, 张三局长."""
    match = _LEADER.fullmatch(name)
    if match is None or not (match["before"] or match["behind"]):
        return False
    own = match["name"]
    return not (
        is_unit(own) or is_unit(name) or own.endswith(_ENDINGS) or _ONLY_POST.fullmatch(name)
    )


def split_leaders(folded: str, start: int, end: int) -> NameList:
    """The persons between two positions, each with a post that stands beside the name.

    "县委副书记、县长薛建平" -> 薛建平 with 县委副书记、县长; "李 雪梅、王纲市长" -> 李 雪梅, 王纲
    """
    found, open_ended = _leaders(folded[start:end])
    names = [
        Listed(a + start, b + start, post=(post[0] + start, post[1] + start) if post else None)
        for a, b, _, post, _ in found
    ]
    return NameList(names, open_ended)


@lru_cache(_REMEMBERED)
def _leaders(said: str) -> NameList:
    """The persons of a list; the same few lead many items, so what is read is remembered."""
    names: list[Listed] = []
    open_ended = False
    held: int | None = None
    for a, b in _leader_pieces(said, 0, len(said)):
        more = said[b - 1] == "等" and b - a > 2
        open_ended |= more
        end = b - more
        if _ONLY_POST.fullmatch(said, a, end):
            held = a if held is None else held
            continue
        match = _LEADER.fullmatch(said, a, end) or _posted(said, a, end)
        if match is None:
            names.append(Listed(a, end))
        else:
            names.append(_leader(match, held))
        held = None
    return NameList(names, open_ended)


# A post named with its unit: 区人武部政委张三.
_POSTED = re.compile(
    rf"(?P<before>(?P<unit>[\u4e00-\u9fff]{{2,16}})(?:{_POSTS}))(?P<inside>)(?P<behind>)(?P<name>[\u4e00-\u9fff]{{2,4}})"
)


def _posted(said: str, start: int, end: int) -> re.Match[str] | None:
    match = _POSTED.fullmatch(said, start, end)
    return match if match and is_unit(match["unit"]) else None


def _leader(match: re.Match[str], held: int | None) -> Listed:
    post = None
    for part in ("before", "inside", "behind"):
        if match[part]:
            post = match.span(part)
            break
    if held is not None:
        post = (held, match.end("before") if match["before"] else held)
    return Listed(*match.span("name"), post=post)


def _leader_pieces(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between separators; a blank parts two whole names and pads a short one."""
    pieces: list[tuple[int, int]] = []
    begin = start
    for at in find_cuts(_LEADER_CUT, folded, start, end):
        if folded[at] == " ":
            left = folded[begin:at].rsplit(" ", 1)[-1].strip()
            right = folded[at + 1 : end].strip()[:5]
            if not right or _HALF.fullmatch(left) or len(re.split(r"[ 、,;]", right)[0]) == 1:
                continue
            if _ONLY_POST.fullmatch(left):
                continue
        pieces.append((begin, at))
        begin = at + 1
    pieces.append((begin, end))
    return [piece for a, b in pieces if (piece := trim(folded, a, b, _EDGES))[0] < piece[1]]


_LEADER_CUT = re.compile(r"[、,;/()\[\]。\n\t ]")


def split_names(folded: str, start: int, end: int) -> NameList:
    """The names between two positions: split at 、 , ; / and blanks outside brackets.

    "区发改局(区统计局)、各街道办等部门" -> 区发改局(区统计局) with its plate, 各街道办; open-ended
    """
    if _COMPLEX.search(folded, start, end) is None:
        simple = [Listed(*match.span()) for match in _SIMPLE.finditer(folded, start, end)]
        if not any(folded[name.start : name.end] in _LEVELS for name in simple):
            return NameList(simple, open_ended=False)
    names: list[Listed] = []
    open_ended = False
    for piece_start, piece_end in _pieces(folded, start, end):
        others = _AND_OTHERS.search(folded, piece_start, piece_end)
        if others and others.start() > piece_start:
            open_ended = True
            _add(folded, piece_start, others.start(), names)
            _add_group(folded, others.end(), piece_end, names)
        elif others and others.end() == piece_end:
            open_ended = True
        else:
            _add(folded, piece_start, piece_end, names)
    return NameList(names, open_ended)


def _pieces(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between separators at bracket depth 0, a bare level word joined to the next
    (各市、州、县人民政府)."""
    pieces: list[tuple[int, int]] = []
    begin = last = start
    for at in find_cuts(_SEPARATOR, folded, start, end):
        if folded[at] == " " and _is_padding(folded, begin, at, end):
            continue
        level = folded[at] == "、" and _shares_next(folded, last, at, end)
        last = at + 1
        if not level:
            pieces.append((begin, at))
            begin = at + 1
    pieces.append((begin, end))
    return [piece for a, b in pieces if (piece := trim(folded, a, b, _EDGES))[0] < piece[1]]


_LEVEL_HEAD = alternation(word for word in _LEVELS if not word.startswith("各"))
_NEXT_LEVEL = re.compile(rf"(?:{_LEVEL_HEAD})(?![直级属])")
_NEXT_SEAT = re.compile(
    rf"(?:{_LEVEL_HEAD})(?:\([^()]*\))?(?:人民政府|政府|党委|党工委|管委会|办事处|办|有关|相关|$|(?=[、,;。]))"
)


def _shares_next(folded: str, start: int, at: int, end: int) -> bool:
    """Whether a bare level word shares the next one's stem: 各市、州、县人民政府; 区、县交通局.

    各街道、国网供电公司 are two.
    """
    word = folded[start:at].strip()
    if word not in _LEVELS:
        return False
    following = _NEXT_SEAT if word.startswith("各") or start == at else _NEXT_LEVEL
    return following.match(folded, at + 1, end) is not None


# The first character of a padded name stands this close to its blank.
_PADDED = 3


def _is_padding(folded: str, begin: int, blank: int, end: int) -> bool:
    """Whether a blank pads a two-character name (张 超) or a break falls inside a name."""
    if blank - begin > _PADDED:
        return False
    after = blank
    while after < end and folded[after] == " ":
        after += 1
    alone = after + 1 >= end or folded[after + 1] in "、,;。 "
    return len(folded[begin:blank].strip()) == 1 and alone


def _add(folded: str, start: int, end: int, names: list[Listed]) -> None:
    """Add the names of one piece: cut at 和, 及, 与 only where a whole name or group follows."""
    start, end = trim(folded, start, end, _EDGES)
    if start >= end:
        return
    if end - start > _LIST_LIMIT:
        _add_one(folded, start, end, names)
        return
    for joint in _JOINT.finditer(folded, start + 1, end - 1):
        if _JOINT_WORD.match(folded, joint.start() - 1) or _JOINT_WORD.match(folded, joint.start()):
            continue
        left, right = folded[start : joint.start()], folded[joint.end() : end]
        if left.count("(") != left.count(")") or right in _BARE:
            continue
        whole = is_collective(right) or (is_unit(right) and len(right) > 2)
        if whole and (_is_whole(left) or joint[0] in ("以及", "会同")):
            _add_one(folded, start, joint.start(), names)
            _add(folded, joint.end(), end, names)
            return
    _add_one(folded, start, end, names)


def _add_group(folded: str, start: int, end: int, names: list[Listed]) -> None:
    """Add what follows 等 if it names a group with a word of its own: 等国务院相关部门及各地区."""
    start, end = trim(folded, start, end, _EDGES)
    while start < end and folded[start] in "和及与":
        start += 1
    counted = _COUNTED.match(folded, start, end)
    if counted:
        start = counted.end() if folded[counted.end() : end] in _BARE else start
    if start < end and folded[start:end] not in _BARE:
        _add(folded, start, end, names)


# A bracket behind a name that tells its role: 牵头, 配合单位; or another's: 乙局配合.
_ROLE_MARK = re.compile(
    r"(?P<lead>总?牵头|主办|主责|主要)(?:单位|部门|负责)?|(?P<assist>配合|协办|参与|协助|会办)(?:单位|部门)?"
)
_BESIDE = re.compile(
    r"(?P<names>[^()]{3,60}?)(?:(?P<lead>牵头|主办)|(?P<assist>配合|协办|参与|协助))"
)


def _mark(match: re.Match[str]) -> Literal["lead", "assist"]:
    return "lead" if match["lead"] else "assist"


# A bracket behind a name that tells what it does is no part of the name.
_TELLS = re.compile(r"负责|牵头|配合|由.{2}|人:")


def _add_one(folded: str, start: int, end: int, names: list[Listed]) -> None:
    start, end = trim(folded, start, end, _EDGES)
    if start < end and (folded[start] in STARS or folded[end - 1] in STARS):
        start, end = trim(folded, start, end, STARS)
        if start < end:
            names.append(Listed(start, end, mark="star"))
        return
    if start >= end:
        return
    if folded[end - 1] != ")":
        names.append(Listed(start, end))
        return
    opening = folded.rfind("(", start, end)
    note = _NOTE.match(folded, opening) if opening > start else None
    inner = folded[opening + 1 : end - 1]
    role = _ROLE_MARK.fullmatch(inner) if opening > start else None
    beside = _BESIDE.fullmatch(inner) if opening > start else None
    if role:
        names.append(Listed(start, opening, mark=_mark(role)))
    elif opening > start and inner and inner in STARS:
        names.append(Listed(start, opening, mark="star"))
    elif beside and all(map(is_unit, beside["names"].split("、"))):
        names.append(Listed(start, opening))
        inside = split_names(folded, opening + 1, opening + 1 + len(beside["names"]))
        names.extend(name._replace(mark=_mark(beside)) for name in inside.names)
    elif note or (opening > start and _TELLS.search(inner)):
        names.append(Listed(start, opening))
    elif "、" in inner and opening > start and _lists_members(folded[start:opening], inner):
        names.append(Listed(start, opening))
        names.extend(split_names(folded, opening + 1, end - 1).names)
    elif opening > start and is_unit(inner) and not inner.startswith("含"):
        names.append(Listed(start, end, (opening + 1, end - 1)))
    else:
        names.append(Listed(start, end))


def _lists_members(group: str, inner: str) -> bool:
    """市直有关部门(市发改委、市财政局): a group with its members, not 各街道(含甲、乙)."""
    members = inner.split("、")
    return (
        is_collective(group)
        and not inner.startswith(("含", "包括"))
        and all(is_unit(member) and len(member) > 2 for member in members)
    )
