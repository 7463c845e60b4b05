"""Where a document says who is responsible: own-line labels and closing brackets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from pipeline.lexicon import alternation, words
from pipeline.names.lists import NameList, is_unit
from pipeline.parse.clauses.clause import Carrier, Clause, Share
from pipeline.parse.clauses.labels import (
    ASSIGNING,
    BARE,
    BEFORE_LABEL,
    LONGEST_LABEL,
    Label,
    Say,
    field_key,
    inner_label,
    known_label,
    opens_list,
    shaped_label,
)
from pipeline.parse.clauses.owners import CUT, find_segments, find_verb, read_owners
from pipeline.text import trim

_BRACKET = re.compile(r"[()\[\]〈〉]")
_STOPS = '。;!?:…”"》)]>、'
_FURNITURE = frozenset(words("boilerplate", "furniture"))
_PAGE_WORDS = re.compile(alternation(_FURNITURE))
_BRACKET_LIMIT = 800
_NAME_LIMIT = 40
# How far back a line's start is looked for; a field's label stands at it.
_LINE_REACH = 40


def find_clauses(folded: str, starts: list[int], ends: Iterable[int] = ()) -> list[Clause]:
    """Every clause of a folded text in reading order.

    `starts` and `ends` are where numbered blocks begin and end: no clause reaches over one.
    """
    edges = sorted({*starts, *ends})
    pairs = find_brackets(folded, edges)
    clauses = [
        clause for a, b in pairs if (clause := _read_bracket(folded, a, b, starts)) is not None
    ]
    labels = _find_labels(folded, pairs)
    for index, label in enumerate(labels):
        following = labels[index + 1].start if index + 1 < len(labels) else len(folded)
        limit = min(following, _next_edge(edges, label.colon, folded))
        clause = _read_label(folded, label, limit)
        if clause is not None:
            clauses.append(clause)
    return _outermost([c for c in clauses if c.end <= _next_edge(edges, c.start, folded)])


def _outermost(clauses: list[Clause]) -> list[Clause]:
    """In reading order, without a bracket that is part of a label's list: 区委组织部(区编办)."""
    clauses.sort(key=lambda clause: (clause.start, -clause.end))
    kept: list[Clause] = []
    for clause in clauses:
        if not kept or clause.start >= kept[-1].end:
            kept.append(clause)
    return kept


def find_brackets(folded: str, edges: list[int]) -> list[tuple[int, int]]:
    """The outermost closed bracket pairs as (opening, closing); a 〉 typed for ) closes too.

    A bracket that is still open where a numbered block begins or ends stays open.
    """
    pairs: list[tuple[int, int]] = []
    stack: list[int] = []
    edge = 0
    for match in _BRACKET.finditer(folded):
        mark, at = match[0], match.start()
        if at >= edge:
            stack.clear()
            edge = _next_edge(edges, at, folded)
        if mark in "([〈":
            stack.append(at)
        elif stack and (folded[stack[-1]], mark) in _CLOSING:
            pairs.append((stack.pop(), at))
        elif len(stack) > 1 and (folded[stack[-2]], mark) in _CLOSING:
            stack.pop()
            pairs.append((stack.pop(), at))
    pairs.sort()
    outermost: list[tuple[int, int]] = []
    for a, b in pairs:
        if (
            folded[a] != "〈"
            and b - a <= _BRACKET_LIMIT
            and (not outermost or a > outermost[-1][1])
        ):
            outermost.append((a, b))
    return outermost


_CLOSING = {("(", ")"), ("[", "]"), ("〈", "〉"), ("(", "〉"), ("(", "]"), ("[", ")")}


def _next_edge(edges: list[int], position: int, folded: str) -> int:
    index = bisect_right(edges, position)
    return edges[index] if index < len(edges) else len(folded)


def _find_labels(folded: str, pairs: list[tuple[int, int]]) -> list[Label]:
    """The labels outside brackets that stand where a label may stand."""
    openings = [a for a, _ in pairs]
    labels: list[Label] = list(_find_slips(folded))
    colon = folded.find(":")
    while colon >= 0:
        inside = bisect_right(openings, colon) - 1
        if inside < 0 or pairs[inside][1] < colon:
            label = known_label(folded, max(0, colon - 2 * LONGEST_LABEL), colon)
            if label and not _may_stand(folded, label):
                label = None
            elif label is None:
                label = shaped_label(folded, 0, colon)
            if label:
                labels.append(label)
        colon = folded.find(":", colon + 1)
    if labels and labels[0].slip:
        labels.sort(key=lambda label: label.start)
    return labels


_SLIPS = ("单位;", "部门;", "领导;")


