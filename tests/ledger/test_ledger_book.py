"""The task ledger as it is written: what stands in it, how it looks, prints and links."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from openpyxl.utils import get_column_letter

from pipeline.dataset.in_force import in_force
from pipeline.decisions.correction import Correction
from pipeline.decisions.correction_fits import apply_corrections
from pipeline.errors import OutputError
from pipeline.ledger.cell_text import CUT, LONGEST
from pipeline.ledger.write import Mark, ledger_book, paper, write_ledger
from pipeline.ledger.write.styles import lines_of
from pipeline.model import Notice, Problem, Span
from tests.conftest import RAW, ROOT, parse
from tests.ledgers import (
    FORMULAS,
    column,
    convert,
    heads,
    with_item,
    written,
)

HEADS = [
    "序号",
    "所属部分",
    "事项",
    "内容",
    "牵头区领导",
    "主办单位",
    "协办单位",
    "进展",
    "完成情况",
    "备注",
    "事项编号",
]
DATED = """关于印发甲区2024年重点工作的通知
甲区2024年重点工作
一、改革
1、推进甲事项。完善制度。
主办单位:区财政局;
协办单位:区民政局、区教育局。
完成时限:2024年6月底前。
2、推进乙事项。完善标准。
主办单位:区民政局。
完成时限:长期坚持。
"""


@pytest.fixture
def notice() -> Notice:
    return parse(RAW.read_text("utf-8"))


def test_a_row_an_item(notice: Notice, tmp_path: Path) -> None:
    sheet = written(tmp_path / "ledger.xlsx", notice)["任务台账"]
    assert list(heads(sheet)) == HEADS
    assert sheet["A1"].value == "盐田区2011年重点改革计划"
    assert sheet["A2"].value == "深盐办〔2011〕37号　2011-07-22　盐田区　共 12 项"
    for head, key in (("事项", "title"), ("事项编号", "item_id")):
        assert column(sheet, head) == [getattr(item, key) for item in notice.items]
    for item, rest in zip(notice.items, column(sheet, "内容"), strict=True):
        assert item.content == item.title + rest
    for head, key in (("主办单位", "host_units"), ("牵头区领导", "leaders")):
        joined = ["、".join(name.name for name in getattr(item, key)) for item in notice.items]
        assert column(sheet, head) == joined
    assert column(sheet, "进展") == [None] * 12


def test_days_are_days(tmp_path: Path) -> None:
    sheet = written(tmp_path / "ledger.xlsx", parse(DATED))["任务台账"]
    assert column(sheet, "完成时限") == ["2024年6月底前", "长期坚持"]
    assert column(sheet, "期限") == [datetime(2024, 6, 30), None]  # noqa: DTZ001  as Excel has it
    assert sheet.cell(4, heads(sheet)["期限"]).number_format == "yyyy-mm-dd"


def test_it_can_be_printed_and_filtered(notice: Notice, tmp_path: Path) -> None:
    for sheet in written(tmp_path / "ledger.xlsx", notice).worksheets:
        if sheet.title == "底本":
            assert sheet.sheet_state == "veryHidden"
            continue
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title == "汇总":
            continue
        last = max(sheet.max_row, 4)
        end = get_column_letter(len(heads(sheet)))
        assert sheet.auto_filter.ref == f"A3:{end}{last}"
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.page_setup.fitToWidth in (None, 1)  # as many as Excel takes without a word
        assert sheet.page_setup.fitToHeight == 0
        assert "&P" in sheet.oddFooter.center.text
        assert sheet.freeze_panes is not None
    sheet = openpyxl.load_workbook(tmp_path / "ledger.xlsx")["任务台账"]
    assert sheet.freeze_panes == "D4"
    # The ids are for the way back, not for paper.
    assert sheet.print_area == "'任务台账'!$A$1:$J$15"
    offered = sheet.data_validations.dataValidation[0]
    assert (offered.formula1, str(offered.sqref)) == ('"未启动,推进中,已完成,滞后"', "I4:I15")


def test_rows_have_a_height_and_grow(notice: Notice, tmp_path: Path) -> None:
    """A row whose height is fixed shows no more than one line of what is filled in."""
    sheet = written(tmp_path / "ledger.xlsx", notice)["任务台账"]
    for row, content in enumerate(column(sheet, "内容"), 4):
        assert sheet.row_dimensions[row].ht >= 13 * lines_of(content, 50)
        assert sheet.cell(row, heads(sheet)["内容"]).alignment.wrap_text
    with zipfile.ZipFile(tmp_path / "ledger.xlsx") as parts:
        rows = re.findall(rb"<row [^>]*>", parts.read("xl/worksheets/sheet1.xml"))
    assert all(b" ht=" in row and b"customHeight" not in row for row in rows)
    assert len(rows) == 15


def test_every_link_leads_to_its_row(notice: Notice, tmp_path: Path) -> None:
    book = written(tmp_path / "ledger.xlsx", notice)
    main = book["任务台账"]
    at = heads(main)["事项编号"]
    checked = 0
    for index, key in (("单位", "主办"), ("领导", "牵头")):
        for row in range(4, book[index].max_row + 1):
            cell = book[index].cell(row, 1)
            own = book[re.fullmatch(r"'(.+)'!A1", cell.hyperlink.location)[1]]  # type: ignore[index]
            assert own["A1"].value == cell.value
            back = [one.location for row in own["1:1"] for one in (row.hyperlink,) if one]
            assert back == [f"'{index}'!A1"]
            roles = column(own, "角色")
            assert book[index].cell(row, heads(book[index])[key]).value == sum(
                key in role for role in roles
            )
            for line in range(4, own.max_row + 1):
                own_id = own.cell(line, heads(own)["事项编号"]).value
                links = [own.cell(line, heads(own)[head]).hyperlink for head in ("角色", "事项")]
                assert links[0]
                for link in filter(None, links):
                    target = int(re.fullmatch(r"'任务台账'!C(\d+)", link.location)[1])  # type: ignore[index]
                    assert main.cell(target, at).value == own_id
                checked += 1
    names = {(i.item_id, n.name) for i in notice.items for k in ("leaders", "host_units", "co_host_units") for n in getattr(i, k)}  # fmt: skip
    assert checked == len(names)


def test_a_long_title_is_shown_whole(notice: Notice, tmp_path: Path) -> None:
    """A link is one line in LibreOffice; the words of a longer one would end at the cell's edge."""
    book = written(tmp_path / "ledger.xlsx", with_item(notice, 0, title="很长的标题" * 10))
    cells = book["盐田区民政局"][4]
    assert cells[heads(book["盐田区民政局"])["事项"] - 1].hyperlink is None
    assert cells[0].hyperlink.location == "'任务台账'!C4"


