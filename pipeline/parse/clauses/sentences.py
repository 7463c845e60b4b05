"""Where plain words assign: a sentence whose whole point it is, a heading that names its leader."""

from __future__ import annotations

import re

from pipeline.names.lists import POST, is_unit, split_leaders, split_names
from pipeline.parse.clauses.clause import Clause, Share
from pipeline.parse.clauses.labels import Say
from pipeline.parse.clauses.owners import read_owners
from pipeline.text import trim

# 王纲市长主抓重点工作; 市长陈明远牵头的工作; 由李四同志负责
_HEADING_LEADER = re.compile(
    rf"由?(?P<leader>[\u4e00-\u9fff·]{{2,4}}?(?:{POST})+|(?:{POST}、?)+(?:[\u4e00-\u9fff·]{{2,4}}?|[\u4e00-\u9fff] [\u4e00-\u9fff]{{1,2}})"
    r"|[\u4e00-\u9fff·]{2,4}?同志)"
    r"(?:负责|亲自)?(?:牵头|主抓|包抓|领办|分管|负责|挂帅|联系|督办)(?!单位|部门)"
)
# 民生保障——李四副县长
_HEADING_DASH = re.compile(
    rf"[^\n。—–]{{2,30}}[—–]{{1,2}} ?(?P<leader>[\u4e00-\u9fff·]{{2,4}}?(?:{POST})+|(?:{POST}、?)+[\u4e00-\u9fff·]{{2,4}})(?=\n|$)"
)
# 由区规划局牵头,区水务局配合,…; 由区司法局负责,…; 各片区指挥部负责辖区统筹
_LED = re.compile(
    r"由?(?P<lead>[^,。;:由]{2,40}?)(?:分别|共同|联合)?(?:负责牵头|牵头负责|牵头|负责)(?!人)"
    r"(?:,(?P<co>[^,。;:]{2,80}?)(?:配合|参与|协助|协同))?"
)
_ASSISTS = re.compile(
    r"(?P<co>[^,。;:]{2,60}?)配合(?P<lead>[^,。;:]{2,30}?)(?=对|做好|开展|完成|推进|落实|进行|,|。)"
)
_HELPED = re.compile(r"[,;](?P<co>[^,。;:]{2,60}?)(?:配合|参与|协助)(?=[。;,]|$)")
_ACT = re.compile(
    r"制定|制订|共同|做好|开展|对|研究|完成|推进|筛选|组织|建立|加强|实施|落实|编制|出台|确定|进行|协调|督促|按|将|每|负责"
)
_JOINED = re.compile(r"会同(?P<co>[^,。;:]{2,60})")


def find_heading_leader(folded: str, start: int, end: int) -> Clause | None:
    """The leader whom a section's heading names: 一、王纲市长主抓重点工作."""
    start, end = trim(folded, start, end)
    match = _HEADING_LEADER.match(folded, start, end) or _HEADING_DASH.match(folded, start, end)
    if match is None:
        return None
    names = split_leaders(folded, *match.span("leader"))
    share = Share("leader", None, names, *match.span("leader"))
    return Clause("heading", match.start(), match.end(), (share,))


_LAST = re.compile(
    r"(?:此项|该项|本项|上述|具体)?(?:工作|任务|项目)?(?:由|,)?(?P<owners>[^。;\n()\[\]]*(?:\([^()]*\)[^。;\n()\[\]]*)*"
    r"(?:牵头|负责|主办|承办|配合|参与|落实|协助|协办)(?:组织|实施|落实|推进|工作|负责)*)"
    r"(?:,[^。;,\n]{0,8}[年月底季内][^。;,\n]{0,6}(?:完成|出台|启动|办结|到位|建成|印发))?[。;]?\s*"
)


def find_statement(folded: str, start: int, end: int) -> Clause | None:
    """A last sentence that says nothing but who does it: …。由市物价局牵头,市工商局配合。"""
    _, stop = trim(folded, max(start, end - _STATEMENT_REACH), end, " \t\n。;")
    if stop - start < _SHORTEST or folded[stop - 1] not in _LAST_WORDS:
        return None
    begin = max(folded.rfind(mark, start, stop) for mark in "。;\n")
    begin, _ = trim(folded, max(begin + 1, start), stop)
    match = _LAST.fullmatch(folded, begin, stop)
    told = folded.find(",由", begin, stop)
    if told > begin and (match is None or begin == start):
        begin = told
        match = _LAST.fullmatch(folded, begin + 1, stop)
    if (
        match is None
        or begin == start
        or folded.startswith(("以上", "上述"), match.start("owners"))
    ):
        return None
    shares = read_owners(folded, match.span("owners"), None, None)
    names = [folded[n.start : n.end] for share in shares for n in share.names.names]
    if not names or not all(is_unit(name) and len(name) <= _LONGEST for name in names):
        return None
    finish = stop + 1 if stop < end and folded[stop] in "。;" else stop
    return Clause("statement", begin, finish, tuple(shares))


_STATEMENT_REACH = 400
_LAST_WORDS = frozenset("头责办合与实助作织施进成台动结位建发")
_SHORTEST, _LONGEST = 8, 26


def find_sentence(folded: str, start: int, end: int) -> Clause | None:
    """A sentence whose whole point is the assignment: 由区规划局牵头,…; 区农村发展局配合规划局对…

    Only for items without any other clause; this is the weakest way of reading.
    """
    match = _ASSISTS.match(folded, start, end) or _LED.match(folded, start, end)
    if match is None:
        return None
    groups: list[tuple[Say, tuple[int, int]]] = [("lead", match.span("lead"))]
    if match["co"]:
        groups.insert(0 if match.re is _ASSISTS else 1, ("assist", match.span("co")))
    helped = None if match["co"] else _HELPED.search(folded, match.end(), end)
    if helped:
        groups.append(("assist", helped.span("co")))
    joined = _JOINED.search(folded, match.end(), end)
    if joined:
        co = _unit_prefix(folded, *joined.span("co"))
        groups += [("assist", co)] if co else []
    shares = [Share(say, None, split_names(folded, *span), *span) for say, span in groups]
    if helped and not all(is_unit(folded[n.start : n.end]) for n in shares[1].names.names):
        shares.pop(1)
    names = [folded[n.start : n.end] for share in shares for n in share.names.names]
    if not names or not all(is_unit(name) for name in names):
        return None
    return Clause("sentence", match.start(), match.end(), tuple(shares))


def _unit_prefix(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """The longest head of a stretch that is a list of units: 各乡镇人民政府|筛选确定试点村."""
    act = _ACT.search(folded, start + 2, end)
    for stop in range(act.start() if act else end, start + 2, -1):
        names = [folded[n.start : n.end] for n in split_names(folded, start, stop).names]
        if names and all(is_unit(name) and len(name) <= _LONGEST for name in names):
            return start, stop
    return None
