"""Find plain words that assign: a heading that names its leader, a last sentence, a whole sentence."""

from __future__ import annotations

import re

from pipeline.names.leaders import POST, split_leaders
from pipeline.names.lists import split_names
from pipeline.names.units import is_unit
from pipeline.parse.clauses.acts import find_unit_prefix
from pipeline.parse.clauses.clause import Clause, Share
from pipeline.parse.clauses.clause_shares import parse_shares
from pipeline.parse.clauses.labels import PrintedRole
from pipeline.text import trim

Span = tuple[int, int]

# What leaders do; most headings have no such word, and need no longer pattern.
_LEADS = re.compile("牵头|主抓|包抓|领办|分管|负责|挂帅|联系|督办")
# 王纲市长主抓重点工作; 市长陈明远牵头的工作; 由李四同志负责; not 市长负责制, not 市长牵头单位
_HEADING_LEADER = re.compile(
    rf"""
    由?(?P<leader>
      [\u4e00-\u9fff·]{{2,4}}?(?:{POST})+
      | [\u4e00-\u9fff][ ]{{1,3}}[\u4e00-\u9fff](?:{POST})+
      | (?:{POST}、?)+(?:[\u4e00-\u9fff·]{{2,4}}?|[\u4e00-\u9fff][ ][\u4e00-\u9fff]{{1,2}})
      | [\u4e00-\u9fff·]{{2,4}}?同志
    )
    (?:负责|亲自)?(?:{_LEADS.pattern})(?!单位|部门)
    """,
    re.VERBOSE,
)
# 民生保障——李四副县长; not 民生保障——李四副县长负责 (the line has to end with the leader)
_HEADING_DASH = re.compile(
    rf"""
    [^\n。—–]{{2,30}}[—–]{{1,2}}[ ]?
    (?P<leader>[\u4e00-\u9fff·]{{2,4}}?(?:{POST})+|(?:{POST}、?)+[\u4e00-\u9fff·]{{2,4}})(?=\n|$)
    """,
    re.VERBOSE,
)
_DASH, _DASH_REACH = re.compile("[—–]"), 31
# 由区规划局牵头,区水务局配合,…; 由区司法局负责,…; 各片区指挥部负责辖区统筹; not 区规划局负责人
_LED = re.compile(
    r"""
    由?(?P<lead>[^,。;:由]{2,40}?)(?:分别|共同|联合)?(?:负责牵头|牵头负责|牵头|负责)(?!人)
    (?:,(?P<co>[^,。;:]{2,80}?)(?:配合|参与|协助|协同))?
    """,
    re.VERBOSE,
)
# 区农村发展局配合规划局对…; 区财政局配合区教育局做好…
_ASSISTS = re.compile(
    r"""
    (?P<co>[^,。;:]{2,60}?)配合(?P<lead>[^,。;:]{2,30}?)
    (?=对|做好|开展|完成|推进|落实|进行|,|。)
    """,
    re.VERBOSE,
)
# …,区水务局配合。 at the end of the same text
_HELPED = re.compile(r"[,;](?P<co>[^,。;:]{2,60}?)(?:配合|参与|协助)(?=[。;,]|$)")
# 会同各乡镇人民政府筛选确定试点村: the units and, from the first verb on, what they do
_JOINED = re.compile(r"会同(?P<co>[^,。;:]{2,60})")
# 由市物价局牵头,市工商局配合。 此项工作由甲局负责,6月底前完成; not 甲局要负责推进道路建设
_STATEMENT = re.compile(
    r"""
    (?:此项|该项|本项|上述|具体)?(?:工作|任务|项目)?(?:由|,)?
    (?P<owners>
      [^。;\n()\[\]]*(?:\([^()]*\)[^。;\n()\[\]]*)*
      (?:牵头|负责|主办|承办|配合|参与|落实|协助|协办)(?:组织|实施|落实|推进|工作|负责)*
    )
    (?:,[^。;,\n]{0,8}[年月底季内][^。;,\n]{0,6}(?:完成|出台|启动|办结|到位|建成|印发))?
    [。;]?\s*
    """,
    re.VERBOSE,
)
_STATEMENT_REACH = 400
_SHORTEST_STATEMENT = 8
# The last characters of the words that a statement ends with.
_STATEMENT_ENDS = frozenset("头责办合与实助作织施进成台动结位建发")
_LONGEST_NAME = 26


