"""Find labels on lines (主办单位:区民政局;) and parse their values into clauses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from pipeline.lexicon import alternation, words
from pipeline.names.units import is_unit
from pipeline.parse.clauses.clause import Clause, Share, make_field
from pipeline.parse.clauses.clause_shares import parse_shares
from pipeline.parse.clauses.labels import (
    ASSIGNING,
    BEFORE_LABEL,
    LONGEST_LABEL,
    VERB_LENGTH,
    Label,
    PrintedRole,
    field_key,
    find_known_label,
    find_shaped_label,
    opens_list,
)
from pipeline.parse.clauses.verbs import find_verb

# How far before a label its line's start is looked for; a field's label begins a line.
_LINE_REACH = 40
_CLOSERS = '”"》)]'
# Fields of persons follow a sentence too; 目标: and 措施: in mid-line are words of the sentence.
_PERSONAL = ("person_in_charge", "contact")
# Labels that end in ; where : was meant: 责任单位;区建设局.
_SLIPS = ("单位;", "部门;", "领导;")
_LEAD_INS = frozenset(words("boilerplate", "lead_in"))
# (甲局负责), [责任单位:甲局]: a measure has an owner of its own; (试行) is none.
_OWNED = re.compile(r"[(\[][^()\[\]]*(?:负责|牵头|配合|落实|单位:|部门:)[^()\[\]]*[)\]]")
# A line of a few units, 甲局、乙局, but no sentence and no other label.
_NAMES_LINE = re.compile(r"\n[ \t]*(?P<names>[^\n。;:]{2,40})\n")
_BETWEEN_NAMES = re.compile("[、,]")
_SHORTEST_LINE = len("\n甲局\n")
# What follows a signature: its date, or the text's end.
_SIGNED = re.compile(r"\s*(?:20\d\d|二〇|〇|$)")
# A stem without a unit's ending (公安、安监) is no longer than this; duties have a verb and are.
_LONGEST_STEM = 8
_DUTY = re.compile(alternation(words("name_faults", "verb")))
_BLANK = re.compile(r" +")
# Words of the page behind the last list: 责任单位:甲局 来源:乙局.
_FURNITURE = re.compile(alternation(words("boilerplate", "furniture")))
# A request that was glued to the end of a list: 各村(居)请各有关部门认真履职.
_REQUEST = re.compile(r"(?:请|希望?|望)(?=各|有关|相关)")
_TOKEN = re.compile(r"[^ 、,;。\n]*")
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,3}")


def find_labels(folded: str, pairs: list[tuple[int, int]]) -> list[Label]:
    """The labels that open a clause outside these bracket pairs, in reading order."""
    openings = [opening for opening, _ in pairs]
    labels = list(_find_slips(folded))
    colon = folded.find(":")
    while colon >= 0:
        inside = bisect_right(openings, colon) - 1
        if inside < 0 or pairs[inside][1] < colon:
            label = _find_label_at(folded, colon)
            if label:
                labels.append(label)
        colon = folded.find(":", colon + 1)
    if labels and labels[0].slip:
        labels.sort(key=lambda label: label.start)
    return labels


def _find_label_at(folded: str, colon: int) -> Label | None:
    known = find_known_label(folded, max(0, colon - 2 * LONGEST_LABEL), colon)
    if known is not None and _opens_clause(folded, known):
        return known
    # 市级挂帅领导: is no 挂帅领导: in mid-word, but a label by its shape.
    return find_shaped_label(folded, 0, colon)


def _find_slips(folded: str) -> Iterator[Label]:
    """Labels at a line's start that end in ; where : was meant."""
    for slip in _SLIPS:
        at = folded.find(slip)
        while at >= 0:
            mark = at + len(slip) - 1
            label = find_known_label(folded, max(0, mark - LONGEST_LABEL), mark)
            line = folded.rfind("\n", 0, at) + 1
            first = label is not None and not folded[line : label.start].strip()
            if label and first and label.printed_role not in ("field", "deadline"):
                yield Label(label.start, mark, label.word, slip=True)
            at = folded.find(slip, at + 1)


def _opens_clause(folded: str, label: Label) -> bool:
    """Whether a known label opens a clause where it is.

    It follows a break or, for a role, a short qualifier of its line (市级牵头单位:). 责任编辑: and
    目标: in mid-sentence do not open one.
    """
    before = folded[label.start - 1] if label.start else "\n"
    role = label.printed_role
    if role == "deadline" and before in " 。;,)]":
        return True
    if role == "field" and before in "。 " and field_key(label.word) in _PERSONAL:
        return True
    if role in ("field", "deadline"):
        return before == ";" or _begins_line(folded, label.start, before)
    apart = before in BEFORE_LABEL or before in _CLOSERS
    if len(label.word) == VERB_LENGTH:
        return apart and opens_list(folded, label.colon + 1)
    return apart or role != "leader"


