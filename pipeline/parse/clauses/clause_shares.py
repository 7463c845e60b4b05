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
from pipeline.parse.clauses.acts import JOINS, Acts, Group, names_owner, parse_acts
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
from pipeline.parse.clauses.verbs import VERB_CUT, find_verb, may_end_with_verb
from pipeline.text import QUOTED, find_cuts, trim, without_blanks

Span = tuple[int, int]

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
# A value without any of these is a plain list of names, as most are. It begins with a set of characters,
# which makes its search several times faster: , 会同 列出 第一
_STRUCTURED = re.compile(
    r"""
    [,;:。\d由年商会下列其第为长负配协联]
    (?:
      (?<=[,;:。\d由年商]) | (?<=[会下])同 | (?<=列)出 | (?<=其)余 | (?<=第)一 | (?<=为)主 | (?<=长)期
      | (?<=负)责 | (?<=[配联])合 | (?<=协)[助同]
    )
    """,
    re.VERBOSE,
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


def parse_shares(
    folded: str, value: Span, role: PrintedRole | None, label: Span | None
) -> list[Share]:
    """The shares of a clause's value, given the role of its label, if it has one.

    The value is a list, lists with verbs (A牵头,B、C配合) or labelled lists (牵头单位:A;责任单位:B).
    Names without a verb of their own share the next verb; after a lead they only take part.
    """
    start, end = value
    if role is None and label is None:
        return [move_share(share, start) for share in parse_bare_shares(folded[start:end])]
    plain = trim(folded, start, end, " \t\n;。、,")
    if role == "leader" or (role and _is_plain_list(folded, *plain)):
        names = (split_leaders if role == "leader" else split_names)(folded, *plain)
        return [Share(role, label, names, *plain)] if names.names else []
    return _parse_sections(folded, value, role, label)


@lru_cache(_REMEMBERED)
def parse_bare_shares(words: str) -> tuple[Share, ...]:
    """The shares of a value without a label of its own, at offsets in it."""
    return tuple(_parse_sections(words, (0, len(words)), None, None))


def move_share(share: Share, by: int) -> Share:
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
    if folded.find(":", start, end) < 0:
        return None
    known = find_inner_label(folded, start, end)
    if known is None:
        return _open_unknown(folded, start, end)
    return _Section(known.printed_role, (known.start, known.colon), []), known.colon + 1


def _open_unknown(folded: str, start: int, end: int) -> tuple[_Section, int] | None:
    """The section of words before a colon that are no known label: 市分工方案:甲局, 目标位置:前5.

    Units behind them answer for the task; anything else is a field. A verb or a unit before a
    colon is no label: 由甲局牵头:…, 区城运中心:….
    """
    head = _UNKNOWN_LABEL.match(folded, start, end)
    if head is None:
        return None
    word = without_blanks(head["word"])
    if find_verb(word) or is_unit(word):
        return None
    role: PrintedRole = "resp" if opens_list(folded, head.end(), end) else "field"
    return _Section(role, head.span("word"), []), head.end()


def _split_elements(folded: str, value: Span) -> Iterator[Span]:
    """The segments, cut again where a verb ends an element of a list: 甲局牵头、乙局配合."""
    segments = split_segments(folded, *value)
    if folded.find(":", *value) >= 0:
        segments = [part for a, b in segments for part in _split_at_labels(folded, a, b)]
    if not VERB_CUT.search(folded, *value):
        yield from segments
        return
    for begin, end in segments:
        at = begin
        for cut in VERB_CUT.finditer(folded, begin, end):
            element = folded[at : cut.start() + 1]
            closed = element.count("(") == element.count(")")
            follows = find_verb(folded[begin:end].rstrip()) or JOINS.match(folded, cut.end(), end)
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
    if head and names_owner(head):
        behind = _split_due(folded, _Element(start + due[0], end, parts))
        return [_Element(start, start + len(head), parts=False), *behind]
    if tail and names_owner(tail.removeprefix("由")):
        first = _Element(start, start + due[1], parts=False, due=True)
        return [first, _Element(end - len(tail), end, parts)]
    return [_Element(start, end, parts, due=not head or len(tail) <= _DUE_WORDS)]


def _parse_section(folded: str, section: _Section, earlier: Sequence[Share]) -> list[Share]:
    """The shares of one section; names without a verb wait for the next verb or the end."""
    shares: list[Share] = []
    waiting: list[Span] = []
    # How many of them a ; separates from the next verb: 甲局;乙局配合.
    parted = 0
    for start, end, parts, due in section.elements:
        if section.role in ("field", "deadline", "leader"):
            group = Group(section.role, (start, end), (start, end))
            shares.append(_make_share(folded, section, group))
        elif due:
            shares.append(make_field("deadline", None, start, end))
        else:
            begin = start + folded.startswith("由", start)
            acts = parse_acts(folded, begin, end)
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
    groups = _give_waiting(section, (*earlier, *shares), waiting, Acts(role, []), parted=parted)
    return [*shares, *(_make_share(folded, section, group) for group in groups)]


def _give_waiting(
    section: _Section, shares: Sequence[Share], waiting: list[Span], acts: Acts, *, parted: int
) -> list[Group]:
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
        Group(apart if index < parted else role, span, span, acts.each)
        for index, span in enumerate(waiting)
    ]


def _role_without_verb(role: PrintedRole | None, shares: Sequence[Share]) -> PrintedRole:
    """The role of names without a verb: that of their label; beside a lead they take part."""
    led = any(share.printed_role in ("lead", "main") for share in shares)
    return "assist" if led and role in (None, "resp") else role or "resp"


def _make_share(folded: str, section: _Section, group: Group) -> Share:
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