def _find_slips(folded: str) -> Iterator[Label]:
    """Labels at a line's start that end in ; where : was meant: 责任单位;区建设局."""
    for slip in _SLIPS:
        at = folded.find(slip)
        while at >= 0:
            mark = at + len(slip) - 1
            label = known_label(folded, max(0, mark - LONGEST_LABEL), mark)
            line = folded.rfind("\n", 0, at) + 1
            if (
                label
                and label.say not in ("field", "deadline")
                and not folded[line : label.start].strip()
            ):
                yield Label(label.start, mark, label.word, slip=True)
            at = folded.find(slip, at + 1)


def _may_stand(folded: str, label: Label) -> bool:
    """Whether a label opens a clause here: after a break or, for a role, a short qualifier of
    its line (市级牵头单位:); 责任编辑: and 目标: in mid-sentence do not."""
    before = folded[label.start - 1] if label.start else "\n"
    if label.say == "deadline" and before in " 。;,)]":
        return True
    if label.say == "field" and before in "。 " and field_key(label.word) in _PERSONAL:
        return True
    if label.say in ("field", "deadline"):
        reach = max(0, label.start - _LINE_REACH)
        newline = folded.rfind("\n", reach, label.start)
        if newline < 0 < reach:
            return before == ";"
        line = folded[max(newline + 1, reach) : label.start].strip()
        return not line or before == ";" or (before == "." and line[:-1].isdigit())
    apart = before in BEFORE_LABEL or before in _CLOSERS
    if len(label.word) == BARE:
        return apart and opens_list(folded, label.colon + 1)
    return apart or label.say != "leader"


_CLOSERS = '”"》)]'
# Fields of persons stand behind a sentence too; 目标: and 措施: there only go on.
_PERSONAL = ("person_in_charge", "contact")


def _read_label(folded: str, label: Label, limit: int) -> Clause | None:
    """A label with its value: 主办单位:区民政局;"""
    start = label.colon + 1
    end = _value_end(folded, start, limit, label.say)
    share_label = (label.start, start - 1)
    if label.word in _LEAD_INS and _leads_in(folded, start, end):
        return None
    if label.say in ("field", "deadline"):
        share = Share(label.say, share_label, NameList([], open_ended=False), start, end)
        return Clause("label", label.start, end, (share,))
    shares = read_owners(folded, (start, end), label.say, share_label)
    return Clause("label", label.start, end, tuple(shares))


_LEAD_INS = frozenset(words("boilerplate", "lead_in"))
_OWNED = re.compile(r"[(\[][^()\[\]]*(?:负责|牵头|配合|落实|单位:|部门:)[^()\[\]]*[)\]]")


def _leads_in(folded: str, start: int, end: int) -> bool:
    """Whether a label such as 具体措施: only opens what follows: an empty line, a measure with
    an owner of its own."""
    newline = folded.find("\n", start, end)
    line = folded[start : end if newline < 0 else newline]
    return not line.strip() or _OWNED.search(folded, start, end) is not None


def _value_end(folded: str, start: int, limit: int, say: Say) -> int:
    """Where a label's value ends: with its line, unless the list goes on, or at its full stop."""
    end = start
    while True:
        newline = folded.find("\n", end, limit)
        end = limit if newline < 0 else newline
        value = folded[start:end].strip()
        if newline < 0:
            break
        whole = value and value[-1] not in "、," and value.count("(") <= value.count(")")
        if whole and not (say in ASSIGNING and _goes_on(folded, newline, limit)):
            break
        end = newline + 1
    if say == "field":
        return end
    stop = folded.find("。", start, end)
    if stop >= 0:
        end = stop + 1
    return _cut_at_blank(folded, start, end, say)


_NEXT_LINE = re.compile(r"\n[ \t]*(?P<names>[^\n。;:]{2,40})\n")
_SHORTEST_LINE = len("\n甲局\n")
_SIGNED = re.compile(r"\s*(?:20\d\d|二〇|〇|$)")


def _goes_on(folded: str, newline: int, limit: int) -> bool:
    """Whether the next line only names more units: 责任单位:甲局⏎乙局; not a signature above its
    date or at the end of the text."""
    if limit - newline < _SHORTEST_LINE:
        return False
    match = _NEXT_LINE.match(folded, newline, limit)
    if match is None or _SIGNED.match(folded, match.end()):
        return False
    return all(is_unit(name) for name in re.split("[、,]", match["names"].strip()))


_BLANK = re.compile(r" +")
_TOKEN = re.compile(r"[^ 、,;。\n]*")
_OTHER_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")


def _cut_at_blank(folded: str, start: int, end: int, say: Say) -> int:
    """In a text without line breaks a blank ends a list, unless another unit or leader follows."""
    for blank in _BLANK.finditer(folded, start, end):
        left = folded[start : blank.start()].strip()
        token = _TOKEN.match(folded, blank.end(), end)
        word = token[0] if token else ""
        if not left or left[-1] in "、,;。" or not word or len(left) == 1:
            continue
        if say == "leader" and _OTHER_NAME.fullmatch(word):
            continue
        if not is_unit(word) and find_verb(word) is None and len(word) > 1:
            return blank.start()
    return end


