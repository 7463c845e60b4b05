"""The checks of the guard, item by item, as problems of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.model import Assignment, Item, Name, Notice, Problem, Span
from pipeline.parse.guard.item_faults import (
    find_content_fault,
    find_deadline_fault,
    find_path_fault,
    find_title_fault,
    holds_several,
)
from pipeline.parse.guard.name_faults import Role, find_fault
from pipeline.parse.guard.neighbours import find_gap, is_half_group

_SHOWN = 20
_OPENING = "([（〔【［"
# A bracket without a word of responsibility between two halves of a sentence.
_SAYS_ROLE = re.compile(r"牵头|负责|责任|配合|主办|协办|参与|落实")
_BEFORE = re.compile(r"[\u4e00-\u9fff”》]\s*\Z")
_AFTER = re.compile(r"\s*[\u4e00-\u9fff、，》”：]")
_NEW_NUMBER = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]|附件|\n)"
)
_NEAR = 12
# Readings of words that only look like an assignment, and how many owned items tell a plan's form.
_PLAIN = frozenset(("list", "statement", "sentence"))
_FEWEST_OWNED = 8
_SEVERAL = "several-items"


def find_doubts(notice: Notice) -> Iterator[Problem]:
    """The problems of a finished record, each a warning on its item, in the order of the items."""
    text = notice.source.text
    # Items with measures, and those that were told of already, may hold several.
    holding = {one.item_id for one in notice.problems if one.code == _SEVERAL}
    holding |= {item.parent_id for item in notice.items}
    for item in notice.items:
        yield from _check_names(text, item)
        yield from _check_assignments(text, item)
        yield from _check_words(text, item, may_hold=item.item_id not in holding)
    yield from _check_forms(notice.items)


def _check_names(text: str, item: Item) -> Iterator[Problem]:
    """A problem for the first odd name and the first half of a group in an item."""
    odd = half = False
    leaders = len(item.leaders)
    for index, name in enumerate((*item.leaders, *item.host_units, *item.co_host_units)):
        fault = _find_name_fault("leader" if index < leaders else "unit", name)
        if fault and not odd:
            odd = True
            yield _warn("odd-name", f"{fault}：{name.name[:_SHOWN]}", name.span, item)
        if (
            not half
            and name.kind != "person"
            and is_half_group(text, name.span.start, name.span.end)
        ):
            half = True
            yield _warn("split-name", f"像是半个统称：{name.name[:_SHOWN]}", name.span, item)


def _find_name_fault(role: Role, name: Name) -> str | None:
    known = name.canonical is not None and name.kind == "unit"
    return find_fault(name.name, role, known=known)


def _check_assignments(text: str, item: Item) -> Iterator[Problem]:
    """Problems of each clause: two names with nothing between, a bracket in mid-sentence."""
    for assignment in item.assignments:
        gap = _find_gap(text, assignment) if len(assignment.names) > 1 else None
        if gap:
            words = "".join(text[slice(*gap)].split())
            yield _warn("split-name", f"两个名称之间没有分隔：{words[:_SHOWN]}", gap, item)
        span = assignment.span
        if text[span.start : span.start + 1] in _OPENING and _interrupts(text, span):
            words = "".join(text[span.start : span.end].split())
            yield _warn("mid-sentence", f"责任从句中的括号读出：{words[:_SHOWN]}", span, item)


def _find_gap(text: str, assignment: Assignment) -> tuple[int, int] | None:
    """The span of two units of a clause with nothing between."""
    if assignment.role == "leader":
        return None
    return find_gap(text, [(name.span.start, name.span.end) for name in assignment.names])


def _interrupts(text: str, span: Span) -> bool:
    """Whether a bracket stands inside a sentence and says nothing of a responsibility."""
    if _SAYS_ROLE.search(text, span.start, span.end):
        return False
    before = _BEFORE.search(text, max(0, span.start - _NEAR), span.start)
    after = _AFTER.match(text, span.end)
    return bool(before and after) and _NEW_NUMBER.match(text, span.end) is None


def _check_words(text: str, item: Item, *, may_hold: bool) -> Iterator[Problem]:
    """Problems of an item's title, content, path and deadline, and of what it holds."""
    title = find_title_fault(item.title, item.content)
    if title:
        yield _warn("odd-title", title, item.span, item)
    content = find_content_fault(item.content)
    if content:
        yield _warn("odd-content", content, item.span, item)
    path = find_path_fault(item.path)
    if path:
        yield _warn("odd-path", path, item.span, item)
    # A deadline without a day has its problem already: it was not understood.
    if item.deadline and item.deadline.due:
        deadline = find_deadline_fault(item.deadline.text)
        if deadline:
            yield _warn("odd-deadline", deadline, item.deadline.span, item)
    if may_hold and holds_several(text[item.span.start : item.span.end]):
        yield _warn(_SEVERAL, "一项里像是有几项", item.span, item)


def _check_forms(items: Sequence[Item]) -> Iterator[Problem]:
    """A problem where only one item of a plan has its owners from plain words or a list.

    Where all others print labels or brackets with verbs, such words are probably no assignment.
    """
    owned = [item for item in items if item.assignments]
    if len(owned) < _FEWEST_OWNED:
        return
    plain = [item for item in owned if all(a.reading in _PLAIN for a in item.assignments)]
    if len(plain) == 1:
        span = plain[0].assignments[0].span
        yield _warn("lone-form", "只有这一项的责任是这种写法", span, plain[0])


def _warn(code: str, message: str, span: Span | tuple[int, int], item: Item) -> Problem:
    where = span if isinstance(span, Span) else Span(start=span[0], end=span[1])
    return Problem(code=code, severity="warning", message=message, span=where, item_id=item.item_id)
