"""Every problem code: a text that has it, with its place and item, and one that has not."""

from __future__ import annotations

import pytest

from tests.case_tables import read_cases
from tests.conftest import parse


@pytest.mark.parametrize(
    "row", read_cases("doubts"), ids=lambda row: f"{row['code']} {row['count']}"
)
def test_problem(row: dict[str, str]) -> None:
    notice = parse(row["text"])
    found = [problem for problem in notice.problems if problem.code == row["code"]]
    assert len(found) == int(row["count"])
    items = [one.item_id.split("#")[1] if one.item_id else "-" for one in found]
    assert ",".join(items) == row["items"]
    for one in found:
        assert one.severity == row["severity"]
    if found:
        span = found[0].span
        assert (notice.source.text[span.start : span.end] if span else "") == row["first"]


def test_every_code_is_tried_both_ways() -> None:
    tried = {row["code"]: set[bool]() for row in read_cases("doubts")}
    for row in read_cases("doubts"):
        tried[row["code"]].add(row["count"] != "0")
    assert all(ways == {True, False} for ways in tried.values())


def test_refused_table_is_the_only_error() -> None:
    notice = parse("甲区2020年任务分解表\n序号工作任务责任单位1推进甲2推进乙3推进丙\n")
    errors = [problem for problem in notice.problems if problem.severity == "error"]
    assert [(one.code, one.message) for one in errors] == [
        ("unread-table", "表格的单元格连在一起,分不清各行各栏,没有读")
    ]


@pytest.mark.parametrize(
    "row", read_cases("parse/messages"), ids=lambda row: f"{row['code']} {row['message']}"
)
def test_what_a_problem_says(row: dict[str, str]) -> None:
    found = {(one.code, one.severity, one.message) for one in parse(row["text"]).problems}
    assert (row["code"], row["severity"], row["message"]) in found
