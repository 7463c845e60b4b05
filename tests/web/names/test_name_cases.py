"""Names as cases: which need a person, and the evidence for each candidate."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.decisions.judgements import Judgement
from pipeline.web.names_desk.candidates import Candidate, mark_letters
from pipeline.web.names_desk.judging import NamesDesk
from pipeline.web.names_desk.name_cases import NameCase, gather_cases, order_cases
from tests.web.names.small_names import PLACE


def _case(desk: NamesDesk, name: str) -> NameCase:
    return desk.read().cases[PLACE, name]


def _candidates(desk: NamesDesk, name: str) -> dict[str, Candidate]:
    return {one.body: one for one in desk.find_candidates(_case(desk, name))}


def test_names_that_need_a_person_come_first(names_output: Path) -> None:
    cases = order_cases(NamesDesk(names_output).read().cases.values())
    assert [(one.name, one.state, one.count) for one in cases] == [
        ("公安局", "several", 2),
        ("区标准化院", "unknown", 3),
        ("区民政局", "clear", 2),
        ("区水务局", "clear", 1),
        ("市教育局", "clear", 1),
    ]


def test_a_case_says_where_and_how_often_a_name_is_printed(names_output: Path) -> None:
    case = _case(NamesDesk(names_output), "区标准化院")
    assert (case.canonical, case.years) == (None, {2011, 2012})
    assert dict(case.roles) == {"host": 2, "co_host": 1}
    assert sorted(case.notices.values()) == ["盐田区2011年重点工作计划", "盐田区2012年重点工作计划"]
    first = case.quotes[0]
    assert first.before.endswith("主办单位：区民政局；协办单位：")
    assert (first.name, first.after[:6]) == ("区标准化院", "。 2、清理")


def test_candidates_have_their_reasons_and_where_else_they_are_named(names_output: Path) -> None:
    desk = NamesDesk(names_output)
    police = _candidates(desk, "公安局")
    assert {body: one.reason for body, one in police.items()} == {
        "深圳市公安局": "now",
        "盐田区公安局": "now",
    }
    unknown = _candidates(desk, "区标准化院")
    assert {body: one.reason for body, one in unknown.items()} == {"盐田区标准化管理局": "near"}
    assert [one.known for one in unknown.values()] == [None]


@pytest.mark.parametrize(
    ("name", "body", "marked"),
    [
        ("区发改局", "盐田区发展和改革局", "盐田[区发]展和[改]革[局]"),
        ("绿化办", "盐田区绿化委员会办公室", "盐田区[绿化]委员会[办]公室"),
        ("民政", "财政局", "财[政]局"),
        ("水务局", "", ""),
    ],
)
def test_letters_of_the_name_are_marked_in_the_body(name: str, body: str, marked: str) -> None:
    runs = mark_letters(name, body)
    assert "".join(text for text, _ in runs) == body
    assert "".join(f"[{text}]" if common else text for text, common in runs) == marked


def test_decisions_of_the_place_and_of_everywhere_count(names_output: Path) -> None:
    desk = NamesDesk(names_output)
    names = list(desk._names.read(names_output).values())
    decided = [
        Judgement(PLACE, "区标准化院", "盐田区标准化管理局", "different", "张三", ""),
        Judgement("", "公安局", "盐田区公安局", "same", "张三", ""),
        Judgement("南京市", "区民政局", "南京市民政局", "same", "张三", ""),
    ]
    cases = gather_cases(names, decided)
    # To say what a name is not leaves open what it is.
    assert cases[PLACE, "区标准化院"].state == "unknown"
    assert cases[PLACE, "公安局"].state == "judged"
    assert cases[PLACE, "区民政局"].decisions == ()