def find_heading_leader(folded: str, start: int, end: int) -> Clause | None:
    """The leader whom a section's heading names: 一、王纲市长主抓重点工作."""
    start, end = trim(folded, start, end)
    match = None
    if _LEADS.search(folded, start, end):
        match = _HEADING_LEADER.match(folded, start, end)
    if match is None and _DASH.search(folded, start, min(end, start + _DASH_REACH)):
        match = _HEADING_DASH.match(folded, start, end)
    if match is None:
        return None
    span = match.span("leader")
    share = Share("leader", None, split_leaders(folded, *span), *span)
    return Clause("heading", match.start(), match.end(), (share,))


def find_statement(folded: str, start: int, end: int) -> Clause | None:
    """A last sentence that only names who does it: …。由市物价局牵头,市工商局配合。"""
    _, stop = trim(folded, max(start, end - _STATEMENT_REACH), end, " \t\n。;")
    if stop - start < _SHORTEST_STATEMENT or folded[stop - 1] not in _STATEMENT_ENDS:
        return None
    found = _match_statement(folded, start, stop)
    if found is None:
        return None
    begin, match = found
    if folded.startswith(("以上", "上述"), match.start("owners")):
        return None
    shares = parse_shares(folded, match.span("owners"), None, None)
    if not _names_units(folded, shares, _LONGEST_NAME):
        return None
    finish = stop + 1 if stop < end and folded[stop] in "。;" else stop
    return Clause("statement", begin, finish, tuple(shares))


def _match_statement(folded: str, start: int, stop: int) -> tuple[int, re.Match[str]] | None:
    """The statement that a text ends with: its last sentence, or that sentence from ,由 on.

    The text has to say something before it.
    """
    begin = max(folded.rfind(mark, start, stop) for mark in "。;\n")
    begin, _ = trim(folded, max(begin + 1, start), stop)
    match = _STATEMENT.fullmatch(folded, begin, stop)
    if match is not None and begin > start:
        return begin, match
    comma = folded.find(",由", begin, stop)
    match = _STATEMENT.fullmatch(folded, comma + 1, stop) if comma > begin else None
    return (comma, match) if match else None


def find_sentence(folded: str, start: int, end: int) -> Clause | None:
    """A sentence that only says who does it: 由区规划局牵头,…; 区农村发展局配合规划局对…

    Only for items without any other clause; this is the weakest way of reading.
    """
    match = None
    if folded.find("配合", start, end) >= 0:
        match = _ASSISTS.match(folded, start, end)
    if match is None and (
        folded.find("负责", start, end) >= 0 or folded.find("牵头", start, end) >= 0
    ):
        match = _LED.match(folded, start, end)
    if match is None:
        return None
    shares = [
        Share(role, None, split_names(folded, *span), *span)
        for role, span in _find_groups(folded, match, end)
    ]
    if not _names_units(folded, shares):
        return None
    return Clause("sentence", match.start(), match.end(), tuple(shares))


def _find_groups(folded: str, match: re.Match[str], end: int) -> list[tuple[PrintedRole, Span]]:
    """The spans of units in a sentence with the role of each; more units may follow the match."""
    groups: list[tuple[PrintedRole, Span]] = [("lead", match.span("lead"))]
    if match["co"]:
        groups.insert(0 if match.re is _ASSISTS else 1, ("assist", match.span("co")))
    else:
        helped = _HELPED.search(folded, match.end(), end)
        if helped and all(is_unit(name) for name in _split_to_words(folded, helped.span("co"))):
            groups.append(("assist", helped.span("co")))
    joined = _JOINED.search(folded, match.end(), end)
    units = find_unit_prefix(folded, *joined.span("co")) if joined else None
    return [*groups, ("assist", units)] if units else groups


def _split_to_words(folded: str, span: Span) -> list[str]:
    return [folded[name.start : name.end] for name in split_names(folded, *span).names]


def _names_units(folded: str, shares: list[Share], longest: int | None = None) -> bool:
    """Whether shares name somebody, and only units with names that are not too long."""
    names = [folded[name.start : name.end] for share in shares for name in share.names.names]
    short = longest is None or all(len(name) <= longest for name in names)
    return bool(names) and short and all(map(is_unit, names))
