"""One match of items as a link of a comparison: its kind, its changes and its evidence."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pipeline.compare.field_changes import (
    find_content_change,
    find_deadline_change,
    find_labelled_changes,
    find_number_change,
    find_path_change,
    find_title_change,
)
from pipeline.compare.role_changes import PlanContext, find_role_changes
from pipeline.compare.trifles import is_trifling
from pipeline.comparison import Change, Evidence, Link, LinkKind, Responsibility

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pipeline.compare.match import Match, Pair
    from pipeline.model import Item

# How many stretches of common words are given as evidence, and the least length of one.
_SHARED = 3
_SHORTEST = 4
# Labelled fields that say who answers for an item, and those that say nothing of its demand.
_WHO = frozenset({"fields.person_in_charge", "fields.project_owner"})
_NO_DEMAND = _WHO | {"fields.contact", "fields.guidance", "fields.remarks", "fields.task_source"}


def make_link(
    match: Match,
    before: Sequence[Item],
    after: Sequence[Item],
    context: PlanContext,
    decided: Collection[tuple[int, int]] = (),
) -> Link:
    """The link of a match of two plans' items; `decided` are the pairs that a person decided."""
    sides = [before[n] for n in match.previous], [after[n] for n in match.current]
    labelled = tuple(find_labelled_changes(sides, context.years))
    is_reworded = _is_reworded(match, *sides, context)
    kind = _find_kind(match, labelled, is_reworded=is_reworded)
    roles, renames = find_role_changes(sides, context)
    content = tuple(find_content_change(sides)) if is_reworded else ()
    changes = (
        *find_number_change(sides),
        *find_title_change(sides, context.years),
        *content,
        *find_path_change(sides, context.years),
        *roles,
        *find_deadline_change(sides, context.years),
        *labelled,
    )
    return Link(
        previous=tuple(item.item_id for item in sides[0]),
        current=tuple(item.item_id for item in sides[1]),
        kind=kind,
        responsibility=_compare_responsibility(roles, labelled),
        score=1.0 if kind == "same" else min(pair.certainty for pair in match.pairs),
        changes=changes,
        renames=renames,
        evidence=tuple(
            _make_evidence(pair, before[pair.previous], after[pair.current], content)
            for pair in match.pairs
        ),
        decided=any((pair.previous, pair.current) in decided for pair in match.pairs),
    )


def _is_reworded(
    match: Match, ours: Sequence[Item], theirs: Sequence[Item], context: PlanContext
) -> bool:
    """Whether the contents differ in more than trifles, or are of more than one item a side."""
    return match.kind != "one" or not is_trifling(ours[0].content, theirs[0].content, context.years)


def _find_kind(match: Match, labelled: Iterable[Change], *, is_reworded: bool) -> LinkKind:
    """The kind of a link; one to one it is `same` if no content and no demanding field changed."""
    if match.kind != "one":
        return match.kind
    is_demand_same = not is_reworded and all(one.field in _NO_DEMAND for one in labelled)
    return "same" if is_demand_same else "reworded"


def _compare_responsibility(roles: Sequence[Change], labelled: Iterable[Change]) -> Responsibility:
    """Whether other people or bodies answer for an item; a body renamed is the same one."""
    changed = bool(roles) or any(one.field in _WHO for one in labelled)
    return "changed" if changed else "same"


def _make_evidence(
    pair: Pair, previous: Item, current: Item, content: Iterable[Change]
) -> Evidence:
    return Evidence(
        previous=previous.item_id, current=current.item_id, score=pair.certainty, words=pair.words,
        path=pair.path, units=pair.units, shared=_find_shared(previous, current, content),
    )  # fmt: skip


def _find_shared(one: Item, other: Item, content: Iterable[Change]) -> tuple[str, ...]:
    """The longest stretches of words that two linked items have in common."""
    kept = (
        words.text.strip(" ,，。;；、\n")
        for words in chain.from_iterable(change.words for change in content)
        if words.fate == "kept"
    )
    common = {text for text in kept if text in one.content and text in other.content}
    long = [text for text in common if len(text) >= _SHORTEST]
    return tuple(sorted(long, key=lambda text: (-len(text), text))[:_SHARED])