def test_a_unit_has_one_sheet_for_all_its_names(notice: Notice, tmp_path: Path) -> None:
    """区发改局 and 区发改局(区统计局) are one body; what it hosts stands first."""
    book = written(tmp_path / "ledger.xlsx", notice)
    index = book["单位"]
    row = column(index, "单位").index("盐田区发展和改革局") + 4
    assert index.cell(row, heads(index)["文件中的名称"]).value == "区发改局(区统计局)、区发改局"
    own = book["盐田区发展和改革局"]
    assert column(own, "角色") == ["主办"] + ["协办"] * 5
    assert own["A2"].value == "盐田区2011年重点改革计划　主办 1 项, 协办 5 项"


def test_problems_stand_with_their_words(tmp_path: Path) -> None:
    text = "关于印发甲区2024年重点工作的通知\n甲区2024年重点工作\n一、改革\n1、推进甲事项。完善制度。\n主办单位:区财政局。\n2、推进乙事项。完善标准。\n"
    one = parse(text)
    assert one.problems
    sheet = written(tmp_path / "ledger.xlsx", one)["问题"]
    for row, problem in enumerate(one.problems, 4):
        assert sheet.cell(row, 2).value == problem.code
        quoted = text[problem.span.start : problem.span.end] if problem.span else None
        assert sheet.cell(row, 4).value == quoted
        if problem.item_id:
            at = [item.item_id for item in one.items].index(problem.item_id)
            assert sheet.cell(row, 5).hyperlink.location == f"'任务台账'!C{at + 4}"


