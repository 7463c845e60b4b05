"""Matches as links: their evidence."""

from __future__ import annotations

from pipeline.compare.links import make_link
from pipeline.compare.match import Match, Pair
from pipeline.compare.role_changes import PlanContext
from tests.compare.small_items import item


def test_the_longest_common_words_are_evidence() -> None:
    before = item("新建口袋公园3座，整治河道5条，修缮厕所8座，改造老旧小区管网，加密公交。")
    after = item(
        "新建口袋公园4座，整治河道6条，修缮厕所9座，改造老旧小区管网，培训。", item_id="b#1"
    )
    match = Match("one", (Pair(0, 0, 0.8, 0.8, 0.5, 0.5),))
    link = make_link(match, [before], [after], PlanContext("清河区", (2016, 2017)))
    assert link.kind == "reworded"
    (evidence,) = link.evidence
    assert len(evidence.shared) == 3
    assert evidence.shared[0] == "座，改造老旧小区管网"
    assert all(len(one) >= 4 for one in evidence.shared)
    lengths = [len(one) for one in evidence.shared]
    assert lengths == sorted(lengths, reverse=True)
