"""What the texts of tests/grammar.py must hold, and each kind of text that once did not."""

from __future__ import annotations

import pytest

from tests.conftest import parse
from tests.grammar import find_broken, main, pieces_of

SEED, TEXTS = 20, 800

# What is wrong where the rule is not kept -> the smallest texts that showed it.
KINDS = {
    "a bracket over a number": (
        "(1)((1)配合)",
        "任务1:（\n任务1:落实)",
        "(一)(二)[\n(二)参与]",
        "一、极推进。两办落实。(一)( 四、；完成时限:]",
    ),
    "a label over a list of attachments": (
        "一、责任单位：.1)责任单位：部2)附：1.",
        "1)牵头单位：附：1.\n任务1:以上工作由務院配合",
        "第1章(政局)\n附：1.\n1)上述由李四配合",
        "（一）\n县人民政府配合\n②③。牵头领导:附：1.",
    ),
    "a table in an item": (
        "(一)市级牵头\n内容|牵头单位\n|”\n①",
        "①(政局)\n1)\n类别\n责任单位\n任务\n7",
        "1.\n项\t责任单位\t备注\n；\t一\n协办单位:参",
        "(一)\n备注\n标\n牵头单位\n以上工作由改革负责\n附：（三）",
    ),
    "a table in a table": ("序号牵头领导任务\n目标|配合\n|单位\n1)配合:地区",),
    "a star between a clause and a number": ("1主责单位：四\n②。负责：務院；★⒉③",),
    "a name of blanks": ("1)牵头单位:\r", "1）[\r落实）", "①(负责,\r)", "①(负责,)", "1)责任单位:\x85\u2028"),
    "characters that are left out of a name": (
        "⑴责任单位:(e)",
        "⒈\t度[接上页]國務院,配合",
        "1.责任单位:市(shì)教(e)育局",
    ),
    "a page mark in a value": (
        "1.推进改革\n责任领导：副区[接上页]长张三",
        "类别\n责任单位\n内容\n,[接上页]）\n别\n甲",
        "1)负责：障部；、[接上页]季度",
    ),
    "an empty label for a title": (
        "⑴；区委组分工负责⑴牵头领导:",
        "8)牵头领导：主办单位:责9)",
    ),
    "a post without its words": (
        "头领导\n标\n责任单位\n011年6月30日成员单位(配合)\n领导\t目标\n《\n0",
        "头领导\n时限\n工作\n领导\n中心|长期|1",
    ),
    "a number of two Chinese digits": ("号\t\t牵头单位\t事项\n二〇\t\t\t目",),
    "a number beside a character that was lost": ("1．主办单位：导\n\ufffd⑴织", "1位\n2理\n\ufffd6负责单位:点"),
    "a name in two lists": (
        "2．\n3．(以上工作由区、劳动社会保障部按职责分工负责)",
        "1.推进\n2.以上任务由区、劳动社会保障部负责。",
        "1、。1、（以上工作由区、衛生局分工负责〕",
        "①。??责任单位:以上工作由市、衛生局负责",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=kind) for kind, texts in KINDS.items() for text in texts]
)
def test_what_once_was_broken(text: str) -> None:
    assert find_broken(text) is None


def test_random_texts() -> None:
    for number in range(TEXTS):
        text = "".join(pieces_of(SEED, number))
        assert find_broken(text) is None, f"number {number} of seed {SEED}: {text!r}"


def test_a_number_ends_a_bracket_that_is_open() -> None:
    first, second = parse("1.推进改革（重点\n2.加强管理（市财政局负责）").items
    assert not first.host_units
    assert [unit.name for unit in second.host_units] == ["市财政局"]


def test_a_bracket_over_a_number_is_told() -> None:
    notice = parse("1.推进改革（市教育局\n2.加强管理负责）\n3.建设学校（市财政局负责）")
    assert [problem.item_id for problem in notice.problems if problem.code == "missing-host"] == [
        "notice#1",
        "notice#2",
    ]


def test_an_open_bracket_is_told_with_what_was_read() -> None:
    for text in (
        "1.建设学校(区教育局牵头，\n2.推进发展)",
        "1.建设学校[责任单位:区教育局、2.推进发展]",
    ):
        notice = parse(text)
        assert [unit.name for unit in notice.items[0].host_units] == ["区教育局"]
        told = [one.item_id for one in notice.problems if one.code == "unclosed-bracket"]
        assert told == ["notice#1"]


def test_a_list_in_a_bracket_is_none_of_items() -> None:
    text = "1.建设学校(1、区教育局负责,2、区财政局配合)。\n2.推进改革(区财政局负责)。"
    assert [item.number for item in parse(text).items] == [1, 2]


def test_a_halved_name_is_told() -> None:
    notice = parse("序号\t任务\t责任单位\n1\t推进改革\t区教育局(区财政局\n2\t建设\t区水务局")
    assert [one.item_id for one in notice.problems if one.code == "odd-name"] == ["notice#1"]


def test_a_person_with_a_post_behind_is_a_leader() -> None:
    (item,) = parse("1.推进改革(张三 副区长负责)").items
    assert [(one.name, one.post) for one in item.leaders] == [("张三", "副区长")]
    assert not item.host_units


def test_rows_in_an_item_are_its_measures() -> None:
    table = "序号\t任务\t责任单位\n1\t建设学校\t市财政局\n"
    text = f"一、推进改革\n责任单位：市教育局\n{table}共一项。\n二、加强管理\n责任单位：市水务局"
    item, row, other = parse(text).items
    assert (row.parent_id, row.path, row.title) == (item.item_id, (), "建设学校")
    assert other.parent_id is None


def test_what_is_broken_is_told_and_shrunk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.grammar.find_broken", lambda text: "牵 7" if "牵" in text else None)
    monkeypatch.setattr("sys.argv", ["grammar", "40", "--show", "1"])
    assert main() == 1
    told = capsys.readouterr().out.splitlines()
    assert told[1].strip() == "'牵'"
    monkeypatch.setattr("tests.grammar.find_broken", lambda _: None)
    assert main() == 0
