"""The signature under a text: the cases of tests/cases/parse/signatures.csv."""

from __future__ import annotations

import pytest

from pipeline.parse.header.issuer import find_issuing_body
from pipeline.parse.header.signature import find_signature
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("parse/signatures.csv"), ids=str)
def test_signature(row: dict[str, str]) -> None:
    text = row["text"].replace("⏎", "\n")
    found = find_signature(text, len(text), row["bodies"].split("|") if row["bodies"] else [])
    shown = text[found.start : found.end].replace("\n", "⏎") if found else ""
    date = text[found.date : found.end] if found else ""
    body = found.body if found else ""
    assert (shown, date, body) == (row["signature"], row["date"], row["body"])


@pytest.mark.parametrize(
    ("title", "printed", "body"),
    [
        ("", "甲县教育局", "甲县教育局"),
        ("坪山区人民政府关于印发计划的通知", "深圳市坪山区人民政府", "深圳市坪山区人民政府"),
        ("甲县人民政府关于印发计划的通知", "请落实甲县人民政府", "甲县人民政府"),
        ("甲县人民政府关于印发计划的通知", "乙县教育局", "乙县教育局"),
    ],
)
def test_issuing_body_of_a_signature(title: str, printed: str, body: str) -> None:
    assert find_issuing_body(printed, title, None) == body


@pytest.mark.parametrize(
    ("signed", "title", "keyed", "body"),
    [
        (None, "甲县人民政府关于印发计划的通知", None, "甲县人民政府"),
        (None, "甲县人民政府印发计划", "乙县教育局", "甲县人民政府"),
        (None, "关于印发甲县人民政府计划的通知", "乙县 教育局", "乙县教育局"),
        (None, "关于印发甲县人民政府计划的通知", None, None),
        (None, "甲县教育局等六部门关于印发计划的通知", None, "甲县教育局"),
        (None, "甲县教育局等部门关于印发计划的通知", None, "甲县教育局"),
        (None, "上海海关等11部门关于印发计划的通知", None, "上海海关"),
        (None, "甲市教育局甲市财政局关于印发计划的通知", None, "甲市教育局"),
        (None, "中共甲市委甲市人民政府关于印发计划的通知", None, "中共甲市委"),
        (
            None,
            "甲市推进“三区”建设领导小组执行小组办公室关于印发计划的通知",
            None,
            "甲市推进“三区”建设领导小组执行小组办公室",
        ),
        ("省政府办公厅", "甲省人民政府办公厅关于印发计划的通知", None, "甲省人民政府办公厅"),
        ("省粮食局法规处", "2020年工作要点", "甲省粮食局", "甲省粮食局"),
        ("省政府办公厅", "2020年工作要点", None, "省政府办公厅"),
    ],
)
def test_issuing_body(signed: str | None, title: str, keyed: str | None, body: str | None) -> None:
    assert find_issuing_body(signed, title, keyed) == body


@pytest.mark.parametrize(("behind", "is_found"), [(1480, True), (1490, False)])
def test_reach_at_the_end(behind: int, is_found: bool) -> None:  # noqa: FBT001
    text = f"正文。\n甲县教育局\n2021年3月5日{'。' * 3}{'x' * behind}"
    assert (find_signature(text, 0, []) is not None) is is_found