def test_a_long_problem_shows_its_beginning(notice: Notice, tmp_path: Path) -> None:
    start, end = 100, 1000
    problem = Problem(
        code="unread-text",
        severity="info",
        message="=1",
        span=Span(start=start, end=end),
        item_id="gone#1",
    )
    one = notice.model_copy(update={"problems": (problem,)})
    row = [cell.value for cell in written(tmp_path / "ledger.xlsx", one)["问题"][4]]
    quoted = notice.source.text[start : start + 300] + "……"
    assert row == ["提示", "unread-text", "=1", quoted, None]


def test_a_corrected_cell_says_so(notice: Notice, tmp_path: Path) -> None:
    anchor = {"path": "", "sha256": notice.source.sha256, "words": ""}
    rows = [("notice#1", "host_units", "区公安局", "读错"), ("notice", "title", "新计划", "")]
    made = [
        Correction(_anchor(item_id, **anchor), key, value, "张三", "2024-06-30", why, "")
        for item_id, key, value, why in rows
    ]
    laid = apply_corrections(notice, made)[0]
    book = written(tmp_path / "ledger.xlsx", laid)
    sheet = book["任务台账"]
    cell = sheet.cell(4, heads(sheet)["主办单位"])
    assert cell.value == "区公安局"
    assert cell.comment.text == "更正: 原读作 区民政局; 张三, 2024-06-30, 读错"
    assert cell.fill.fgColor.rgb == "FFFFF2CC"
    assert sheet.cell(5, cell.column).comment is None
    assert column(sheet, "更正") == ["主办单位"] + [None] * 11
    assert sheet["A1"].value == "新计划"
    assert sheet["A1"].comment.text.startswith("更正: 原读作 盐田区2011年重点改革计划; 张三")
    assert "盐田区公安局" in book.sheetnames
    assert in_force(laid).items[0].item_id not in column(book["盐田区民政局"], "事项编号")


def _anchor(item_id: str, path: str, sha256: str, words: str) -> Any:
    from pipeline.decisions.anchors import Anchor

    return Anchor(item_id, path, sha256, words)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(notice: Notice, tmp_path: Path, text: str) -> None:
    names = (replace(notice.items[0].host_units[0], name=text, canonical=None),)
    one = with_item(notice, 0, title=text, content=text, label=text, path=(text,), host_units=names)
    one = one.model_copy(update={"title": text, "document_number": text})
    marks = (Mark("notice#1", "", "进展", text), Mark("notice#1", "", text, text))
    path = tmp_path / "ledger.xlsx"
    assert write_ledger([one], path, marks) == []
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert not re.search(rb"<f[ >]", parts.read(name)), name
    book = openpyxl.load_workbook(path)
    found = [cell for s in book.worksheets for row in s.rows for cell in row if _same(cell, text)]
    # title, number · heads · label, path, title, content, host, progress, own column … everywhere
    assert len(found) >= 12
    for cell in found:
        assert cell.data_type == "s"
        assert cell.quotePrefix, (cell.parent.title, cell.coordinate)


def _same(cell: Any, text: str) -> bool:
    return str(cell.value).replace("_x000D_", "\r") == text


