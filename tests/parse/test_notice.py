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
    assert codes(head + "4.丁。\n责任单位:区教育局") == ["number-gap", "number-gap"]
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


PLAN = "1.建设平台。(区商务局负责)\n2.加强培训。(区人社局负责)\n"


@pytest.mark.parametrize(
    ("printed", "issued_on", "code"),
    [
        ("发文日期:2022年12月15日", "2022-12-15", None),
        ("发文日期:20221215日", "2022-12-15", "repaired"),
        ("发文日期:2026115日", None, "unread-date"),
    ],
)
def test_eaten_dates(printed: str, issued_on: str | None, code: str | None) -> None:
    """Trap 41: separators of a date are lost; it is read where only one reading is left."""
    notice = parse(f"{printed}\n甲区2022年工作要点\n{PLAN}")
    assert notice.issued_on == issued_on
    assert [p.code for p in notice.problems] == ([code] if code else [])


@pytest.mark.parametrize("year", ["二○○八年", "二OO八年", "二00八年", "二〇〇八年", "2008年"])
def test_years_in_words(year: str) -> None:
    """Trap 42: a year's zeros are written five ways."""
    assert parse(f"甲区{year}工作要点\n{PLAN}").year == 2008


def test_three_dates() -> None:
    """Trap 43: the plan's year is its title's, not that of the page or the signature."""
    notice = parse(f"发布时间:2012-09-02\n甲区2011年工作要点\n(2012年7月22日)\n{PLAN}")
    assert (notice.year, notice.published_on, notice.issued_on) == (
        2011,
        "2012-09-02",
        "2012-07-22",
    )


OTHERS = {
    "an interpretation": "《甲市2023年行动方案》政策解读\n一、出台背景\n为落实部署,起草了方案。\n二、主要内容\n"
    "(一)优化市场环境。(牵头单位:市市场监管局)\n(二)优化法治环境。(牵头单位:市司法局)\n三、解读机关\n市发展改革委",
    "a progress report": "关于2021年重点工作完成情况的通报\n1.新建学校6所。已全部竣工。(责任单位:区教育局)\n"
    "2.改造小区42个。截至12月已完工。(责任单位:区住建局)\n",
    "a regulation": "甲市城市管理条例\n第一条 为了加强管理,制定本条例。\n第二条 本条例适用于本市。\n"
    "第三条 市城管局负责全市工作。\n第四条 各区政府负责本区工作。\n第五条 市公安局配合做好工作。\n"
    "第六条 本条例自2020年1月1日起施行。",
    "a template": "XX县20XX年工作要点\n1.完成XX任务。(XX局负责)\n2.完成XX项目。(XX局负责)\n3.XX县XX镇XX单位。",
    "a list of powers": "甲局权力清单\n序号\t职权名称\t责任单位\n1\t设立初审\t区司法局\n2\t援助审批\t区司法局\n",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_is_no_plan(text: str) -> None:
    """Trap 47: documents that name units and plan nothing; the reason is told."""
    notice = parse(text)
    assert notice.items == ()
    assert [p.code for p in notice.problems if p.severity == "error"] == ["not-a-plan"]


def test_rules_are_recorded_once() -> None:
    notice = parse(
        "1.开展培训。责任单位:市人社局、市教育局(列第一位者为牵头单位,下同)\n"
        "2.加快建设。责任单位:市发改委、市经信局\n"
    )
    assert [(rule.code, rule.text) for rule in notice.rules] == [
        ("first-leads", "列第一位者为牵头单位,下同")
    ]
    assert {a.reading for i in notice.items for a in i.assignments} == {"label+first-leads"}


@pytest.mark.parametrize("empty", ["/", "—", "无"])
def test_a_table_in_whose_columns_of_owners_nobody_stands(empty: str) -> None:
    rows = [f"{n}\t推进项目建设\t{empty}\t{empty}" for n in range(1, 6)]
    head = "某区2024年重点工作任务分解表\n序号\t重点任务\t主办单位\t协办单位"
    notice = parse("\n".join([head, *rows]))
    assert len(notice.items) == 5
    assert [(p.code, p.severity) for p in notice.problems] == [("no-owners", "warning")]


def test_several_plans_in_one_notice() -> None:
    notice = parse(
        "关于印发甲区2020年改革要点和甲区2020年民生实事项目的通知\n各街道:\n现印发给你们。\n甲区政府\n2020年3月1日\n"
        f"附件1\n甲区2020年改革要点\n{PLAN}附件2\n甲区2020年民生实事项目\n{PLAN.replace('建设', '新建')}"
    )
    assert [(i.plan_title, i.number) for i in notice.items] == [
        ("甲区2020年改革要点", 1),
        ("甲区2020年改革要点", 2),
        ("甲区2020年民生实事项目", 1),
        ("甲区2020年民生实事项目", 2),
    ]
    assert [p.code for p in notice.problems] == []


def test_words_of_a_responsibility_that_nobody_read_are_told() -> None:
    assert "unread-clause" in codes(
        "1.甲(市财政局等单位和有关方面的同志负责)开展。(区财政局负责)\n2.乙。(区教育局负责)"
    )
