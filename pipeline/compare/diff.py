"""Two notices -> what became of every item: links with their changes, dropped and added items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.decided_links import NOTHING_DECIDED, DecidedPairs, obey
from pipeline.compare.item_matches import match_items
from pipeline.compare.links import make_link
from pipeline.compare.relation import find_relation, find_warnings
from pipeline.compare.role_changes import PlanContext
from pipeline.compare.summary import count_changes, describe_plan, summarize
from pipeline.comparison import Comparison

if TYPE_CHECKING:
    from pipeline.model import Notice


def diff_notices(
    previous: Notice, current: Notice, decided: DecidedPairs = NOTHING_DECIDED
) -> Comparison:
    """Compare two notices: what became of every item of `previous` in `current`.

    Works for any two notices; plans of different bodies or kinds and plans without items are
    compared with a warning. Every item of either notice is in one link, dropped or added.
    `decided` are people's decisions on pairs of items, which the links obey.
    """
    before, after = previous.items, current.items
    context = PlanContext(current.home or previous.home, (previous.year, current.year))
    obeyed = obey(match_items(before, after), before, after, decided)
    links = tuple(
        make_link(match, before, after, context, obeyed.edges) for match in obeyed.matches
    )
    linked_before = {one for link in links for one in link.previous}
    linked_after = {one for link in links for one in link.current}
    dropped = tuple(item.item_id for item in before if item.item_id not in linked_before)
    added = tuple(item.item_id for item in after if item.item_id not in linked_after)
    relation = find_relation(previous, current)
    plans = (describe_plan(previous), describe_plan(current))
    counts = count_changes(links, len(dropped), len(added))
    return Comparison(
        previous=previous.notice_id, current=current.notice_id, links=links, dropped=dropped,
        added=added, relation=relation, warnings=tuple(find_warnings(previous, current)),
        plans=plans, counts=counts, summary=summarize(plans, relation, counts),
        decided=obeyed.decided,
    )  # fmt: skip