def test_texts_that_no_cell_can_hold(notice: Notice, tmp_path: Path) -> None:
    long = "长" * 40_000
    one = with_item(notice, 0, content=long, title="a\ud800b\uffffc\x01d")
    one = with_item(one, 1, content="𠀀" * 16_384)
    path = tmp_path / "ledger.xlsx"
    warnings = write_ledger([one], path)
    assert [re.sub(r"\d+", "N", line)[:20] for line in warnings] == [
        "N texts are longer t", "N cells hold more th",
    ]  # fmt: skip
    assert warnings[0].startswith("2 ")
    sheet = openpyxl.load_workbook(path)["任务台账"]
    content, pairs = column(sheet, "内容")[:2]
    assert len(content) == LONGEST
    assert content.endswith(CUT)
    assert len(pairs.encode("utf-16-le")) // 2 <= LONGEST
    assert pairs.endswith("𠀀" + CUT)
    assert column(sheet, "事项")[0] == "a\ufffdb\ufffdc_x0001_d"
    assert 408 < (sheet.row_dimensions[4].ht or 0) <= 409


def test_units_whose_names_clash_have_sheets_of_their_own(notice: Notice, tmp_path: Path) -> None:
    first = notice.items[0].host_units[0]
    names = [
        replace(first, name=name, canonical=None)
        for name in (
            "很长的单位名称" * 5 + "甲",
            "很长的单位名称" * 5 + "乙",
            "任务台账",
            "History",
        )
    ]
    book = written(tmp_path / "ledger.xlsx", with_item(notice, 0, host_units=tuple(names)))
    titles = {sheet["A1"].value: sheet.title for sheet in book.worksheets}
    assert titles[names[0].name] != titles[names[1].name]
    assert (titles["任务台账"], titles["History"]) == ("任务台账(2)", "History(2)")


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.ledger.write import write_ledger; "
        "from tests.conftest import RAW, parse; "
        "write_ledger([parse(RAW.read_text('utf-8'))], Path(sys.argv[1]))"
    )
    made = []
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/New_York")):
        path = tmp_path / seed
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, env=environment)
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_measures_stand_below_their_item(notice: Notice, tmp_path: Path) -> None:
    one = with_item(notice, 1, parent_id="notice#4")
    one = with_item(one, 5, parent_id="notice#2")
    sheet = written(tmp_path / "ledger.xlsx", one)["任务台账"]
    order = [int(item_id.rpartition("#")[2]) for item_id in column(sheet, "事项编号")]
    assert order == [1, 3, 4, 2, 6, 5, 7, 8, 9, 10, 11, 12]
    indents = [sheet.cell(row, 3).alignment.indent for row in range(4, 16)]
    assert indents == [0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0]


def test_several_plans(notice: Notice, tmp_path: Path) -> None:
    other = parse(DATED).model_copy(update={"notice_id": "other"})
    items = tuple(replace(i, item_id=i.item_id.replace("notice", "other")) for i in other.items)
    other = other.model_copy(update={"items": items, "problems": ()})
    book = written(tmp_path / "ledger.xlsx", notice, other)
    sheet = book["任务台账"]
    assert (sheet["A1"].value, sheet["A2"].value) == ("任务台账", "2 份文件, 共 14 项")
    assert list(heads(sheet))[:3] == ["序号", "所属计划", "年度"]
    assert column(sheet, "年度") == ["2011"] * 12 + ["2024"] * 2
    assert column(sheet, "所属计划")[-1] == "甲区2024年重点工作"
    assert "所属计划" in heads(book["王宏彬"])


def test_progress_stands_where_it_was_written(notice: Notice, tmp_path: Path) -> None:
    marks = (
        Mark("notice#1", "", "进展", "已启动"),
        Mark("notice#1", "盐田区民政局", "进展", "民政局已报"),
        Mark("notice#2", "盐田区民政局", "联系人", "李四"),
        Mark("notice#2", "", "得分", "5"),
        Mark("gone#1", "", "进展", "别处"),
    )
    book = written(tmp_path / "ledger.xlsx", notice, progress=marks)
    main, own = book["任务台账"], book["盐田区民政局"]
    assert column(main, "进展")[0] == "已启动"
    assert column(main, "得分") == [None, "5"] + [None] * 10
    assert "联系人" not in heads(main)
    at = column(own, "事项编号").index("notice#1")
    assert column(own, "进展")[at] == "民政局已报"
    assert "李四" in column(own, "联系人")
    held = [tuple(cell.value or "" for cell in row[:4]) for row in book["底本"].rows][1:]
    outside, held = [row for row in held if not row[0]], [row for row in held if row[0]]
    assert ("", "", "表外", main["A2"].value) in outside
    assert ("", "", "leaders", "牵头区领导") in outside
    assert [row[0] for row in held[:12]] == [item.item_id for item in notice.items]
    assert held[12:16] == list(marks[:4])
    assert [row[:3] for row in held[16:]] == [
        (item.item_id, "", "单位填报") for item in notice.items
    ]


