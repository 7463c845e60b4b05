"""The plan that a covering notice names in its title."""

from __future__ import annotations

import pytest

from pipeline.parse.header.notice_title import FoundTitle
from pipeline.parse.header.plan_title import find_plan_title
from pipeline.parse.normalize import normalize_text


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("关于印发甲县停车工作方案的通知", "甲县停车工作方案"),
        ("甲县人民政府关于印发《甲县2020年工作要点》的通知", "甲县2020年工作要点"),
        ("甲县人民政府关于印发甲县停车须知的通知", "甲县停车须知"),
        ("甲县关于印发《甲县停车名单》的通知", "甲县停车名单"),
        ("关于转发有关文件的通知", None),
        ("关于做好绿化工作的意见", None),
    ],
)
def test_the_plan_that_a_notice_names(title: str, named: str | None) -> None:
    text = f"{title}\n各镇:\n现印发给你们。\n一、推进改革。"
    end = text.index("一、")
    found = find_plan_title(normalize_text(text), end, FoundTitle(title, len(title)))
    assert found.title == named
