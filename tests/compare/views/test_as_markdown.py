"""A comparison as a report."""

from __future__ import annotations

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.as_markdown import to_markdown
from pipeline.model import Notice


def test_markdown_shows_every_kind(years: tuple[Notice, Notice]) -> None:
    told = to_markdown(diff_notices(*years), *years)
    assert "增长<del>8%</del><ins>10%</ins>" in told
    for section in ("## 不变（1）", "## 改写（1）", "## 新增（1）", "## 取消（1）"):
        assert section in told
