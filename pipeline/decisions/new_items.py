"""Make the items of an edit: the pieces of a split item, the join of several, an added stretch."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline.dataset.edited_items import EDIT_KINDS
from pipeline.dataset.in_force import NAME_LISTS, in_force
from pipeline.decisions.item_words import first_sentence, locate_content, read_stretch
from pipeline.errors import CorrectionError
from pipeline.model import Corrected, Item, Span, Stated
from pipeline.text import trim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.model import Assignment, Name, Notice

_BLANK_EDGES = " \t\n\u3000"
# Corrections that the join of several items and a piece behind the first do not take over.
_NOT_JOINED = ("content", *NAME_LISTS, *EDIT_KINDS)
_OF_THE_FIRST = ("title", "label", "number")


def split_item(item: Item, text: str, cuts: Sequence[int], ids: Sequence[str]) -> tuple[Item, ...]:
    """Split an item at offsets in the source; `ids` are those of its pieces, one more than cuts.

    A piece has the values that are printed in its words or are said of them; what is printed outside
    the words of the item (a line 责任单位:… below them) holds for every piece. Raises CorrectionError.
    """
    places = locate_content(item, text)
    if places is None:
        fact = "its content is not in its source text"
        raise CorrectionError(item.item_id, fact, "correct its fields")
    edges = [0, *(_count_before(places, cut) for cut in cuts), len(places)]
    if sorted(set(edges)) != edges:
        fact = "a piece would have no words of the item's content"
        raise CorrectionError(item.item_id, fact, "name words inside of it")
    starts = [item.span.start, *(places[n] for n in edges[1:-1])]
    ends = [
        trim(text, start, after, _BLANK_EDGES)[1]
        for start, after in zip(starts, [*starts[1:], item.span.end], strict=True)
    ]
    own = [(places[a], places[b - 1] + 1) for a, b in pairwise(edges)]
    contents = list(_cut_content(item.content, edges))
    pieces = []
    for n, (item_id, content) in enumerate(zip(ids, contents, strict=True)):
        update: dict[str, Any] = {"item_id": item_id, "content": content}
        update["span"] = Span(start=starts[n], end=ends[n])
        is_first = n == 0
        if not is_first:
            update |= {"label": None, "number": None}
        has_title = is_first and item.title in content
        update["title"] = item.title if has_title else first_sentence(content)
        update["corrected"] = tuple(
            one
            for one in item.corrected
            if one.field not in ("content", *EDIT_KINDS)
            and (is_first or one.field not in _OF_THE_FIRST)
        )
        update |= _take_values(item, n, own)
        pieces.append(replace(item, **update))
    return tuple(pieces)


def _count_before(places: Sequence[int], cut: int) -> int:
    return sum(place < cut for place in places)


def _cut_content(content: str, edges: Sequence[int]) -> Iterator[str]:
    """Yield the pieces of a content between numbers of characters that are no blanks."""
    printed = [n for n, char in enumerate(content) if not char.isspace()]
    cuts = [*(printed[n] for n in edges[:-1]), len(content)]
    return (content[a:b].strip(_BLANK_EDGES) for a, b in pairwise(cuts))


def _take_values(item: Item, n: int, own: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Return the values of an item that its piece `n` has; `own` are the stretches of all pieces."""

    def is_own(span: Span) -> bool:
        at = [k for k, one in enumerate(own) if one[0] < span.end and span.start < one[1]]
        return n in at or not at

    deadline = item.deadline
    assignments = tuple(one for one in item.assignments if is_own(one.scope))
    return {
        **_list_names(assignments),
        "assignments": assignments,
        "deadline": deadline if deadline and is_own(deadline.span) else None,
        "fields": {key: one for key, one in item.fields.items() if is_own(one.span)},
    }


