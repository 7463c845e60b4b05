"""Find sentences that settle roles for many items: who of a list leads, who answers for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.names.lists import STARS
from pipeline.parse.clauses.clause import Share
from pipeline.parse.clauses.clause_shares import parse_shares

RuleCode = Literal["first-leads", "marked-leads", "responsible-leads", "standing", "closing"]

# 列第一位者为牵头单位; 排在第一位的部门为牵头部门; 主要责任单位第一个为牵头单位; 列首位的为主办单位;
# 列首位的单位负责牵头; not 第一批, nor 排名第一的单位给予奖励
_FIRST_LEADS = re.compile(
    r"""
    [第首最列排居]
    (?:
      (?:(?<=第)一(?:位|个|名|家)?|(?<=首)[位个]|(?<=最)前)
        的?(?:者|责任单位|责任部门|单位|部门|处室)?,?
        (?:即为|为|是|作为|系)(?:本项|该项|各项)?(?:工作|任务|主要|总|第一)*
        (?:牵头|汇总|主办|主责|主要责任|责任|负责)
      | (?<=[列排居])(?:在)?(?:首位|第一(?:位)?)的?(?:单位|部门)?(?:负责)?牵头
    )
    """,
    re.VERBOSE,
)
# 标*的为牵头单位; ★为主办部门; not ★为重点任务
_MARKED_LEADS = re.compile(
    rf"[{STARS}][^。;\n]{{0,8}}?(?:为|是|系|表示|即)[^。;\n]{{0,3}}?(?:牵头|主办|主责|主要责任)"
)
# 未明确牵头单位的,由责任单位牵头: two patterns, because the rarer words are searched for first.
_RESPONSIBLE_LEADS = re.compile(r"责任(?:单位|部门)[^。;\n]{0,8}牵头")
_NO_LEAD = re.compile(
    r"""
    (?:没有|未|无|不)(?:明确|标注|注明|列明|确定|列出|设)*
    (?:的)?牵头(?:单位|部门)?的?,?[^。;\n]{0,6}(?:由)?$
    """,
    re.VERBOSE,
)
_NO_LEAD_REACH = 24
_NOT_AGAIN = r"""
    ,?[\ \n]*(?:以下)?(?:均)?不再[\u4e00-\u9fff]{0,4}(?:列出|列明|标注|列示|注明|重复)
"""
# 以下均需由各镇落实,不再列出; 以下工作均由甲局负责落实,不再重复; not 以下工作由甲局负责
_STANDING = re.compile(
    rf"""
    以下[\u4e00-\u9fff]{{0,8}}?,?[均都](?:需|须|应|由|要)由?
    (?P<owners>
      [^。;\n()\[\]]{{2,80}}(?:\([^()]*\)[^。;\n()\[\]]{{0,40}})*?
      (?:落实|负责|实施|推进|执行|配合|参与)
    ){_NOT_AGAIN}
    """,
    re.VERBOSE,
)
# 各镇均为责任单位,以下不再列出: the verb, and the owners before it.
_STANDING_BEHIND = re.compile(rf"均为(?:责任|配合|参与|协办)(?:单位|部门){_NOT_AGAIN}", re.VERBOSE)
_OWNERS_BEFORE = re.compile(r"(?:[^。;\n()\[\]]|\([^()]*\)){2,100}\Z")
# Behind 以上 or 上述: 各项工作由甲局负责。 任务除注明外,均由甲局牵头、乙局配合。 not 工作要抓好落实
_CLOSING = re.compile(
    r"""
    (?:所有|各项|各条|全部|其他|其余|\d{1,3}项|[一二三四五六七八九十]{1,3}项)?(?:重点|主要|具体)?
    (?:工作|任务|事项|措施|项目|内容|目标|条款)*,?
    (?:除[^,。;\n]{2,16}外,?)?(?:均|都|统一|分别)?
    由(?P<owners>[^。\n]{2,160}?(?:负责|牵头|落实|承担|实施|配合|参与|推进))
    (?=(?:,[^。,;\n]{0,12}(?:完成|落实|到位|办结|推进))?[。\n)\]]|$)
    """,
    re.VERBOSE,
)
_CLOSING_OPENERS = ("以上", "上述")
# What ends the sentence of a rule, and how far it is looked for.
_STOP = "。;\n([)]"
_SENTENCE_REACH = 200
_OWNERS_REACH = 120


@dataclass(frozen=True, slots=True)
class GeneralRule:
    """A sentence that settles roles beyond its own item; positions in the normalized text."""

    code: RuleCode
    start: int
    end: int
    shares: tuple[Share, ...] = ()


def find_rules(folded: str) -> list[GeneralRule]:
    """The rules of a document in reading order, each where its pattern matches."""
    rules = [GeneralRule("first-leads", *m.span()) for m in _FIRST_LEADS.finditer(folded)]
    if any(star in folded for star in STARS):
        rules += [GeneralRule("marked-leads", *m.span()) for m in _MARKED_LEADS.finditer(folded)]
    rules += _find_responsible_leads(folded)
    rules += _find_standing(folded)
    rules += _find_closings(folded)
    return sorted(rules, key=lambda rule: rule.start)


def _find_responsible_leads(folded: str) -> Iterator[GeneralRule]:
    for match in _RESPONSIBLE_LEADS.finditer(folded):
        reach = max(0, match.start() - _NO_LEAD_REACH)
        before = _NO_LEAD.search(folded, reach, match.start())
        if before:
            yield GeneralRule("responsible-leads", before.start(), match.end())


def _find_standing(folded: str) -> Iterator[GeneralRule]:
    if "均" in folded and "以下" in folded:
        for match in _STANDING.finditer(folded):
            shares = parse_shares(folded, match.span("owners"), "resp", None)
            yield GeneralRule("standing", *match.span(), tuple(shares))
    for match in _STANDING_BEHIND.finditer(folded):
        verb_end = match.start() + len("均为责任单位")
        owners = _OWNERS_BEFORE.search(folded, max(0, match.start() - _OWNERS_REACH), match.start())
        if owners:
            shares = parse_shares(folded, (owners.start(), verb_end), "resp", None)
            yield GeneralRule("standing", owners.start(), match.end(), tuple(shares))


def _find_closings(folded: str) -> Iterator[GeneralRule]:
    """Sentences behind 以上 or 上述 that give the tasks above to somebody."""
    for opener in _CLOSING_OPENERS:
        at = folded.find(opener)
        while at >= 0:
            match = _CLOSING.match(folded, at + len(opener))
            if match and match["owners"].count("(") == match["owners"].count(")"):
                shares = parse_shares(folded, match.span("owners"), None, None)
                if any(share.names.names for share in shares):
                    yield GeneralRule("closing", at, match.end(), tuple(shares))
            at = folded.find(opener, at + 1)


def find_rule_sentence(folded: str, rule: GeneralRule) -> tuple[int, int]:
    """The span of the sentence that a rule is in, for the record."""
    start, end = rule.start, rule.end
    while start > 0 and folded[start - 1] not in _STOP and rule.end - start < _SENTENCE_REACH:
        start -= 1
    while end < len(folded) and folded[end] not in _STOP and end - rule.start < _SENTENCE_REACH:
        end += 1
    return start, end
