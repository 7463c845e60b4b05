"""What a comparison changes for each body."""

from __future__ import annotations

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.cards import make_cards
from pipeline.compare.views.unit_changes import list_unit_changes
from pipeline.model import Notice
from tests.compare.small_years import HEAD, OLD, notice


def count(one: Notice, two: Notice) -> dict[str, tuple[list[int], ...]]:
    """Of each body: kept, gained, lost, now hosts, hosts no more, as numbers of cards."""
    rows = list_unit_changes(make_cards(diff_notices(one, two), one, two))
    return {
        row.name: (row.kept, row.gained, row.lost, row.now_hosts, row.hosts_no_more) for row in rows
    }


def test_each_body_of_two_years(years: tuple[Notice, Notice]) -> None:
    """区卫生局 became 区卫计局: it keeps its item, under its new name."""
    assert count(*years) == {
        "区教育局": ([1], [], [], [], []),
        "区城管局": ([], [3], [], [], []),
        "区财政局": ([4], [], [], [4], []),
        "区民政局": ([4], [], [], [], [4]),
        "区卫计局": ([4], [], [], [], []),
        "区水务局": ([], [], [2], [], []),
    }


def test_a_body_that_is_only_gained_by_a_continuing_item() -> None:
    one = notice(HEAD.format(y=2016) + OLD, "a")
    new = OLD.replace("主办单位:区教育局", "主办单位:区教育局、区文化局").replace("2016", "2017")
    rows = count(one, notice(HEAD.format(y=2017) + new, "b"))
    assert rows["区文化局"] == ([], [2], [], [], [])
    assert rows["区教育局"] == ([2], [], [], [], [])
