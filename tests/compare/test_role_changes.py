"""Names that took, left or changed a role, and bodies renamed."""

from __future__ import annotations

from pipeline.compare.diff import diff_notices
from pipeline.model import Notice
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
