"""Parse the words of a clause into shares: which names get which role, by verbs and inner labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.dates import find_due
from pipeline.lexicon import alternation
from pipeline.names.leaders import is_person, is_post, split_leaders
from pipeline.names.lists import NameList, split_names
from pipeline.names.units import is_unit
from pipeline.parse.clauses.clause import Share, make_field
from pipeline.parse.clauses.labels import (
    ASSIGNING,
    LABELS,
    VERB_LENGTH,
    PrintedRole,
    find_inner_label,
    opens_list,
    parse_printed_role,
)
from pipeline.parse.clauses.verbs import VERB_CUT, find_verb, may_end_with_verb, role_of_verb
from pipeline.text import QUOTED, find_cuts, trim, without_blanks

Span = tuple[int, int]

_TOGETHER = "会同"
# 会同区财政局, 商区财政局 as an element of their own; not 商务局.
_JOINS = re.compile(r"会同|(?:配合|协助|协同|联合|商请?)(?=[省市县区各有相])")
# 区民政局配合区财政局: who helps whom; 区民政局商区财政局: who asks whom.
_HELPS = re.compile(r"(?P<helps>配合|协助|协同)|(?:联合|商请?)(?=[省市县区各有相])")
_SHORTEST_NAME = 2
# 区财政局, 区委组织部(区编办); not 市级部门做好“免申
_PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z\d()·]+")
# What separates the elements of a clause; brackets too, for their depth.
CUT = re.compile(rf"[,;。()\[\]]|{QUOTED}")
# A remark about the list, no name: 下同, 列首位的为牵头单位, 不再列出, 注:…, 分别负责的即为….
_NOTE = re.compile(
    r"""
    下同
    | (?:为|是)(?:工作|任务|主要|总)*(?:牵头|汇总|主办|配合|协办|主责)(?:或汇总)?(?:单位|部门)
    | 不再[\u4e00-\u9fff]{0,4}(?:列出|标注|列明|列示|注明|重复)
    | 其余
    | ^以下 | ^除标注 | ^注:
    | 分别(?:负责|牵头)(?:的)?(?:即)?为
    """,
    re.VERBOSE,
)
# What a deadline says of the task is no longer: 6月底前完成全部改造任务并投入使用.
_DUE_WORDS = 12
# 甲局、乙局负责道路建设工作: units with their own part of a task.
_PART_TASK = re.compile(r"(?P<names>[^()]{2,60}?)负责(?P<task>[^,;、()]{2,30})$")
# Words that begin what units do, behind their names: 会同甲局|开展整治.
_ACT = re.compile(
    r"制定|制订|共同|做好|开展|对|研究|完成|推进|筛选|组织|建立|加强|实施|落实|编制|出台|确定|进行|协调"
    r"|督促|按|将|每|负责"
)
# A unit in such a list is no longer than this.
_LONGEST_UNIT = 26
# A value without any of these is a plain list of names, as most are.
_STRUCTURED = re.compile(
    r"[,;:。\d由]|会同|下同|列出|其余|第一|为主|长期|年|负责|配合|协[助同]|联合|商"
)
# Characters without which _NOTE need not be tried.
_NOTE_CHARACTERS = frozenset("同为是再余下除注别")
# A label within a segment, behind blanks: 牵头领导:张三 责任单位:甲局.
_BLANK_LABEL = re.compile(r" +(?=(?P<word>[\u4e00-\u9fff]{4,10}):)")
# A label without its colon: (牵头单位市民政局,配合单位市财政局).
_NO_COLON_LABEL = re.compile(
    alternation(
        word for word, role in LABELS.items() if role in ASSIGNING and len(word) > VERB_LENGTH
    )
)
# A plan prints the same clauses again and again: so many are remembered.
_REMEMBERED = 1 << 12

_REMARK = re.compile(r"\(以下[^()]*(?:\([^()]*\)[^()]*)*\)")
# Words before a colon within a clause.
_UNKNOWN_LABEL = re.compile(r"(?P<word>[\u4e00-\u9fff][\u4e00-\u9fff \n]{1,11}):")


class _Element(NamedTuple):
    """A span between separators; `parts` if a ; separates it from the next, `due` if a deadline."""

    start: int
    end: int
    parts: bool
    due: bool = False


class _Section(NamedTuple):
    """Elements under one label, or under none."""

    role: PrintedRole | None
    label: Span | None
    elements: list[_Element]


class _Group(NamedTuple):
    """Names that a verb gives a role, and the span of the element that they are in."""

    role: PrintedRole
    names: Span
    span: Span
    each: bool = False


class _Acts(NamedTuple):
    """What the verbs of an element give: to names before it without a verb, and to its own."""

    waiting_role: PrintedRole
    groups: list[_Group]
    # Groups that come before the waiting names in the list of shares.
    first: tuple[_Group, ...] = ()
    each: bool = False
    # Whether the waiting names only take part if somebody leads already.
    yields: bool = False


def parse_shares(
    folded: str, value: Span, role: PrintedRole | None, label: Span | None
) -> list[Share]:
    """The shares of a clause's value, given the role of its label, if it has one.

    The value is a list, lists with verbs (A牵头,B、C配合) or labelled lists (牵头单位:A;责任单位:B).
    Names without a verb of their own share the next verb; after a lead they only take part.
    """
    plain = trim(folded, *value, " \t\n;。、,")
    if role == "leader" or (role and _is_plain_list(folded, *plain)):
        names = (split_leaders if role == "leader" else split_names)(folded, *plain)
        return [Share(role, label, names, *plain)] if names.names else []
    if role is None and label is None:
        start, end = value
        return [_moved(share, start) for share in _parse_bare(folded[start:end])]
    return _parse_sections(folded, value, role, label)


@lru_cache(_REMEMBERED)
def _parse_bare(words: str) -> tuple[Share, ...]:
    """The shares of a value without a label of its own, at offsets in it."""
    return tuple(_parse_sections(words, (0, len(words)), None, None))


def _moved(share: Share, by: int) -> Share:
    """A share at offsets that are larger by so much."""
    role, label, names, start, end, each = share
    return Share(
        role,
        (label[0] + by, label[1] + by) if label else None,
        NameList([name.moved(by) for name in names.names], names.open_ended),
        start + by,
        end + by,
        each,
    )


def _parse_sections(
    folded: str, value: Span, role: PrintedRole | None, label: Span | None
) -> list[Share]:
    """The shares of all sections of a value, in order."""
    shares: list[Share] = []
    for section in _split_sections(folded, value, role, label):
        shares += _parse_section(folded, section, shares)
    return shares


def _is_plain_list(folded: str, start: int, end: int) -> bool:
    ending = folded[end - 2 : end]
    return (
        bool(ending)
        and not may_end_with_verb(ending)
        and not _STRUCTURED.search(folded, start, end)
    )


def split_segments(folded: str, start: int, end: int) -> list[Span]:
    """Cut a span at , ; 。 outside brackets."""
    segments: list[Span] = []
    begin = start
    for at in find_cuts(CUT, folded, start, end):
        segments.append((begin, at))
        begin = at + 1
    return [*segments, (begin, end)]


def _split_sections(
    folded: str, value: Span, role: PrintedRole | None, label: Span | None
) -> Iterator[_Section]:
    """Cut a value where a label of its own begins a segment; the label governs what follows."""
    section = _Section(role, label, [])
    for begin, finish in _split_elements(folded, value):
        start, end = trim(folded, begin, finish)
        opened = _open_section(folded, start, end, section.label)
        if opened is not None:
            yield section
            section, start = opened
            start, end = trim(folded, start, end) if section.label else (start, end)
        words = folded[start:end]
        if words and not _is_note(words):
            element = _Element(start, end, folded.startswith(";", finish))
            section.elements.extend(_split_due(folded, element))
    yield section


def _open_section(
    folded: str, start: int, end: int, label: Span | None
) -> tuple[_Section, int] | None:
    """The section that a label at the start of a segment opens, and where its value begins."""
    bare = _NO_COLON_LABEL.match(folded, start, end)
    if bare and label is None and opens_list(folded, bare.end(), end):
        return _Section(LABELS[bare[0]], None, []), bare.end()  # type: ignore[arg-type]
    known = find_inner_label(folded, start, end)
    if known is None:
        return _open_unknown(folded, start, end)
    return _Section(known.printed_role, (known.start, known.colon), []), known.colon + 1


def _open_unknown(folded: str, start: int, end: int) -> tuple[_Section, int] | None:
    """The section of words before a colon that are no known label: 市分工方案:甲局, 目标位置:前5.

    Units behind them answer for the task; anything else is a field. A verb or a unit before a
    colon is no label: 由甲局牵头:…, 区城运中心:….
    """
    colon = folded.find(":", start, end)
    head = _UNKNOWN_LABEL.match(folded, start, end) if colon >= 0 else None
    if head is None:
        return None
    word = without_blanks(head["word"])
    if find_verb(word) or is_unit(word):
        return None
    role: PrintedRole = "resp" if opens_list(folded, head.end(), end) else "field"
    return _Section(role, head.span("word"), []), head.end()


def _split_elements(folded: str, value: Span) -> Iterator[Span]:
    """The segments, cut again where a verb ends an element of a list: 甲局牵头、乙局配合."""
    segments = [
        part for a, b in split_segments(folded, *value) for part in _split_at_labels(folded, a, b)
    ]
    if not VERB_CUT.search(folded, *value):
        yield from segments
        return
    for begin, end in segments:
        at = begin
        for cut in VERB_CUT.finditer(folded, begin, end):
            element = folded[at : cut.start() + 1]
            closed = element.count("(") == element.count(")")
            follows = find_verb(folded[begin:end].rstrip()) or _JOINS.match(folded, cut.end(), end)
            if closed and find_verb(element) and follows:
                yield at, cut.end() - 1
                at = cut.end()
        yield at, end


def _split_at_labels(folded: str, start: int, end: int) -> Iterator[Span]:
    """Cut a segment before labels behind blanks: 牵头领导:张三 责任单位:甲局."""
    for blank in _BLANK_LABEL.finditer(folded, start, end):
        if parse_printed_role(blank["word"]):
            yield start, blank.start()
            start = blank.end()
    yield start, end


def _is_note(words: str) -> bool:
    if _NOTE_CHARACTERS.isdisjoint(words):
        return False
    return _NOTE.search(words.split("(", 1)[0]) is not None


def _cut_note(folded: str, start: int, end: int) -> int:
    """Where the words before a note in brackets end: 各镇落实(以下任务均需各镇落实,不再列出)."""
    opening = folded.rfind("(", start, end) if folded[end - 1] == ")" else -1
    note = opening > start and _REMARK.match(folded, opening, end)
    return opening if note else end


def _split_due(folded: str, element: _Element) -> list[_Element]:
    """Cut an element into its deadline and its names: 市教育局6月底前完成, 6月底前由市教育局负责.

    A unit is tested for first, because names such as 2021年度工作办公室 have a year too.
    """
    start, end, parts, _ = element
    end = _cut_note(folded, start, end)
    words = folded[start:end]
    due = find_due(words)
    if due is None:
        return [element]
    if words[due[1] - 1] not in "前底末内" and is_unit(words.removesuffix(find_verb(words) or "")):
        return [element]
    head, tail = words[: due[0]].rstrip(" 、"), words[due[1] :].lstrip(" 、")
    if head and _names_owner(head):
        behind = _split_due(folded, _Element(start + due[0], end, parts))
        return [_Element(start, start + len(head), parts=False), *behind]
    if tail and _names_owner(tail.removeprefix("由")):
        first = _Element(start, start + due[1], parts=False, due=True)
        return [first, _Element(end - len(tail), end, parts)]
    return [_Element(start, end, parts, due=not head or len(tail) <= _DUE_WORDS)]


def _names_owner(words: str) -> bool:
    """Whether some words are a list of units, with a verb or without: 甲局、乙局按职责分工负责."""
    names = words.removesuffix(find_verb(words) or "").rstrip("、等")
    return bool(names) and all(map(is_unit, re.split("[、和]", names)))


def _parse_section(folded: str, section: _Section, earlier: Sequence[Share]) -> list[Share]:
    """The shares of one section; names without a verb wait for the next verb or the end."""
    shares: list[Share] = []
    waiting: list[Span] = []
    # How many of them a ; separates from the next verb: 甲局;乙局配合.
    parted = 0
    for start, end, parts, due in section.elements:
        if section.role in ("field", "deadline", "leader"):
            group = _Group(section.role, (start, end), (start, end))
            shares.append(_make_share(folded, section, group))
        elif due:
            shares.append(make_field("deadline", None, start, end))
        else:
            begin = start + folded.startswith("由", start)
            acts = _parse_acts(folded, begin, end)
            if acts is None:
                waiting.append((begin, end))
            else:
                shares += [_make_share(folded, section, group) for group in acts.first]
                groups = _give_waiting(section, (*earlier, *shares), waiting, acts, parted=parted)
                shares += [_make_share(folded, section, one) for one in (*groups, *acts.groups)]
                waiting, parted = [], 0
        if parts:
            parted = len(waiting)
    if not waiting:
        return shares
    role = _role_without_verb(section.role, (*earlier, *shares))
    groups = _give_waiting(section, (*earlier, *shares), waiting, _Acts(role, []), parted=parted)
    return [*shares, *(_make_share(folded, section, group) for group in groups)]


def _give_waiting(
    section: _Section, shares: Sequence[Share], waiting: list[Span], acts: _Acts, *, parted: int
) -> list[_Group]:
    """Give names without a verb the role of the next verb, or the role that no verb means.

    Behind a ; names do not take part by the next verb: in 甲局;乙局配合 甲局 is responsible.
    """
    if not waiting:
        return []
    role = acts.waiting_role
    if acts.yields and role != "lead" and any(one.printed_role == "lead" for one in shares):
        role = "assist"
    apart = _role_without_verb(section.role, shares) if role == "assist" else role
    return [
        _Group(apart if index < parted else role, span, span, acts.each)
        for index, span in enumerate(waiting)
    ]


def _role_without_verb(role: PrintedRole | None, shares: Sequence[Share]) -> PrintedRole:
    """The role of names without a verb: that of their label; beside a lead they take part."""
    led = any(share.printed_role in ("lead", "main") for share in shares)
    return "assist" if led and role in (None, "resp") else role or "resp"


def _parse_acts(folded: str, start: int, end: int) -> _Acts | None:
    """What an element's verbs give: A负责…工作; A牵头; A会同B负责; A会同B; None without a verb."""
    span = (start, end)
    together = folded.find(_TOGETHER, start + 1, end)
    behind = together + len(_TOGETHER)
    names = _find_part_names(folded, start, end)
    if names is not None:
        return _Acts("resp", [_Group("resp", names, span)])
    verb = find_verb(folded[start:end])
    related = _parse_related(folded, start, end, verb)
    if related is not None:
        return related
    lead = _Group("lead", (start, together), span)
    if verb is None:
        return (
            _Acts("lead", [lead, _Group("assist", (behind, end), span)]) if together > 0 else None
        )
    each = verb.startswith("分别")
    own_end = end - len(verb)
    if together > 0:
        group = _Group("assist", (behind, own_end), (behind, end), each)
        return _Acts("assist", [group], (lead,), each, yields=True)
    role: PrintedRole = role_of_verb(verb)  # type: ignore[assignment]
    return _Acts(role, [_Group(role, (start, own_end), span, each)], (), each, yields=True)


