"""What a change does to records is told name by name: benchmarks/compare.py."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.compare import compare_records, is_loss, report
from tests.conftest import RAW, ROOT, parse

TEXT = """甲区2012年改革计划
一、重点项目
1、完善社区服务机制。
牵头区领导:张三;
主办单位:区民政局;
协办单位:区财政局、区教育局。
2、推进绩效考核。
主办单位:区委组织部。
"""
Record = dict[str, Any]


def record() -> Record:
    return parse(TEXT).model_dump(mode="json")


def drop_name(new: Record) -> None:
    new["items"][0]["co_host_units"].pop()


def add_name(new: Record) -> None:
    new["items"][1]["co_host_units"] = new["items"][0]["co_host_units"][:1]


def move_name(new: Record) -> None:
    new["items"][0]["host_units"] += new["items"][0]["co_host_units"][1:]
    del new["items"][0]["co_host_units"][1:]


def turn_names(new: Record) -> None:
    new["items"][0]["co_host_units"].reverse()


def drop_item(new: Record) -> None:
    new["items"].pop()


def change_path(new: Record) -> None:
    new["items"][1]["path"] = ["重点项目", "其他"]


def change_content(new: Record) -> None:
    new["items"][1]["content"] += "另行通知。"


def change_year(new: Record) -> None:
    new["year"] = 2013


def add_problem(new: Record) -> None:
    new["problems"].append({"code": "odd-name"})


@pytest.mark.parametrize(
    ("change", "lines", "total", "loss"),
    [
        (drop_name, ["- co_host_units 区教育局"], "names 0 gained, 1 lost, 0 moved", True),
        (add_name, ["+ co_host_units 区财政局"], "names 1 gained, 0 lost, 0 moved", False),
        (
            move_name,
            ["- co_host_units 区教育局", "+ host_units 区教育局"],
            "names 0 gained, 0 lost, 1 moved",
            False,
        ),
        (
            turn_names,
            [
                "- co_host_units order 区财政局、区教育局",
                "+ co_host_units order 区教育局、区财政局",
            ],
            "items 0 gained, 0 lost, 1 changed",
            False,
        ),
        (
            drop_item,
            ["- 2、 推进绩效考核。 | host_units 区委组织部"],
            "items 0 gained, 1 lost, 0 changed; names 0 gained, 1 lost",
            True,
        ),
        (change_path, ["- path 重点项目", "+ path 重点项目 / 其他"], "1 changed", False),
        (
            change_content,
            ["- content …进绩效考核。", "+ content …进绩效考核。另行通知。"],
            "",
            False,
        ),
        (change_year, ["- year 2012", "+ year 2013"], "1 documents differ", False),
        (add_problem, ["+ problem odd-name: 0 -> 1"], "1 documents differ", False),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_changes(
    change: Callable[[Record], None],
    lines: list[str],
    total: str,
    loss: bool,  # noqa: FBT001
) -> None:
    new = record()
    change(new)
    told = compare_records([record()], [new])
    shown = list(report(told))
    found = [line.strip() for line in shown if line.strip()[:2] in ("- ", "+ ")]
    assert found == lines
    assert total in shown[-1]
    assert is_loss(told) is loss


def test_the_same_records_show_nothing() -> None:
    assert compare_records([record()], [record()]) == []


def test_a_document_that_one_version_cannot_read() -> None:
    told = compare_records([], [record()])
    assert list(report(told))[1:3] == [
        "  + not read before",
        "  + 1、 完善社区服务机制。 | leaders 张三 | host_units 区民政局 | co_host_units 区财政局、区教育局",
    ]
    assert not is_loss(told)
    told = compare_records([record()], [])
    assert "names 0 gained, 5 lost, 0 moved" in list(report(told))[-1]
    assert is_loss(told)


def test_equal_files_stay_apart() -> None:
    pair = [record(), copy.deepcopy(record())]
    for number, one in enumerate(pair):
        one["source"]["path"] = f"{number}.txt"
    changed = copy.deepcopy(pair)
    drop_item(changed[1])
    assert [one.path for one in compare_records(pair, changed)] == ["1.txt"]


@pytest.mark.parametrize(
    ("ref", "words"), [("HEAD", "documents read"), ("no-such-ref", "no such version")]
)
def test_the_script(ref: str, words: str) -> None:
    command = [sys.executable, "benchmarks/compare.py", "--ref", ref, str(RAW)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if (ROOT / ".git").exists():
        assert words in done.stdout
    else:
        assert "no such version" in done.stdout
