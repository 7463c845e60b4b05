"""Names that took, left or changed a role, and bodies renamed."""

from __future__ import annotations

from pipeline.compare.diff import diff_notices
from pipeline.compare.role_changes import PlanContext, find_role_changes
from pipeline.comparison import Change, Rename
from pipeline.model import Item, Notice
from tests.compare.small_items import item
from tests.compare.small_years import changes


def test_a_move_between_roles_is_told_once_where_it_came_to(years: tuple[Notice, Notice]) -> None:
    found = changes(diff_notices(*years), "b#3")
    moves = [(m.name, m.before, m.after) for m in found["host_units"].moved]
    assert moves == [("区财政局", "co_host_units", "host_units")]
    assert not found["host_units"].gained
    assert not found["host_units"].lost
    back = [(m.name, m.before, m.after) for m in found["co_host_units"].moved]
    assert back == [("区民政局", "host_units", "co_host_units")]


def test_a_renamed_body_is_a_rename(years: tuple[Notice, Notice]) -> None:
    made = diff_notices(*years)
    link = next(one for one in made.links if "b#3" in one.current)
    assert [(one.before, one.after) for one in link.renames] == [("区卫生局", "区卫计局")]
    assert made.counts["renamed"] == 1


def find(before: Item, after: Item) -> tuple[list[Change], tuple[Rename, ...]]:
    return find_role_changes(([before], [after]), PlanContext("清河区", (2016, 2019)))


def test_two_bodies_that_became_one_both_go_on_as_it() -> None:
    changes_, renames = find(item(hosts=("区国土局", "区规划局")), item(hosts=("区自然资源局",)))
    assert changes_ == []
    assert {(one.before, one.after) for one in renames} == {
        ("区国土局", "区自然资源局"), ("区规划局", "区自然资源局"),
    }  # fmt: skip


def test_a_name_that_is_left_over_in_another_role_is_lost() -> None:
    changes_, renames = find(
        item(hosts=("区民政局",), co_hosts=("区民政局",)), item(hosts=("区民政局",))
    )
    assert renames == ()
    assert [(one.field, one.lost, one.gained) for one in changes_] == [
        ("co_host_units", ("区民政局",), ())
    ]
