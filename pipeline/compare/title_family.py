"""The family of a plan's title: what stays of it from year to year."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.same_issuer import find_title_body, shorten_zones, without_office
from pipeline.lexicon import alternation, folder, words
from pipeline.names.gazetteer import gazetteer
from pipeline.names.places import home_of, split_chain
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Notice

# Words that differ between two years' titles of one plan, or between a plan's title and its
# notice's. Goes: 2016年度, (2023版), 2014年11月13日, 关于印发…的通知, (征求意见稿), 第三批, 上半年.
# Stays: 重点改革计划, 十四五.
_VARYING = re.compile(
    r"""
    (?:20\d\d|[一二][〇○零一二三四五六七八九]{3}) (?:年?版|年(?:度)?)? (?:\d{1,2}月(?:\d{1,2}日)?)?
  | 关于 | 印发 | 下达 | 公布 | 发布 | 的通知 | 通知$
  | \((?:修订|更正|试行|调整|征求意见|讨论|送审|草案|修改|代拟)[^)]*\)
  | 第[一二三四五六七八九十\d]+[批号] | [上下]半年 | 第?[一二三四]季度
    """,
    re.VERBOSE,
)
# Of several plans of one year the words that tell them apart: 第三批, 下半年, 第一季度.
_PART = re.compile(r"第[一二三四五六七八九十\d]+批|[上下]半年|第?[一二三四]季度")
_DRAFT = re.compile(r"征求意见|讨论稿|送审稿|草案|代拟稿")
_MARKS = re.compile(r"[\W_]+")
# The place in its own words at the head of a title: 全省重点工作, 我市民生实事.
_OWN_PLACE = re.compile(r"^(?:全|本|我)[国省市区县州旗盟镇乡](?!域)")
# The level that comes before a department's name: 省|住房城乡建设厅.
_LEVEL = re.compile(r"^[省市区县州旗盟]")
# The body of a place without the place's name: 人民政府办公厅.
_GOVERNMENT = re.compile(r"^(?:人民政府|政府)(?:办公[室厅])?")
# What a title calls its plan: 工作要点, 重点任务分工方案.
_PLAN_WORDS = frozenset(
    (
        *words("document_types", "plan"), *words("document_types", "form"),
        *words("plan_titles", "ending"), *words("plan_titles", "work"),
        "任务", "责任", "主要", "具体", "工作", "重点", "实施", "若干", "指导", "年度",
    )
)  # fmt: skip


def _is_subjectless(word: str) -> bool:
    """Answer whether a plan's name says nothing of its subject; 重点改革计划 does."""
    ends = (one for one in _PLAN_WORDS if word != one and word.endswith(one))
    return all(re.fullmatch(_ANY_PLAN_WORD, word.removesuffix(one)) for one in ends)


_ANY_PLAN_WORD = rf"(?:{alternation(_PLAN_WORDS)})+"
_CALLED = re.compile(rf"(?:{alternation(filter(_is_subjectless, _PLAN_WORDS))})+$")
# What says nothing of a subject, and counts that change: 重点|改革, 22件|民生, 十大|工程.
_UNSAYING = re.compile(
    r"^(?:重点|年度|主要)+|(?:\d{1,3}|[二三四五六七八九十]{1,3})[件项个条大](?=[\u4e00-\u9fff]|$)"
)
# A document that goes beside a plan has its title and a word more: 工作要点考核办法.
_COMPANION = re.compile(alternation(words("plan_titles", "companion")))
# The least share of pairs of characters that the subjects of two titles of one family have in
# common, and that where the longer one has the shorter one in it.
_SIMILAR, _CONTAINED = 0.6, 0.55
# A chain of places of fewer letters at the head of a title may be a word: 城区, 东区.
_SHORTEST_PLACE = 3


class TitleParts(NamedTuple):
    """A title without year, place and body; its subject; the words of its part of the year.

    2021年盐田区第二批民生实事工作方案: family 民生实事工作方案, subject 民生, part (第二批,)
    """

    family: str
    subject: str
    part: tuple[str, ...]
    is_draft: bool


def title_family(notice: Notice) -> str:
    """Return a title without year, place, issuer, marks and the words of a covering notice.

    关于印发盐田区2011年重点改革计划的通知 -> 重点改革计划
    """
    return split_title(notice).family


def split_title(notice: Notice) -> TitleParts:
    """Return what tells a plan's title from that of another plan of the body."""
    title = notice.title or notice.notice_title or ""
    return _split(
        title, notice.home or "", notice.region or "", notice.issuing_body or "", folder()
    )