def _parse_related(folded: str, start: int, end: int, verb: str | None) -> _Acts | None:
    """What an element gives that relates units: 会同B; A配合B; A商B, each with a verb or without."""
    own_end = end - len(verb or "")
    span = (start, end)
    joins = _JOINS.match(folded, start, own_end)
    units = _find_joined(folded, joins.end(), own_end) if joins else None
    if units:
        return _Acts("resp", [_Group("assist", units, span)])
    helps = _HELPS.search(folded, start + _SHORTEST_NAME, own_end)
    if helps is None or not _lists_units(folded, start, helps.start()):
        return None
    if not _lists_units(folded, helps.end(), own_end):
        return None
    role: PrintedRole = role_of_verb(verb) if verb else "resp"  # type: ignore[assignment]
    hosts: PrintedRole = role if role in ("lead", "main") else "resp"
    first, second = (start, helps.start()), (helps.end(), own_end)
    if helps["helps"]:
        return _Acts("assist", [_Group("assist", first, span), _Group(hosts, second, span)])
    return _Acts(hosts, [_Group(hosts, first, span), _Group("assist", second, span)])


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
    part = _PART_TASK.match(folded, start, end)
    if part is None or find_verb(part["task"]) == part["task"] or is_unit(part["task"]):
        return None
    return part.span("names") if _names_owner(part["names"].rstrip("、")) else None


def find_unit_prefix(folded: str, start: int, end: int) -> Span | None:
    """The longest head of a span that is a list of units: 各乡镇人民政府|筛选确定试点村."""
    act = _ACT.search(folded, start + 2, end)
    for stop in range(act.start() if act else end, start + 2, -1):
        listed = split_names(folded, start, stop).names
        names = [folded[name.start : name.end] for name in listed]
        if names and all(is_unit(name) and len(name) <= _LONGEST_UNIT for name in names):
            return start, stop
    return None


def _make_share(folded: str, section: _Section, group: _Group) -> Share:
    """A share of the names in a group; persons without a label are leaders."""
    role = group.role
    if role == "leader":
        leaders = split_leaders(folded, *group.names)
        return Share(role, section.label, leaders, *group.span, group.each)
    names = split_names(folded, *group.names)
    words = [folded[name.start : name.end] for name in names.names]
    if section.label is None and words and (all(map(is_person, words)) or any(map(is_post, words))):
        leaders = split_leaders(folded, *group.names)
        persons = [folded[one.start : one.end] for one in leaders.names if one.post]
        if persons and len(persons) == len(leaders.names) and not any(map(is_unit, persons)):
            role, names = "leader", leaders
    return Share(role, section.label, names, *group.span, group.each)
