"""How a correction fits what is read now; every case is in tests/cases/corrections.csv."""

from __future__ import annotations

import csv

import pytest

from pipeline.dataset.in_force import field_text, in_force
from pipeline.decisions.correction_fits import (
    apply_corrections,
    find_fits,
    group_by_notice,
    remove_corrections,
)
from pipeline.decisions.corrections import make_correction
from pipeline.model import Item, Notice
from tests.conftest import ROOT, parse

PLAN = """盐田区2011年重点工作计划

一、重点任务
1、建设智慧食堂。在各社区建设智慧食堂5家。
主办单位：区民政局；协办单位：区财政局、各街道办。
2、改造老旧小区。改造12个小区的管网和路灯。
主办单位：区住建局；协办单位：区财政局。
"""
CASES = list(csv.DictReader((ROOT / "tests/cases/corrections.csv").read_text("utf-8").splitlines()))
BY = ("张", "2024-06-30", "误")


def target(notice: Notice, case: dict[str, str]) -> Notice | Item:
    """The notice of a case, or its item: the one with its words, or the first."""
    if not case["item"]:
        return notice
    return next((one for one in notice.items if "食堂" in one.content), notice.items[0])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_correction_and_the_text_of_today(case: dict[str, str]) -> None:
    before = parse(PLAN)
    item_id = f"notice#{case['item']}" if case["item"] else "notice"
    one = make_correction([before], item_id, case["field"], case["value"], BY)
    assert one.read == (field_text(target(before, case), case["field"]) or "")
    text = PLAN
    if case["edit"]:
        text = PLAN.replace(case["edit"], case["by"].replace("\\n", "\n"))
        assert text != PLAN
    now = parse(text)
    corrected, fits = apply_corrections(now, [one])
    assert [fit.status for fit in fits] == [case["status"]]
    shown = field_text(target(in_force(corrected), case), case["field"])
    assert (shown or "") == case["in_force"]
    # What was read stays in the record; applying twice is applying once; removing gives it back.
    assert field_text(target(corrected, case), case["field"]) == field_text(
        target(now, case), case["field"]
    )
    assert apply_corrections(corrected, [one]) == (corrected, fits)
    assert remove_corrections(corrected) == now
    assert find_fits([corrected], [one]) == fits


def test_a_post_that_the_notice_prints_once_goes_with_the_name() -> None:
    notice = parse(PLAN.replace("主办单位：区住建局", "牵头领导：李明副区长；主办单位：区住建局"))
    one = make_correction([notice], "notice#1", "leaders", "李明、王强", BY)
    item = apply_corrections(notice, [one])[0].items[0]
    assert [(name.name, name.post) for name in item.corrected[0].names] == [
        ("李明", "副区长"),
        ("王强", None),
    ]


def test_the_bodies_of_stated_names_come_last() -> None:
    notice = parse(PLAN)
    one = make_correction([notice], "notice#1", "host_units", "区城管局", BY)
    corrected = apply_corrections(notice, [one])[0]
    assert [body.canonical for body in corrected.bodies] == [
        *(body.canonical for body in notice.bodies),
        "盐田区城市管理局",
    ]


def test_corrections_without_a_notice() -> None:
    notice = parse(PLAN)
    one = make_correction([notice], "notice#1", "host_units", "区城管局", BY)
    assert group_by_notice([one], []) == {"": [one]}
    told = find_fits([], [one])
    assert [(fit.status, fit.item_id, fit.reason) for fit in told] == [
        ("unfit", None, "no notice has its id, its path or its bytes")
    ]