@lru_cache(1 << 12)
def _split(title: str, home: str, region: str, issuer: str, over: object) -> TitleParts:
    del over
    title, issuer = shorten_zones(fold(title)), shorten_zones(fold(issuer))
    own = find_title_body(title, issuer, home or None)
    varied = _VARYING.sub("", title.removeprefix(own))
    places = _list_place_names(shorten_zones(home), shorten_zones(region))
    bare = _strip_head(varied, issuer, places)
    for place in places:
        # 推进|盐田区|家庭医生签约; a short name may be part of a word.
        bare = bare.replace(place, "") if len(place) >= _SHORTEST_PLACE else bare
    family = _MARKS.sub("", bare) or _MARKS.sub("", varied)
    return TitleParts(
        family=family,
        subject=_UNSAYING.sub("", _CALLED.sub("", family)),
        part=tuple(_PART.findall(title)),
        is_draft=_DRAFT.search(title) is not None,
    )


def _strip_head(title: str, issuer: str, places: tuple[str, ...]) -> str:
    """Remove the names of place and issuer at the head of a title, in any order and form."""
    bodies = _list_body_names(issuer, places)
    while True:
        bare = _OWN_PLACE.sub("", title.lstrip("《〈“\"'(·- \t\n"))
        level = _LEVEL.match(bare)
        rest = bare[1:] if level and bare[1:].startswith(bodies) else bare
        found = next((one for one in (*bodies, *places) if rest.startswith(one)), "")
        rest = rest.removeprefix(found)
        if found in places:
            rest = _GOVERNMENT.sub("", rest)
        if not found:
            rest = _strip_known_place(rest)
        if rest == title:
            return title
        title = rest


def _list_body_names(issuer: str, places: tuple[str, ...]) -> tuple[str, ...]:
    """Return the issuer's name with and without its office and its place, the longest first."""
    names = {issuer, without_office(issuer)}
    for place in places:
        names |= {one.removeprefix(place) for one in names}
    # 政府 alone, or 委, is no name that a title would lose.
    return tuple(sorted((one for one in names if len(one) > 2), key=lambda one: (-len(one), one)))


def _list_place_names(home: str, region: str) -> tuple[str, ...]:
    """Return what a title may call its place: 广东省深圳市盐田区, 深圳市盐田区, 盐田区."""
    names = {home, region}
    path = home_of(home).names if home else ()
    names |= {"".join(path[n:]) for n in range(len(path))}
    names |= {path[n] for n in range(len(path))}
    short = {row.short for one in path for row in gazetteer().whole.get(one) if len(row.short) > 1}
    # 广西, 甘孜州: titles leave out the level, or the people that a place is named after.
    names |= short | {f"{one}{level}" for one in short for level in "州县"}
    return tuple(sorted(filter(None, names), key=lambda one: (-len(one), one)))


def _strip_known_place(title: str) -> str:
    """Remove a place of the table at the head of a title; not the 城区 of 城区绿化计划."""
    rest = split_chain(title)[1]
    return rest if len(title) - len(rest) >= _SHORTEST_PLACE else title


def is_same_family(previous: Notice, current: Notice) -> bool:
    """Answer whether two titles differ no more than the titles of one plan do from year to year.

    What the plan is about decides, not what it is called: 普法工作要点 and 普法工作计划 may be one
    plan, 普法工作要点 and 司法工作要点 are not. 民生实事考核办法 is not the plan of 民生实事.
    """
    return compare_titles(split_title(previous), split_title(current)) > 0


def compare_titles(one: TitleParts, other: TitleParts) -> float:
    """Return how alike two titles of one family are, up to 1; 0 where they are of two families."""
    if not one.family or not other.family:
        return 0
    if one.family == other.family:
        return 1
    if set(_list_companions(one.family)) != set(_list_companions(other.family)):
        return 0
    short, long = sorted((one.subject, other.subject), key=len)
    if not long:
        # 重点工作任务分解表, 重点工作任务分工
        short, long = sorted((one.family, other.family), key=len)
    alike = _share_pairs(short, long)
    return alike if alike >= (_CONTAINED if short and short in long else _SIMILAR) else 0


def list_title_keys(title: TitleParts) -> set[str]:
    """Return keys of which two titles of one family have at least one in common."""
    words = title.subject or title.family
    pairs = (words[n : n + 2] for n in range(len(words) - 1))
    return {one for one in (title.family, title.subject, *pairs) if one}


def _list_companions(family: str) -> Iterator[str]:
    return (found[0] for found in _COMPANION.finditer(family))


def _share_pairs(one: str, other: str) -> float:
    """Return the share of pairs of neighbouring characters that two subjects have in common."""
    if one == other:
        return 1
    pairs = [{text[n : n + 2] for n in range(len(text) - 1)} for text in (one, other)]
    return 2 * len(pairs[0] & pairs[1]) / max(1, len(pairs[0]) + len(pairs[1]))
