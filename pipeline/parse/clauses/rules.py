"""What a document says once for many items: who of a list leads, who answers for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.names.lists import STARS
from pipeline.parse.clauses.clause import Share
from pipeline.parse.clauses.owners import read_owners

RuleCode = Literal["first-leads", "marked-leads", "responsible-leads", "standing", "closing"]

# 列第一位者为牵头单位; 排在第一位的部门为牵头部门; 主要责任单位第一个为牵头单位; 列首位的为主办单位
_FIRST_LEADS = re.compile(
    r"(?:第一(?:位|个|名|家)?|首位|首个|最前)的?(?:者|责任单位|责任部门|单位|部门|处室)?,?"
    r"(?:即为|为|是|作为|系)(?:本项|该项|各项)?(?:工作|任务|主要|总|第一)*(?:牵头|汇总|主办|主责|主要责任|责任|负责)"
    r"|(?:列|排|居)(?:在)?(?:首位|第一(?:位)?)的?(?:单位|部门)?(?:负责)?牵头"
)
# 标*的为牵头单位; ★为主办部门
_STARS = f"[{STARS}]"
_MARKED_LEADS = re.compile(
    rf"{_STARS}[^。;\n]{{0,8}}?(?:为|是|系|表示|即)[^。;\n]{{0,3}}?(?:牵头|主办|主责|主要责任)"
)
_NO_LEAD = re.compile(
    r"(?:没有|未|无|不)(?:明确|标注|注明|列明|确定|列出|设)*(?:的)?牵头(?:单位|部门)?的?,?[^。;\n]{0,6}(?:由)?$"
)
# Patterns begin with their rarest words: those are found by a plain search.
_RESPONSIBLE_LEADS = re.compile(r"责任(?:单位|部门)[^。;\n]{0,8}牵头")
_NO_LEAD_REACH = 24
_STANDING = re.compile(
    r"以下(?:所有|各项|各条|全部)?(?:重点)?(?:工作|任务|事项|措施|项目|内容)?,?均(?:需|须|应|由|要)由?"
    r"(?P<owners>[^。;\n()\[\]]{2,80}(?:\([^()]*\)[^。;\n()\[\]]{0,40})*?)(?:负责|抓好|组织)?(?:落实|负责|实施|推进|执行|配合|参与),?"
    r"(?:以下)?(?:均)?不再(?:一一|重复|另行|逐一)?(?:列出|列明|标注|列示|注明|重复)"
)
_CLOSING = re.compile(
    r"(?:所有|各项|各条|全部|其他|其余|\d{1,3}项|[一二三四五六七八九十]{1,3}项)?(?:重点|主要|具体)?(?:工作|任务|事项|措施|项目|内容|目标|条款)*,?"
    r"(?:除[^,。;\n]{2,16}外,?)?(?:均|都|统一|分别)?由(?P<owners>[^。\n]{2,160}?(?:负责|牵头|落实|承担|实施|配合|参与|推进))(?=[。\n)\]]|$)"
)


@dataclass(frozen=True, slots=True)
class GeneralRule:
    """A sentence that settles roles beyond its own item; positions in the text."""

    code: RuleCode
    start: int
    end: int
    shares: tuple[Share, ...]


def find_rules(folded: str) -> list[GeneralRule]:
    """The document's rules in reading order, each with its sentence."""
    rules = [GeneralRule("first-leads", *m.span(), ()) for m in _FIRST_LEADS.finditer(folded)]
    if any(star in folded for star in STARS):
        rules += [
            GeneralRule("marked-leads", *m.span(), ()) for m in _MARKED_LEADS.finditer(folded)
        ]
    for match in _RESPONSIBLE_LEADS.finditer(folded):
        before = _NO_LEAD.search(folded, max(0, match.start() - _NO_LEAD_REACH), match.start())
        if before:
            rules.append(GeneralRule("responsible-leads", before.start(), match.end(), ()))
    if "均" in folded and "以下" in folded:
        for match in _STANDING.finditer(folded):
            shares = read_owners(folded, match.span("owners"), "resp", None)
            rules.append(GeneralRule("standing", *match.span(), tuple(shares)))
    for match in _find_closings(folded):
        a, b = match.span("owners")
        if folded[a:b].count("(") != folded[a:b].count(")"):
            continue
        shares = read_owners(folded, (a, b), None, None)
        if any(share.names.names for share in shares):
            rules.append(GeneralRule("closing", match.start() - 2, match.end(), tuple(shares)))
    rules.sort(key=lambda rule: rule.start)
    return rules


def _find_closings(folded: str) -> Iterator[re.Match[str]]:
    """What stands behind 以上 or 上述 and gives the tasks above to somebody."""
    for word in ("以上", "上述"):
        at = folded.find(word)
        while at >= 0:
            match = _CLOSING.match(folded, at + len(word))
            if match:
                yield match
            at = folded.find(word, at + 1)


_STOP = "。;\n([)]"


def widen(folded: str, rule: GeneralRule) -> tuple[int, int]:
    """The sentence that a rule stands in, for the record."""
    start, end = rule.start, rule.end
    while start > 0 and folded[start - 1] not in _STOP and rule.end - start < 200:
        start -= 1
    while end < len(folded) and folded[end] not in _STOP and end - rule.start < 200:
        end += 1
    return start, end
