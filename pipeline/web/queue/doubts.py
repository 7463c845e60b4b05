"""The next doubtful items, each with the words of its source around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.web.library import ItemFilter
from pipeline.web.review.item_view import Card, make_cards, number_problems
from pipeline.web.review.source_view import Run, make_runs

if TYPE_CHECKING:
    from pipeline.model import Notice
    from pipeline.web.library import ItemRow, Snapshot

# What is shown of the source around an item, and at most of it.
_BEFORE, _BEHIND, _MOST = 120, 160, 2_500


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubtful item: its card, its words in the source, the plan that it is of."""

    card: Card
    runs: tuple[Run, ...]
    notice: Notice


def read_doubtful_items(
    snapshot: Snapshot, wanted: ItemFilter, after: str | None, size: int
) -> tuple[list[Doubt], str | None]:
    """Return the next doubtful items behind a cursor, and the cursor behind them; None at the end.

    Raises RequestError for a cursor that is none.
    """
    page = snapshot.items(replace(wanted, doubt=wanted.doubt or "any"), after, size, "doubtful")
    made = [_make_doubt(snapshot, row) for row in page.rows]
    return [one for one in made if one], page.following


def count_doubts(snapshot: Snapshot, wanted: ItemFilter) -> int:
    """Count the doubtful items that are left."""
    return snapshot.facets(replace(wanted, doubt=wanted.doubt or "any")).total


def _make_doubt(snapshot: Snapshot, row: ItemRow) -> Doubt | None:
    view = snapshot.notice(row.notice_id)
    problems = number_problems(view.notice)
    card = next(iter(make_cards(view, problems, (row.item_id,))), None)
    if card is None:
        # The list is a moment older than the record: somebody has just split or deleted the item.
        return None
    span = card.item.span
    start = max(0, span.start - _BEFORE)
    end = min(len(view.text), span.end + _BEHIND, span.start + _MOST)
    runs = make_runs(view.notice, problems, (start, end))
    return Doubt(card, runs, view.notice)
