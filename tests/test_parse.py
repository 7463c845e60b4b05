"""The real notice, by eye and in every disguise; headers; problems."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.model import Notice
from pipeline.read import plain
from tests.conftest import RAW, parse

_FULL = {ord(c): chr(ord(c) + 0xFEE0) for c in map(chr, range(0x21, 0x7F))}


def essence(notice: Notice) -> list[object]:
    """What must not depend on how the text is typed."""
    header = (
        notice.kind,
        notice.year,
        notice.issued_on,
        notice.published_on,
        notice.document_number,
    )
    return [
        header,
        *(
            (
                item.number,
                item.path and len(item.path),
                *(
                    tuple(name.name for name in names)
                    for names in (item.leaders, item.host_units, item.co_host_units)
                ),
            )
            for item in notice.items
        ),
    ]


def test_the_real_notice(yantian: str) -> None:
    notice = parse(yantian)
    assert notice.title == "盐田区2011年重点改革计划"
    assert notice.notice_title == "关于印发盐田区2011年重点改革计划的通知"
    assert (notice.document_number, notice.region, notice.year, notice.year_end) == (
        "深盐办〔2011〕37号",
        "盐田区",
        2011,
        2011,
    )
    assert (notice.issued_on, notice.published_on, notice.kind) == (
        "2011-07-22",
        "2011-09-02",
        "通知",
    )
    assert notice.issuing_body is None
    assert [item.label for item in notice.items] == [f"{n}、" for n in range(1, 13)]
    assert [len(item.co_host_units) for item in notice.items] == [
        7,
        3,
        4,
        8,
        10,
        4,
        0,
        2,
        5,
        8,
        2,
        2,
    ]
    assert all(len(item.leaders) == len(item.host_units) == 1 for item in notice.items)
    assert [name.text for name in notice.items[0].leaders] == ["王宏彬"]
    assert notice.items[0].path == ("重点改革项目", "进一步推动社会建设创新。")
    assert notice.items[8].co_host_units[0].aliases == ("区监察局",)
    assert notice.items[0].co_host_units[-1].kind == "collective"
    assert notice.items[6].content.endswith("走在全市前列。")
    assert notice.problems == ()


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text.translate({k: v for k, v in _FULL.items() if chr(k) in ",:;()"}),
        lambda text: text.translate(_FULL),
        lambda text: plain.decode(text.encode("gb18030"), RAW)[0],
        lambda text: plain.decode(text.replace("\n", "\r\n").encode(), RAW)[0],
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace("\n", "\n\u3000\u3000"),
    ],
    ids=["full-width marks", "all full-width", "GB18030", "CRLF", "blank lines", "indents"],
)
def test_typed_another_way(yantian: str, disguise: Callable[[str], str]) -> None:
    notice = parse(disguise(yantian))
    assert essence(notice) == essence(parse(yantian))
    assert [p for p in notice.problems if p.severity != "info"] == []


def codes(text: str) -> list[str]:
    return [problem.code for problem in parse(text).problems]


def test_problems_are_told() -> None:
    head = "1.甲。\n责任单位:区财政局\n"
    assert codes(head + "2.乙。\n3.丙。\n责任单位:区教育局") == ["missing-host"]
    assert codes(head + "4.丁。\n责任单位:区教育局") == ["number-gap"]
    assert codes(head + "1.甲。\n责任单位:区教育局\n2.乙。\n责任单位:区教育局") == [
        "number-duplicate"
    ]
    assert codes(head + "2.乙。\n责任单位:;") == ["empty-list", "missing-host"]
    led = "牵头领导:王一\n主办单位:区财政局\n"
    assert codes(f"1.甲。\n{led}2.乙。\n{led}3.丙。\n主办单位:区教育局") == ["missing-leader"]


def test_absent_is_not_unread() -> None:
    body = "一、甲。\n责任单位:区财政局"
    absent = parse(f"成文日期:\n文号:无\n{body}")
    assert (absent.issued_on, absent.document_number, absent.problems) == (None, None, ())
    unread = parse(f"成文日期:2026115日\n文号:201919号\n{body}\n完成时限:第9999届会")
    assert (unread.issued_on, unread.document_number) == (None, None)
    assert [
        (p.code, unread.source.text[p.span.start : p.span.end]) for p in unread.problems if p.span
    ] == [
        ("unread-date", "第9999届会"),
        ("unread-date", "2026115日"),
        ("unread-number", "201919号"),
    ]


def test_no_plan_says_why() -> None:
    notice = parse("关于2011年工作进展情况的报告\n今年以来,各项工作顺利。")
    assert notice.items == ()
    assert [(p.code, p.severity) for p in notice.problems] == [("not-a-plan", "error")]
    assert "进展情况" in notice.problems[0].message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "甲市人民政府关于加快发展的意见\n甲府发〔2019〕17号\n一、任务\n",
            ("甲府发〔2019〕17号", "甲市人民政府", "意见"),
        ),
        (
            "索 引 号： X-1\n发文机关： 乙县人民政府\n成文日期： 2017-09-01\n发文字号： 乙政〔2017〕5号\n一、任务\n",
            ("乙政〔2017〕5号", "乙县人民政府", None),
        ),
    ],
)
def test_header(text: str, expected: tuple[str | None, ...]) -> None:
    notice = parse(text)
    assert (notice.document_number, notice.issuing_body, notice.kind) == expected


WRAPPED = """甲区人民政府办公室关于印发2023年区政府工作报告
主要目标任务责任分解的通知
甲政办〔2023〕3号
各街道办事处，区直各部门：
现印发给你们。
一、各牵头单位要高度重视，于4月20日前上报区督查组。
二、各责任单位要密切配合。
甲区人民政府办公室
2023年2月6日
（此件公开发布）
2023年区政府工作报告主要目标任务责任分解
一、经济发展
（一）地区生产总值增长7%以上
责任单位：区发改局、区统计局
"""


def test_a_covering_notice_with_requirements_of_its_own() -> None:
    notice = parse(WRAPPED)
    title = "2023年区政府工作报告主要目标任务责任分解"
    assert [item.title for item in notice.items] == ["地区生产总值增长7%以上"]
    assert notice.title == title
    assert notice.notice_title == f"甲区人民政府办公室关于印发{title}的通知"
    header = (notice.issuing_body, notice.issued_on, notice.region)
    assert header == ("甲区人民政府办公室", "2023-02-06", "甲区")
    named = {notice.source.text[p.span.start : p.span.end][:4]: p.name for p in notice.parts}
    assert named["一、各牵"] == named["二、各责"] == "requirements"
    assert (named["2023"], named["（此件公"]) == ("header", "furniture")


@pytest.mark.parametrize(
    "printed",
    ["二〇一一年七月二十二日", "二○一一年七月二十二日", "二O一一年七月二十二日", "2011年7月22日"],
)
def test_signature_date(printed: str) -> None:
    text = f"丙区政府关于印发2011年要点的通知\n现印发给你们。\n丙区人民政府\n{printed}\n2011年要点\n一、甲。\n责任单位:区财政局"
    notice = parse(text)
    assert (notice.issued_on, notice.issuing_body, notice.title) == (
        "2011-07-22",
        "丙区人民政府",
        "2011年要点",
    )