def _read_bracket(folded: str, opening: int, closing: int, starts: list[int]) -> Clause | None:
    """A bracket that assigns: (X、Y负责), [牵头单位:X;责任单位:Y], (区农发局、区环土局)."""
    inner = folded[opening + 1 : closing]
    if len(inner) < 2 or inner.isascii() or inner.strip() in _FURNITURE:
        return None
    labelled = ":" in inner and _has_label(folded, opening + 1, closing)
    if not labelled and not _stands_apart(folded, opening, closing, starts):
        return None
    shares = read_owners(folded, (opening + 1, closing), None, None)
    names = [folded[name.start : name.end] for share in shares for name in share.names.names]
    if not names or any("的" in name or len(name) > _NAME_LIMIT for name in names):
        return None
    carrier: Carrier = "bracket"
    if not labelled and not any(find_verb(part) for part in _parts(folded, opening, closing)):
        closes = _closes(folded, closing, starts)
        if not closes or not all(is_unit(name) and not _EXPLAINS.search(name) for name in names):
            return None
        if _COUNTED.search(folded, max(0, opening - 4), opening):
            return None
        if all(map(_LEVELS_ONLY.fullmatch, names)) and folded[opening - 1] not in _STOPS:
            return None
        carrier = "list"
    end = closing + 1
    while end < len(folded) and folded[end] in "。;":
        end += 1
    return Clause(carrier, opening, end, tuple(shares))


# 新建学校3所(甲镇、乙镇): the bracket tells which they are.
_COUNTED = re.compile(r"\d(?:个|所|家|处|座|条|项|名|辆|台|套|人|次)$")
# What a bracket says that explains, not assigns: (设在省编办), (原市经委), (含各街道).
_EXPLAINS = re.compile(
    rf"^(?!{alternation(words('unit_words', 'opening_word'))})"
    r"(?:设在|设于|由|经|如|即|含|原|见|包括|其中|除|不含|以下|简称|暂|挂靠|隶属|报|向|对|在)|《|的"
)
# 县(市、区) explains a level and names nobody.
_LEVELS_ONLY = re.compile(
    r"各?(?:[省市县区州旗盟乡镇村]|街道)(?:[、/]?(?:[省市县区州旗盟乡镇村]|街道))*"
)


def _has_label(folded: str, start: int, end: int) -> bool:
    """Whether an owner's label begins a segment or stands behind a blank in one."""
    for a, b in find_segments(folded, start, end):
        label = inner_label(folded, *trim(folded, a, b))
        if (
            label
            and label.say != "field"
            and (label.start == a or folded[label.start - 1] in BEFORE_LABEL)
        ):
            return True
    return False


def _parts(folded: str, opening: int, closing: int) -> list[str]:
    return [folded[a:b].strip() for a, b in find_segments(folded, opening + 1, closing)]


def _stands_apart(folded: str, opening: int, closing: int, starts: list[int]) -> bool:
    """Whether a bracket stands after a sentence or closes one; a remark in mid-sentence
    (技工院校内由人社行政部门负责) does neither."""
    before = opening - 1
    while before >= 0 and folded[before] in " \t":
        before -= 1
    if before < 0 or folded[before] in _STOPS or folded[before] == "\n":
        return True
    return _closes(folded, closing, starts) or _ends_title(folded, opening, closing, starts)


# A number with its title is no longer than this.
_TITLE_REACH = 60


def _ends_title(folded: str, opening: int, closing: int, starts: list[int]) -> bool:
    """Whether a bracket stands behind an item's title: 1.优化公交线网(市交通局负责)新增…"""
    index = bisect_right(starts, opening) - 1
    if index < 0 or opening - starts[index] > _TITLE_REACH:
        return False
    if folded[closing + 1 : closing + 2] != " " and "由" in folded[opening:closing]:
        return False
    return CUT.search(folded, starts[index] + 4, opening) is None


def _closes(folded: str, closing: int, starts: list[int]) -> bool:
    """Whether nothing of the sentence follows a bracket: a stop, a line's end, the next number."""
    after = closing + 1
    while after < len(folded) and folded[after] in " \t。;":
        after += 1
    if after >= len(folded) or folded[after] == "\n" or folded[closing + 1] in "。;":
        return True
    # Lines that were run together keep their indents.
    if folded.startswith("  ", closing + 1):
        return True
    index = bisect_right(starts, closing)
    if index < len(starts) and starts[index] == after:
        return True
    return _PAGE_WORDS.match(folded, after) is not None
