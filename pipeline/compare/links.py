"""One match of items as a link of a comparison: its kind, its changes and its evidence."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pipeline.compare.field_changes import (
    find_content_change,
    find_deadline_change,
    find_number_change,
    find_path_change,
    find_title_change,
)
from pipeline.compare.role_changes import PlanContext, find_role_changes
from pipeline.compare.trifles import is_trifling
from pipeline.comparison import Change, Evidence, Link, LinkKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pipeline.compare.match import Match, Pair
    from pipeline.model import Item

# How many stretches of common words are given as evidence, and the least length of one.
_SHARED = 3
_SHORTEST = 4


def make_link(
    match: Match,
    before: Sequence[Item],
    after: Sequence[Item],
    context: PlanContext,
    decided: Collection[tuple[int, int]] = (),
) -> Link:
    """The link of a match of two plans' items; `decided` are the pairs that a person decided."""
    sides = [before[n] for n in match.previous], [after[n] for n in match.current]
    kind = _find_kind(match, *sides, context)
    roles, renames = find_role_changes(sides, context)
    content = tuple(find_content_change(sides)) if kind != "same" else ()
    changes = (
        *find_number_change(sides),
        *find_title_change(sides, context.years),
        *content,
        *find_path_change(sides, context.years),
        *roles,
        *find_deadline_change(sides, context.years),
    )
    return Link(
        previous=tuple(item.item_id for item in sides[0]),
        current=tuple(item.item_id for item in sides[1]),
        kind=kind,
        score=1.0 if kind == "same" else max(pair.score for pair in match.pairs),
        changes=changes,
        renames=renames,
        evidence=tuple(
            _make_evidence(pair, before[pair.previous], after[pair.current], content)
            for pair in match.pairs
        ),
        decided=any((pair.previous, pair.current) in decided for pair in match.pairs),
    )


def _find_kind(
    match: Match, ours: Sequence[Item], theirs: Sequence[Item], context: PlanContext
) -> LinkKind:
    if match.kind != "one":
        return match.kind
    same = is_trifling(ours[0].content, theirs[0].content, context.years)
    return "same" if same else "reworded"


def _make_evidence(
    pair: Pair, previous: Item, current: Item, content: Iterable[Change]
) -> Evidence:
    return Evidence(
        previous=previous.item_id, current=current.item_id, score=pair.score, words=pair.words,
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
