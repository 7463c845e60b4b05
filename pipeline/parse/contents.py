"""Cut the text of an item into its title, its content, its deadline and its labelled fields."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.dates import Due, find_due, parse_due
from pipeline.lexicon import words
from pipeline.parse.clauses.clause import Share, make_field
from pipeline.parse.clauses.labels import field_key
from pipeline.parse.items.tasks import Plan, Task
from pipeline.parse.normalize import NormalizedText
from pipeline.text import trim

Span = tuple[int, int]

_TITLE_END = re.compile(r"[。!?\n]")
# A quotation is looked at so far before and behind a stop.
_PAIR_REACH = 200
_PAIRS = (("“", "”"), ("《", "》"), ("(", ")"), ("[", "]"))
# 推进道路建设:完成三条。 A heading is short and has no comma; 一是: is none.
_COLON_HEADING = re.compile(
    r"\s*(?P<words>[\u4e00-\u9fff“”《》]{4,20}(?<![是如下即为括]))[:](?=[^\n]{12,}?[。;])"
)
_BLANKS = " \t\n\u3000"
_EDGES = " \t\n。;"
# A deadline behind the last clause of an item is no longer.
_LONGEST_TAIL = 24
_TAIL_VERB = re.compile("(?:[前底末]|全面|全部|基本)*(?:完成|建成|办结|落实|到位)?")
# Words that only introduce the measures below them: 具体措施：
_LEAD_INS = frozenset(word + colon for word in words("boilerplate", "lead_in") for colon in ":：")


class DeadlineText(NamedTuple):
    """A deadline phrase: its span, its last day and precision."""

    span: Span
    due: Due


class FieldText(NamedTuple):
    """A labelled field: its label as printed, and the span of its value."""

    label: str
    span: Span


class Contents(NamedTuple):
    """The words of an item, without its roles; `unread` are deadlines that were not understood."""

    title: Span
    content: str
    deadline: DeadlineText | None
    fields: dict[str, FieldText]
    unread: tuple[Span, ...]


def read_contents(shadow: NormalizedText, plan: Plan, index: int, year: int | None) -> Contents:
    """The contents of the item at `index` of a plan of `year`; spans are offsets in the shadow."""
    task = plan.tasks[index]
    shares = [share for clause in task.clauses for share in clause.shares]
    own_end = find_own_end(plan, index)
    tail = _find_last_deadline(shadow.folded, task, own_end)
    if tail is not None:
        shares.append(make_field("deadline", None, *tail))
        own_end = tail[0]
    deadlines = _find_deadlines(shadow.folded, shares, year)
    title = _find_title(shadow.folded, task, min(own_end, task.end))
    content = _join_content(shadow.text, task, own_end)
    if shadow.text[slice(*title)].strip() not in content:
        # A lead-in or an empty label is no title, as it is no content.
        title = title[0], title[0]
    unread = [
        one.span for one in deadlines if one.due.precision is None and one.span[0] < one.span[1]
    ]
    fields = _find_fields(shadow.folded, shares)
    return Contents(title, content, _choose_deadline(deadlines), fields, tuple(unread))


def find_own_end(plan: Plan, index: int) -> int:
    """Where an item's own text ends: at the first measure that is an item itself, else at its end."""
    tasks = plan.tasks
    if index + 1 < len(tasks) and tasks[index + 1].parent == index:
        return tasks[index + 1].start
    return tasks[index].end


def _find_title(folded: str, task: Task, own_end: int) -> Span:
    """An item's first cell, or its heading or first sentence up to a line's end or its first clause."""
    if task.pieces is not None:
        return task.pieces[0]
    limit = own_end
    for clause in task.clauses:
        if clause.carrier != "sentence" and clause.start < limit:
            limit = clause.start
    if folded.find(":", task.body, limit) >= 0:
        heading = _COLON_HEADING.match(folded, task.body, limit)
        if heading:
            return heading.span("words")
    for stop in _TITLE_END.finditer(folded, task.body, limit):
        if stop[0] == "\n":
            return task.body, stop.start()
        if not _is_inside_pair(folded, task.body, stop.start(), limit):
            return task.body, stop.end()
    return task.body, limit


def _is_inside_pair(folded: str, start: int, stop: int, limit: int) -> bool:
    """Whether a stop is inside quotation marks or brackets that close in the same line."""
    if stop - start > _PAIR_REACH:
        return False
    for opening, closing in _PAIRS:
        opened = folded.count(opening, start, stop)
        if opened and opened > folded.count(closing, start, stop):
            newline = folded.find("\n", stop, limit)
            end = min(limit if newline < 0 else newline, stop + _PAIR_REACH)
            closes = folded.find(closing, stop, end)
            if closes > 0 and folded.find(opening, stop, closes) < 0:
                return True
    return False


def _join_content(text: str, task: Task, own_end: int) -> str:
    """An item's own text without its clauses and labelled fields, one piece a line."""
    if task.pieces is not None:
        return "\n".join(text[start:end].strip() for start, end in task.pieces)
    pieces, at = [], task.body
    for clause in task.clauses:
        if clause.carrier == "sentence":
            continue
        pieces.append(text[at : max(at, clause.start)].strip(_BLANKS))
        at = max(at, clause.end)
    pieces.append(text[at:own_end].strip(_BLANKS))
    return "\n".join([piece for piece in pieces if piece and piece not in _LEAD_INS])


def _find_last_deadline(folded: str, task: Task, own_end: int) -> Span | None:
    """The deadline that an item ends with, behind its clause: …(甲局负责)2023年6月底前完成。"""
    if task.pieces is not None or not task.clauses or task.clauses[-1].carrier == "sentence":
        return None
    start, end = trim(folded, task.clauses[-1].end, own_end, _EDGES)
    words = folded[start:end]
    due = find_due(words) if 0 < len(words) <= _LONGEST_TAIL else None
    return (start, end) if due and due[0] == 0 and _TAIL_VERB.fullmatch(words, due[1]) else None


def _choose_deadline(deadlines: list[DeadlineText]) -> DeadlineText | None:
    """The last deadline counts; 持续推进 behind a day (6月底前,持续推进) leaves the day."""
    dated = [one for one in deadlines if one.due.day]
    ongoing = bool(deadlines) and deadlines[-1].due.precision == "ongoing"
    chosen = dated if dated and ongoing else deadlines
    return chosen[-1] if chosen else None


def _find_deadlines(folded: str, shares: list[Share], year: int | None) -> list[DeadlineText]:
    """Every deadline of an item, in order."""
    spans = [
        trim(folded, share.start, share.end, _EDGES)
        for share in shares
        if share.printed_role == "deadline"
    ]
    return [DeadlineText(span, parse_due(folded[slice(*span)], year)) for span in spans]


def _find_fields(folded: str, shares: list[Share]) -> dict[str, FieldText]:
    """The labelled fields of an item by key; the first of a key counts, an empty one does not."""
    fields: dict[str, FieldText] = {}
    for share in shares:
        if share.printed_role not in ("field", "guide"):
            continue
        span = trim(folded, share.start, share.end, _EDGES)
        if span[0] >= span[1]:
            continue
        # X指导 prints no label.
        label = folded[slice(*share.label)].strip() if share.label else "指导"
        key = field_key(label) if share.label else "guidance"
        fields.setdefault(key, FieldText(label, span))
    return fields
