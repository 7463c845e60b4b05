"""Changes of linked items in one field."""

from __future__ import annotations

import pytest

from pipeline.compare.field_changes import find_deadline_change, find_path_change
from tests.compare.small_items import item

YEARS = (2016, 2017)


@pytest.mark.parametrize(
    ("before", "after", "is_changed"),
    [
        (("6月底前", "2016-06-30"), ("6月底前。", "2017-06-30"), False),
        (("年底前", "2016-12-31"), ("12月底前", "2017-12-31"), False),
        (("2016年底前", "2016-12-31"), ("2016年底之前", "2016-12-31"), True),
        (("6月底前", "2016-06-30"), ("9月底前", "2017-09-30"), True),
        (("长期坚持", None), ("持续推进", None), True),
        (None, ("6月底前", "2017-06-30"), True),
        (("6月底前", "2016-06-30"), None, True),
        (None, None, False),
    ],
)
def test_deadlines(
    before: tuple[str, str | None] | None,
    after: tuple[str, str | None] | None,
    *,
    is_changed: bool,
) -> None:
    sides = ([item(deadline=before)], [item(deadline=after)])
    found = [(one.before, one.after) for one in find_deadline_change(sides, YEARS)]
    phrases = (before[0] if before else None, after[0] if after else None)
    assert found == ([phrases] if is_changed else [])


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (["2016年重点项目"], ["2017年重点项目"], []),
        (["民生"], ["环境"], [("民生", "环境")]),
        (["民生", "环境"], ["环境"], []),
        (["民生"], ["民生", "环境"], [("民生", ("民生", "环境"))]),
        (["民生", "民生"], ["环境"], [("民生", "环境")]),
    ],
)
def test_paths(before: list[str], after: list[str], change: list[object]) -> None:
    sides = ([item(path=(one,)) for one in before], [item(path=(one,)) for one in after])
    found = find_path_change(sides, YEARS)
    assert [(one.before, one.after) for one in found] == change
