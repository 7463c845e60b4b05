"""Matches as links: their evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.compare.links import make_link
from pipeline.compare.match import Match, Pair
from pipeline.compare.role_changes import PlanContext
from pipeline.model import Item, LabelledField
from tests.compare.small_items import NOWHERE, item


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


def _with_fields(one: Item, fields: dict[str, str]) -> Item:
    """The item with labelled fields, given as texts by their keys."""
    labelled = {
        key: LabelledField(label=key, text=text, span=NOWHERE) for key, text in fields.items()
    }
    return replace(one, fields=labelled)


def _numbered(number: int, item_id: str) -> Item:
    return replace(item(item_id=item_id), number=number)


_PLANS = PlanContext("清河区", (2016, 2017))
_ONE = Match("one", (Pair(0, 0, 0.8, 0.8, 0.5, 0.5),))


@pytest.mark.parametrize(
    ("before", "after", "kind", "responsibility", "fields"),
    [
        ({"target": "新增企业60家"}, {"target": "新增企业60家。"}, "same", "same", []),
        (
            {"target": "新增企业60家"},
            {"target": "新增企业70家"},
            "reworded",
            "same",
            ["fields.target 60家>70家"],
        ),
        ({"target": "达标"}, {}, "reworded", "same", ["fields.target"]),
        ({}, {"measures": "开展培训"}, "reworded", "same", ["fields.measures"]),
        (
            {"person_in_charge": "张三"},
            {"person_in_charge": "李四"},
            "same",
            "changed",
            ["fields.person_in_charge"],
        ),
        ({"contact": "123"}, {"contact": "456"}, "same", "same", ["fields.contact"]),
    ],
)
def test_labelled_fields_are_compared(
    before: dict[str, str],
    after: dict[str, str],
    kind: str,
    responsibility: str,
    fields: list[str],
) -> None:
    link = make_link(
        _ONE,
        [_with_fields(item(), before)],
        [_with_fields(item(item_id="b#1"), after)],
        _PLANS,
    )
    assert (link.kind, link.responsibility) == (kind, responsibility)
    shown = [
        " ".join((change.field, *(f"{one.before}>{one.after}" for one in change.figures)))
        for change in link.changes
    ]
    assert shown == fields


def test_the_same_demand_of_another_unit_is_of_changed_responsibility() -> None:
    link = make_link(
        _ONE, [item(hosts=("区教育局",))], [item(hosts=("区财政局",), item_id="b#1")], _PLANS
    )
    assert (link.kind, link.responsibility) == ("same", "changed")


def test_a_renamed_unit_is_of_the_same_responsibility() -> None:
    link = make_link(
        _ONE,
        [item(hosts=("区卫生和计划生育局",))],
        [item(hosts=("区卫生健康局",), item_id="b#1")],
        PlanContext("清河区", (2018, 2020)),
    )
    assert link.renames
    assert (link.kind, link.responsibility) == ("same", "same")


def test_merged_items_without_numbers_change_no_number() -> None:
    match = Match("merged", (Pair(0, 0, 0.8, 0.8, 0.5, 0.5), Pair(1, 0, 0.8, 0.8, 0.5, 0.5)))
    link = make_link(match, [item(), item(item_id="a#2")], [item(item_id="b#1")], _PLANS)
    assert "number" not in [change.field for change in link.changes]


def test_merged_items_with_numbers_show_them() -> None:
    match = Match("merged", (Pair(0, 0, 0.8, 0.8, 0.5, 0.5), Pair(1, 0, 0.8, 0.8, 0.5, 0.5)))
    sides = [_numbered(1, "a#1"), _numbered(2, "a#2")], [_numbered(1, "b#1")]
    link = make_link(match, *sides, _PLANS)
    (change,) = (change for change in link.changes if change.field == "number")
    assert (change.before, change.after) == ((1, 2), 1)