def test_progress_without_a_place_is_told(notice: Notice, tmp_path: Path) -> None:
    marks = [Mark("notice#1", "某局", "进展", "已启动")]
    told = write_ledger([notice], tmp_path / "ledger.xlsx", marks)
    assert told == ["notice#1 进展: '已启动' has no place in 某局 any more"]


def test_what_a_sheet_cannot_hold(
    notice: Notice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.xlsx"
    monkeypatch.setattr(paper, "MOST_LINKS", 2)
    monkeypatch.setattr(ledger_book, "MOST_LINKS", 2)
    (told,) = write_ledger([notice], path)
    assert re.search(
        "takes 2 links on a sheet, and no more are in .*: [0-9]+ cells .*no link", told
    )
    book = openpyxl.load_workbook(path)
    sheet = book["盐田区委组织部"]
    linked = [sheet.cell(row, at).hyperlink is not None for row in (4, 5) for at in (1, 3)]
    assert linked == [True, False, False, False]
    linked_cells = [
        sum(c.hyperlink is not None for r in s.rows for c in r) for s in book.worksheets
    ]
    assert max(linked_cells) == 2
    assert column(sheet, "角色")[:2] == ["主办", "主办"]
    path.unlink()
    monkeypatch.setattr(paper, "MOST_ROWS", 14)
    with pytest.raises(OutputError, match="12 rows are more than a sheet holds"):
        write_ledger([notice], path)
    assert not path.exists()


def test_a_place_that_cannot_be_written(notice: Notice, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        write_ledger([notice], tmp_path / "file" / "ledger.xlsx")


@pytest.mark.tries
def test_the_heads_stand_on_every_printed_page(notice: Notice, tmp_path: Path) -> None:
    write_ledger([notice], tmp_path / "ledger.xlsx")
    made = convert(tmp_path / "ledger.xlsx", "pdf", tmp_path / "pdf")
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(made.read_bytes()))]  # fmt: skip
    printed = [head for head in HEADS if head != "事项编号"]
    for number, text in enumerate(pages[:3], 1):
        bare = re.sub(r"\s", "", text)
        assert all(head in bare for head in printed), number
        assert f"第 {number} 页" in text
        assert "notice#" not in text
    assert "盐田区2011年重点改革计划" in pages[0]
    assert "盐田区2011年重点改革计划" not in pages[1]
    words = re.sub(r"\s", "", "".join(pages[:3]))
    assert all(re.sub(r"\s", "", item.content)[-12:] in words for item in notice.items[:12])


def test_more_sheets_than_files_may_be_open(tmp_path: Path) -> None:
    """Each sheet keeps its rows in a file, which is closed when they are written, and gone later."""
    script = (
        "import resource, sys; from pathlib import Path; from tests.conftest import parse;"
        "from pipeline.ledger.write import write_ledger;"
        "lines = [f'{n}、推进第{n}项。\\n主办单位：第{n}中学。' for n in range(1, 100)];"
        "notice = parse('某区2024年重点工作计划\\n\\n一、任务\\n' + '\\n'.join(lines));"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40));"
        "write_ledger([notice], Path(sys.argv[1]))"
    )
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    path = tmp_path / "ledger.xlsx"
    subprocess.run(
        [sys.executable, "-c", script, str(path)],
        check=True,
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(temporary)},
    )
    assert len(openpyxl.load_workbook(path, read_only=True).sheetnames) > 90
    assert not list(temporary.iterdir())
