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
    assert (shown, date) == (row["signature"], row["date"])


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
    text = f"{printed}\n2021年3月5日"
    assert find_issuing_body(text, title, {}, (text, (0, len(text)))) == body


@pytest.mark.parametrize(
    ("title", "keyed", "body"),
    [
        ("甲县人民政府关于印发计划的通知", {}, "甲县人民政府"),
        ("甲县人民政府印发计划", {"issuing_body": (0, 5)}, "甲县人民政府"),
        ("关于印发甲县人民政府计划的通知", {"issuing_body": (0, 5)}, "乙县教育局"),
        ("关于印发甲县人民政府计划的通知", {}, None),
    ],
)
def test_issuing_body_without_a_signature(
    title: str, keyed: dict[str, tuple[int, int]], body: str | None
) -> None:
    assert find_issuing_body("乙县教育局", title, keyed, None) == body


@pytest.mark.parametrize(("behind", "is_found"), [(1480, True), (1490, False)])
def test_reach_at_the_end(behind: int, is_found: bool) -> None:  # noqa: FBT001
    text = f"正文。\n甲县教育局\n2021年3月5日{'。' * 3}{'x' * behind}"
    assert (find_signature(text, 0, []) is not None) is is_found