def _begins_line(folded: str, start: int, before: str) -> bool:
    """Whether a line has nothing before a label but perhaps a number: 1.目标:…"""
    reach = max(0, start - _LINE_REACH)
    newline = folded.rfind("\n", reach, start)
    if newline < 0 < reach:
        return False
    line = folded[max(newline + 1, reach) : start].strip()
    return not line or (before == "." and line[:-1].isdigit())


def parse_labelled(folded: str, label: Label, limit: int) -> Clause | None:
    """A label with its value as a clause, none of it behind `limit`; None for a mere lead-in."""
    start = label.colon + 1
    role = label.printed_role
    end = _find_value_end(folded, start, limit, role)
    span = (label.start, label.colon)
    if label.word in _LEAD_INS and _leads_in(folded, start, end):
        return None
    if role in ("field", "deadline"):
        return Clause("label", label.start, end, (make_field(role, span, start, end),))
    shares = parse_shares(folded, (start, end), role, span)
    if role != "leader" and _tells_duties(folded, shares):
        shares = [make_field("field", span, start, end)]
    return Clause("label", label.start, end, tuple(shares))


def _tells_duties(folded: str, shares: Iterable[Share]) -> bool:
    """Whether what stands behind a label are sentences and no names: 责任单位:负责归集数据,并及时更新."""
    spans = [(name.start, name.end) for share in shares for name in share.names.names]
    if max([end - start for start, end in spans], default=0) <= _LONGEST_STEM:
        return False
    names = [folded[start:end] for start, end in spans]
    return 2 * sum(map(is_unit, names)) < len(names) and any(map(_DUTY.search, names))


def _leads_in(folded: str, start: int, end: int) -> bool:
    """Whether 具体措施: only opens the measures below: nothing follows, or a measure that is owned."""
    newline = folded.find("\n", start, end)
    line = folded[start : end if newline < 0 else newline]
    return not line.strip() or _OWNED.search(folded, start, end) is not None


def _find_value_end(folded: str, start: int, limit: int, role: PrintedRole) -> int:
    """Where a label's value ends: with its line, unless its list goes on, or at its full stop."""
    end = _find_last_line_end(folded, start, limit, role)
    if role == "field":
        return end
    stop = folded.find("。", start, end)
    request = _REQUEST.search(folded, start + 2, end)
    ends = [stop + 1 if stop >= 0 else end, request.start() if request else end]
    return _cut_at_blank(folded, start, min(ends), role)


def _find_last_line_end(folded: str, start: int, limit: int, role: PrintedRole) -> int:
    end = start
    while True:
        newline = folded.find("\n", end, limit)
        if newline < 0:
            return limit
        value = folded[start:newline].strip()
        whole = value and value[-1] not in "、," and value.count("(") <= value.count(")")
        if whole and not (role in ASSIGNING and _continues_list(folded, newline, limit)):
            return newline
        end = newline + 1


def _continues_list(folded: str, newline: int, limit: int) -> bool:
    """Whether the next line only names more units: 责任单位:甲局⏎乙局.

    A signature above its date or at the end of the text is no more of the list.
    """
    if limit - newline < _SHORTEST_LINE:
        return False
    match = _NAMES_LINE.match(folded, newline, limit)
    if match is None or _SIGNED.match(folded, match.end()):
        return False
    return all(is_unit(name) for name in _BETWEEN_NAMES.split(match["names"].strip()))


def _cut_at_blank(folded: str, start: int, end: int, role: PrintedRole) -> int:
    """Where a list without line breaks ends: at a blank before words of the page or no unit or leader."""
    if folded.find(" ", start, end) < 0:
        return end
    for blank in _BLANK.finditer(folded, start, end):
        left = folded[start : blank.start()].strip()
        token = _TOKEN.match(folded, blank.end(), end)
        word = token[0] if token else ""
        if left and _FURNITURE.match(folded, blank.end(), end):
            return blank.start()
        if not left or left[-1] in "、,;。" or not word or len(left) == 1:
            continue
        if role == "leader" and _PERSON.fullmatch(word):
            continue
        if len(word) > 1 and not is_unit(word) and find_verb(word) is None:
            return blank.start()
    return end
