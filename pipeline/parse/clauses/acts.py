"""Tell what the verbs of an element of a clause give, and to whom: A牵头, A会同B, A配合B, A负责…工作."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.names.lists import split_names
from pipeline.names.units import is_unit
from pipeline.parse.clauses.labels import PrintedRole
from pipeline.parse.clauses.verbs import find_verb, role_of_verb

Span = tuple[int, int]

_TOGETHER = "会同"
# 会同区财政局, 商区财政局 as an element of their own; not 商务局.
JOINS = re.compile(r"会同|(?:配合|协助|协同|联合|商请?)(?=[省市县区各有相])")
# 区民政局配合区财政局: who helps whom; 区民政局商区财政局: who asks whom.
_HELPS = re.compile(r"(?P<helps>配合|协助|协同)|(?:联合|商请?)(?=[省市县区各有相])")
_SHORTEST_NAME = 2
# 区财政局, 区委组织部(区编办); not 市级部门做好“免申
_PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z\d()·]+")
# 甲局、乙局负责道路建设工作: units with their own part of a task.
_PART_TASK = re.compile(r"(?P<names>[^()]{2,60}?)负责(?P<task>[^,;、()]{2,30})$")
# Words that begin what units do, behind their names: 会同甲局|开展整治.
_ACT = re.compile(
    r"制定|制订|共同|做好|开展|对|研究|完成|推进|筛选|组织|建立|加强|实施|落实|编制|出台|确定|进行|协调"
    r"|督促|按|将|每|负责"
)
_BETWEEN_NAMES = re.compile("[、和]")
# A unit in such a list is no longer than this.
_LONGEST_UNIT = 26


class Group(NamedTuple):
    """Names that a verb gives a role, and the span of the element that they are in."""

    role: PrintedRole
    names: Span
    span: Span
    each: bool = False


class Acts(NamedTuple):
    """What the verbs of an element give: to names before it without a verb, and to its own."""

    waiting_role: PrintedRole
    groups: list[Group]
    # Groups that come before the waiting names in the list of shares.
    first: tuple[Group, ...] = ()
    each: bool = False
    # Whether the waiting names only take part if somebody leads already.
    yields: bool = False


def parse_acts(folded: str, start: int, end: int) -> Acts | None:
    """What an element's verbs give: A负责…工作; A牵头; A会同B负责; A会同B; None without a verb."""
    span = (start, end)
    together = folded.find(_TOGETHER, start + 1, end)
    behind = together + len(_TOGETHER)
    names = _find_part_names(folded, start, end)
    if names is not None:
        return Acts("resp", [Group("resp", names, span)])
    verb = find_verb(folded[start:end])
    related = _parse_related(folded, start, end, verb)
    if related is not None:
        return related
    lead = Group("lead", (start, together), span)
    if verb is None:
        return Acts("lead", [lead, Group("assist", (behind, end), span)]) if together > 0 else None
    each = verb.startswith("分别")
    own_end = end - len(verb)
    if together > 0:
        group = Group("assist", (behind, own_end), (behind, end), each)
        return Acts("assist", [group], (lead,), each, yields=True)
    role: PrintedRole = role_of_verb(verb)  # type: ignore[assignment]
    return Acts(role, [Group(role, (start, own_end), span, each)], (), each, yields=True)


def _parse_related(folded: str, start: int, end: int, verb: str | None) -> Acts | None:
    """What an element gives that relates units: 会同B; A配合B; A商B, each with a verb or without."""
    own_end = end - len(verb or "")
    span = (start, end)
    joins = JOINS.match(folded, start, own_end)
    units = _find_joined(folded, joins.end(), own_end) if joins else None
    if units:
        return Acts("resp", [Group("assist", units, span)])
    helps = _HELPS.search(folded, start + _SHORTEST_NAME, own_end)
    if helps is None or not _lists_units(folded, start, helps.start()):
        return None
    if not _lists_units(folded, helps.end(), own_end):
        return None
    role: PrintedRole = role_of_verb(verb) if verb else "resp"  # type: ignore[assignment]
    hosts: PrintedRole = role if role in ("lead", "main") else "resp"
    first, second = (start, helps.start()), (helps.end(), own_end)
    if helps["helps"]:
        return Acts("assist", [Group("assist", first, span), Group(hosts, second, span)])
    return Acts(hosts, [Group(hosts, first, span), Group("assist", second, span)])


def _find_joined(folded: str, start: int, end: int) -> Span | None:
    """The units behind 会同: a list of units, or the head of one before what they do."""
    if _lists_units(folded, start, end):
        return start, end
    return find_unit_prefix(folded, start, end) if _ACT.search(folded, start + 2, end) else None


def _lists_units(folded: str, start: int, end: int) -> bool:
    names = split_names(folded, start, end).names
    words = [folded[name.start : name.end] for name in names]
    return bool(words) and all(is_unit(word) and _PLAIN.fullmatch(word) for word in words)


def _find_part_names(folded: str, start: int, end: int) -> Span | None:
    """The names in 甲局、乙局负责道路建设, units with a part of the task."""
    if folded.find("负责", start, end) < 0:
        return None
    part = _PART_TASK.match(folded, start, end)
    if part is None or find_verb(part["task"]) == part["task"] or is_unit(part["task"]):
        return None
    return part.span("names") if names_owner(part["names"].rstrip("、")) else None


def find_unit_prefix(folded: str, start: int, end: int) -> Span | None:
    """The longest head of a span that is a list of units: 各乡镇人民政府|筛选确定试点村."""
    act = _ACT.search(folded, start + 2, end)
    for stop in range(act.start() if act else end, start + 2, -1):
        listed = split_names(folded, start, stop).names
        names = [folded[name.start : name.end] for name in listed]
        if names and all(is_unit(name) and len(name) <= _LONGEST_UNIT for name in names):
            return start, stop
    return None


def names_owner(words: str) -> bool:
    """Whether some words are a list of units, with a verb or without: 甲局、乙局按职责分工负责."""
    names = words.removesuffix(find_verb(words) or "").rstrip("、等")
    return bool(names) and all(map(is_unit, _BETWEEN_NAMES.split(names)))