def _list_names(assignments: Iterable[Assignment]) -> dict[str, Any]:
    """Return the lists of names that assignments give: each name once, a host is no co-host."""
    lists: dict[str, dict[str, Name]] = {field: {} for field in NAME_LISTS}
    fields = {role: field for field, role in NAME_LISTS.items()}
    for one in assignments:
        for name in one.names:
            lists[fields[one.role]].setdefault(name.name, name)
    hosts = lists["host_units"]
    others = lists["co_host_units"]
    lists["co_host_units"] = {key: name for key, name in others.items() if key not in hosts}
    return {field: tuple(names.values()) for field, names in lists.items()}


def join_items(notice: Notice, items: Sequence[Item], item_id: str) -> Item:
    """Join items of a notice into one, which has the title, label and path of the first.

    Names of all are its names, and where those of one were corrected, its list counts as corrected.
    """
    first = items[0]
    assignments = tuple(one for item in items for one in item.assignments)
    fields = {key: one for item in reversed(items) for key, one in item.fields.items()}
    own = [one for one in first.corrected if one.field not in _NOT_JOINED]
    now = in_force(notice.model_copy(update={"items": tuple(items), "edits": ()})).items
    # The first deadline in force is that of all, with the correction that gave it.
    dated = next((n for n, one in enumerate(now) if one.deadline), 0)
    own += [one for one in items[dated].corrected if one.field == "deadline"]
    return replace(
        first,
        item_id=item_id,
        content="\n".join(one.content for one in items),
        **_list_names(assignments),
        assignments=assignments,
        deadline=items[dated].deadline,
        fields=fields,
        corrected=(*own, *_join_contents(items, now), *_join_lists(items, now)),
        span=Span(start=first.span.start, end=max(one.span.end for one in items)),
    )


def _join_contents(items: Sequence[Item], now: Sequence[Item]) -> Iterator[Corrected]:
    """Yield the correction of the content where that of one of several items was corrected."""
    for one in [one for item in items for one in item.corrected if one.field == "content"][-1:]:
        yield replace(one, value="\n".join(item.content for item in now))


def _join_lists(items: Sequence[Item], now: Sequence[Item]) -> Iterator[Corrected]:
    """Yield the correction of each list of names that was corrected in one of several items."""
    for field in NAME_LISTS:
        last = [one for item in items for one in item.corrected if one.field == field][-1:]
        for one in last:
            names = {name.name: name for item in reversed(now) for name in getattr(item, field)}
            in_order = dict.fromkeys(name.name for item in now for name in getattr(item, field))
            stated = tuple(_as_stated(names[name]) for name in in_order)
            yield replace(one, names=stated)


def _as_stated(name: Name) -> Stated:
    return Stated(name=name.name, canonical=name.canonical, kind=name.kind, post=name.post)


def add_item(notice: Notice, span: Span, item_id: str) -> Item:
    """Make an item of a stretch of the source, below the headings above it; people name its roles.

    Raises CorrectionError where the stretch is part of an item already.
    """
    other = next(
        (one for one in notice.items if one.span.start < span.end and span.start < one.span.end),
        None,
    )
    if other:
        fact = f"{other.item_id} has these words"
        raise CorrectionError(notice.notice_id, fact, "split or correct that item")
    content = read_stretch(notice.source.text, span)
    before = [one for one in notice.items if one.span.end <= span.start]
    near = before[-1] if before else next(iter(notice.items), None)
    return Item(
        item_id=item_id,
        path=_find_path(notice, span.start),
        plan_title=near.plan_title if near else notice.title,
        title=first_sentence(content),
        content=content,
        span=span,
    )


def _find_path(notice: Notice, offset: int) -> tuple[str, ...]:
    """Return the headings above an offset, the outermost first."""
    path: dict[int, str] = {}
    for section in notice.sections:
        if section.span.start < offset:
            path = {level: one for level, one in path.items() if level < section.level}
            path[section.level] = section.heading
    return tuple(path[level] for level in sorted(path))
