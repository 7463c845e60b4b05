"""Split a list of leaders into persons and their posts: 县委副书记、县长薛建平, 王纲市长, 李国祥(校长)."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.lexicon import alternation, words
from pipeline.names.list_pieces import EDGES
from pipeline.names.lists import NameInList, NameList
from pipeline.names.units import ENDINGS, is_unit
from pipeline.text import find_cuts, trim

_POSTS = alternation(words("unit_words", "post"))
# A post with the organ before it: 县委副书记, 市公安局局长.
POST = rf"(?:{alternation(words('unit_words', 'post_organ'))})*(?:{_POSTS})"
# Must match 王纲市长; 县委副书记、县长薛建平; 李国祥(校长); 张三同志. Must not match 区人武部政委张三,
# which has a unit before the post (see _POSTED).
_LEADER = re.compile(
    rf"""
    (?P<before>(?:{POST}[、,\ ]?)*)
    (?P<name>[\u4e00-\u9fff·]{{2,4}}?|[\u4e00-\u9fff]\ +[\u4e00-\u9fff]{{1,2}}?)  # 张超; 张 超
    (?:\ *同志)?
    (?:\((?P<inside>[\u4e00-\u9fff、]{{2,16}})\)|\ *(?P<behind>(?:{POST})+))?
    (?:同志)?
    """,
    re.VERBOSE,
)
# A post with its unit: 区人武部政委张三. Both names are there so that one function reads either match.
_POSTED = re.compile(
    rf"(?P<before>(?P<unit>[\u4e00-\u9fff]{{2,16}})(?:{_POSTS}))(?P<inside>)(?P<behind>)(?P<name>[\u4e00-\u9fff]{{2,4}})"
)
_SEPARATOR = re.compile("[ 、,;]")
# The first character of a padded name (张 of 张 超), perhaps after a post.
_HALF = re.compile(rf"(?:{POST}[、,]?)*[\u4e00-\u9fff]")
# A post without a name: 分管副市长, 各牵头县领导.
_ONLY_POST = re.compile(rf"(?:各?(?:{POST}|[\u4e00-\u9fff]{{0,6}}领导))+")
# 张三|·副区长: a post behind its name, up to the list's next separator; in a list without any
# the next name has a post behind it too.
_POST_BEHIND = re.compile(
    rf"\ *(?:{POST})+(?=\ *(?:[、,;/。\n\t()\[\]]|$)|\ +[\u4e00-\u9fff·]{{2,4}}\ +(?:{POST})+(?:[、,;\ ]|$))"
)
_LEADER_CUT = re.compile(r"[、,;/()\[\]。\n\t ]")
# The same few persons lead many items, so what is read is cached: this many lists.
_REMEMBERED = 1 << 14


@lru_cache(_REMEMBERED)
def is_person(name: str) -> bool:
    """Whether a folded name is that of a person with a post: 副市长张三, 张三局长; not 张三 alone."""
    match = _LEADER.fullmatch(name)
    if match is None or not (match["before"] or match["behind"]):
        return False
    own = match["name"]
    return not (
        is_unit(own) or is_unit(name) or own.endswith(ENDINGS) or _ONLY_POST.fullmatch(name)
    )


@lru_cache(_REMEMBERED)
def is_post(name: str) -> bool:
    """Whether a folded name is a post without a person: 副区长, 各牵头县领导."""
    return _ONLY_POST.fullmatch(name) is not None


def split_leaders(folded: str, start: int, end: int) -> NameList:
    """Split the leaders between two positions into persons, each with the post printed beside it.

    "县委副书记、县长薛建平" -> 薛建平 with 县委副书记、县长; "李 雪梅、王纲市长" -> 李 雪梅, 王纲
    """
    found, open_ended = _leaders(folded[start:end])
    names = [
        NameInList(a + start, b + start, post=(post[0] + start, post[1] + start) if post else None)
        for a, b, _, post, _ in found
    ]
    return NameList(names, open_ended)


@lru_cache(_REMEMBERED)
def _leaders(text: str) -> NameList:
    """The persons of a list, at offsets in it; a post without a name belongs to the next person."""
    names: list[NameInList] = []
    open_ended = False
    posts: tuple[int, int] | None = None
    for a, b in _leader_pieces(text, 0, len(text)):
        more = text[b - 1] == "等" and b - a > 2
        open_ended |= more
        end = b - more
        if _ONLY_POST.fullmatch(text, a, end):
            posts = (posts[0] if posts else a, end)
            continue
        match = _LEADER.fullmatch(text, a, end) or _match_posted(text, a, end)
        if match is None:
            names.append(NameInList(a, end))
        else:
            names.append(_leader(match, posts))
        posts = None
    if posts and names:
        names[-1] = _add_last_post(text, names[-1], posts)
    return NameList(names, open_ended)


def _add_last_post(text: str, name: NameInList, posts: tuple[int, int]) -> NameInList:
    """The last name of a list with the posts that are printed behind it: 张三、副区长."""
    if name.post is None:
        return name._replace(post=posts)
    if text[name.post[1] : posts[0]].strip() == "、":
        return name._replace(post=(name.post[0], posts[1]))
    return name


def _match_posted(text: str, start: int, end: int) -> re.Match[str] | None:
    """A match of a post with its unit and a name, if the unit reads as one: 区人武部政委张三."""
    match = _POSTED.fullmatch(text, start, end)
    return match if match and is_unit(match["unit"]) else None


def _leader(match: re.Match[str], posts: tuple[int, int] | None) -> NameInList:
    """The person of a match; `posts` are those printed as pieces of their own before it."""
    post = None
    for part in ("before", "inside", "behind"):
        if match[part]:
            post = match.span(part)
            break
    if posts is not None:
        post = (posts[0], match.end("before") if match["before"] else posts[1])
    return NameInList(*match.span("name"), post=post)


def _leader_pieces(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The pieces between separators; a blank separates whole names (赵志刚 孙玉梅) and pads 张 超."""
    pieces: list[tuple[int, int]] = []
    begin = start
    for at in find_cuts(_LEADER_CUT, folded, start, end):
        if folded[at] == " ":
            before = folded[begin:at].strip()
            left = before.rsplit(" ", 1)[-1]
            if not _ONLY_POST.fullmatch(left) and _POST_BEHIND.match(folded, at + 1, end):
                continue
            if " " in before and _ONLY_POST.fullmatch(left) and not _ONLY_POST.match(before):
                pieces.append((begin, at))
                begin = at + 1
                continue
            right = folded[at + 1 : end].strip()[:5]
            if not right or _HALF.fullmatch(left) or len(_SEPARATOR.split(right)[0]) == 1:
                continue
            if _ONLY_POST.fullmatch(left):
                continue
        pieces.append((begin, at))
        begin = at + 1
    pieces.append((begin, end))
    return [piece for a, b in pieces if (piece := trim(folded, a, b, EDGES))[0] < piece[1]]
