"""A comparison as a Word document."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
from docx.oxml.ns import qn
from docx.shared import Mm

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.as_docx import to_docx
from pipeline.model import Notice
from tests.compare.small_years import HEAD, NEW, OLD, notice

Years = tuple[Notice, Notice]


def read(years: Years) -> docx.document.Document:
    return docx.Document(io.BytesIO(to_docx(diff_notices(*years), *years)))


def test_the_report_comes_first_in_words_and_tables(years: Years) -> None:
    document = read(years)
    texts = [one.text for one in document.paragraphs]
    assert texts[0] == "2016年与2017年工作事项对照"
    assert any(one.startswith("《清河区2017年重点改革计划》列有工作事项3项") for one in texts)
    heads = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert heads == [
        ["单位", "继续承担", "新增", "减少", "改任主办", "不再主办"],
        ["组号", "事项", "指标", "2016年", "2017年"],
        ["组号", "类别", "2016年", "2017年", "变动"],
    ]


def test_changed_words_are_marked_without_colour(years: Years) -> None:
    runs = [
        run
        for row in read(years).tables[-1].rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        for run in paragraph.runs
    ]
    removed = [run.text for run in runs if run.font.strike]
    added = [run.text for run in runs if run.font.underline]
    assert "8%" in removed
    assert "10%" in added
    assert "陈晓东" in added
    assert "王宏彬" in removed


def test_every_item_is_in_the_table_once(years: Years) -> None:
    cells = [[cell.text for cell in row.cells] for row in read(years).tables[-1].rows]
    assert [row[:2] for row in cells[2:]] == [
        ["1", "不变"],
        ["2", "取消"],
        ["3", "新增"],
        ["4", "改写"],
    ]
    assert cells[4][2] == ""
    assert "主办单位：区城管局" in cells[4][3]


def test_sheets_of_a4_with_page_numbers_and_repeated_heads(years: Years) -> None:
    document = read(years)
    sizes = [(one.page_width, one.page_height) for one in document.sections]
    assert [(round((w or 0) / Mm(1)), round((h or 0) / Mm(1))) for w, h in sizes] == [
        (210, 297), (297, 210),
    ]  # fmt: skip
    assert "PAGE" in document.sections[0].footer._element.xml
    assert document.sections[1].footer.is_linked_to_previous
    for table in document.tables:
        assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")


def test_chinese_fonts_are_named(years: Years) -> None:
    styles = read(years).styles
    fonts = {
        name: styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1")
    }
    assert fonts == {"Normal": "仿宋", "Title": "宋体", "Heading 1": "黑体"}


def test_the_same_comparison_is_the_same_file(years: Years) -> None:
    comparison = diff_notices(*years)
    assert to_docx(comparison, *years) == to_docx(comparison, *years)


def test_controls_and_halves_of_pairs_are_written() -> None:
    one = notice(HEAD.format(y=2016) + OLD, "a")
    item = replace(one.items[0], content="甲\x0b乙\ud800丙\x00")
    old = one.model_copy(update={"items": (item, *one.items[1:])})
    new = notice(HEAD.format(y=2017) + NEW, "b")
    assert "甲\ufffd乙\ufffd丙\ufffd" in "".join(
        cell.text for row in read((old, new)).tables[-1].rows for cell in row.cells
    )


def test_plans_without_items() -> None:
    one, two = (notice(HEAD.format(y=year), name) for year, name in ((2016, "a"), (2017, "b")))
    texts = [paragraph.text for paragraph in read((one, two)).paragraphs]
    assert any("两者均无事项" in one for one in texts)
