"""PDF pages as their reader sees them: turned text, tables with few lines, what is no text at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pypdfium2 import raw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import SourceError
from pipeline.read.drawn import ocr, pdf_page
from pipeline.read.drawn.glyphs import Glyph
from pipeline.read.drawn.pdf_objects import DrawnObjects
from tests.read.test_pdf import FONT, at, drawn, read

Draw = Callable[[Canvas], None]
HEAD = ("序号", "工作任务", "牵头单位")
ONE = ("1", "建设社区食堂", "区民政局")
TWO = ("2", "新建口袋公园", "区园林局")
LEFTS = (60, 120, 320, 450)


def words(rows: Sequence[Sequence[str]], top: float) -> Draw:
    """Rows of words, 24 points each, in the columns of LEFTS."""

    def page(canvas: Canvas) -> None:
        for number, row in enumerate(rows):
            for x, text in zip(LEFTS, row, strict=False):
                at(x + 5, top + 16 + 24 * number, text)(canvas)

    return page


def lines(xs: Sequence[float], ys: Sequence[float]) -> Draw:
    """Upright lines at xs and level lines at ys (from the top), each as long as the others reach."""

    def page(canvas: Canvas) -> None:
        low, high = min(ys), max(ys)
        for x in xs:
            canvas.line(x, A4[1] - low, x, A4[1] - high)
        for y in ys:
            canvas.line(LEFTS[0], A4[1] - y, LEFTS[-1], A4[1] - y)

    return page


def both(*parts: Draw) -> Draw:
    def page(canvas: Canvas) -> None:
        for part in parts:
            canvas.saveState()
            canvas.setFont(FONT, 12)
            part(canvas)
            canvas.restoreState()

    return page


def table(rows: Sequence[Sequence[str]], top: float) -> Draw:
    ys = [top + 24 * number for number in range(len(rows) + 1)]
    return both(lines(LEFTS, ys), words(rows, top))


def rows(*found: Sequence[str]) -> str:
    return "\n".join(map("\t".join, found))


def test_a_title_above_the_table_of_every_page_stays_once() -> None:
    pages = [both(at(200, 40, "任务分工表"), table([HEAD, row], 60)) for row in (ONE, TWO)]
    assert read(drawn(*pages)).text == "任务分工表\n" + rows(HEAD, ONE, TWO)


def test_a_row_torn_after_a_page_with_a_single_row() -> None:
    rest = ("", "，年内开业", "")
    pages = (table([HEAD, ONE], 700), table([rest, TWO], 60))
    joined = (ONE[0], ONE[1] + rest[1], ONE[2])
    assert read(drawn(*pages)).text == rows(HEAD, joined, TWO)


@pytest.mark.parametrize(
    ("xs", "ys"),
    [
        ((), (100, 124, 148, 172)),  # a level line below each row
        ((), (100, 124, 172)),  # three lines
        (LEFTS, (100, 172)),  # a frame with upright lines
    ],
)
def test_tables_with_few_lines(xs: Sequence[float], ys: Sequence[float]) -> None:
    page = both(lines(xs, ys), words([HEAD, ONE, TWO], 100))
    assert read(drawn(page)).text == rows(HEAD, ONE, TWO)


def test_level_lines_around_running_text_are_no_table() -> None:
    page = both(
        lines((), (100, 124, 172)), *(at(65, 116 + 24 * n, "正文一行没有分列") for n in range(3))
    )
    assert "\t" not in read(drawn(page)).text


def test_a_row_of_several_units_in_a_cell_stays_one() -> None:
    page = both(
        lines(LEFTS, (100, 172)), words([HEAD, ("", "建设", "区教育局"), ("", "", "区园林局")], 100)
    )
    assert len(read(drawn(page)).text.split("\n")) == 1


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_table_set_sideways_on_an_upright_page(turn: int) -> None:
    def page(canvas: Canvas) -> None:
        width, height = A4
        canvas.translate(*{90: (width, 0), 180: (width, height), 270: (0, height)}[turn])
        canvas.rotate(turn)
        canvas.translate(0, {180: 0}.get(turn, width - height))
        table([HEAD, ONE], 300)(canvas)

    assert read(drawn(page)).text == rows(HEAD, ONE)


def vertical(text: str) -> Draw:
    return both(*(at(75, 95 + 20 * number, sign) for number, sign in enumerate(text)))


def turned(text: str) -> Draw:
    def page(canvas: Canvas) -> None:
        canvas.translate(90, A4[1] - 150)
        canvas.rotate(90)
        canvas.drawString(0, 0, text)

    return page


@pytest.mark.parametrize("write", [vertical, turned])
def test_words_that_run_down_or_up_in_a_cell(write: Callable[[str], Draw]) -> None:
    page = both(
        lines(LEFTS, (80, 180)), write("民生实事"), at(130, 120, "建设"), at(330, 120, "甲局")
    )
    assert read(drawn(page)).text == "民生实事\t建设\t甲局"


BODY = both(*(at(60, 100 + 20 * number, f"第{number}段正文在这里写着。") for number in range(4)))


def mark(grey: float, size: float, y: float, opacity: float = 1.0) -> Draw:
    def page(canvas: Canvas) -> None:
        canvas.setFillGray(grey)
        canvas.setFillAlpha(opacity)
        canvas.setFont(FONT, size)
        canvas.drawString(80, A4[1] - y, "内部资料")

    return page


@pytest.mark.parametrize(
    "stamp",
    [
        mark(0.85, 48, 130),  # large and pale, over the text
        mark(0.85, 48, 400),  # beside it
        mark(0.85, 12, 121),  # as small as the text, over it
        mark(0.0, 48, 130, opacity=0.2),
        mark(0.3, 60, 140),  # dark, over the text
    ],
)
def test_a_level_watermark_is_left_out_and_told(stamp: Draw) -> None:
    content = read(drawn(both(BODY, stamp)))
    assert content.text == read(drawn(BODY)).text
    assert [(one.code, one.severity) for one in content.remarks] == [("watermark-left-out", "info")]


@pytest.mark.parametrize("title", [mark(0.0, 30, 60), mark(0.5, 24, 60), mark(0.75, 12, 60)])
def test_a_title_in_large_or_grey_letters_is_text(title: Draw) -> None:
    content = read(drawn(both(title, BODY)))
    assert content.text.startswith("内部资料\n")
    assert not content.remarks


def white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    canvas.drawString(60, A4[1] - 300, "追踪编号")


def ground(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0, 0, 0.5)
    canvas.rect(50, A4[1] - 310, 200, 30, stroke=0, fill=1)


@pytest.mark.parametrize("part", [white, at(-100, 300, "追踪编号"), at(60, 900, "追踪编号")])
def test_text_that_does_not_show_is_left_out_and_told(part: Draw) -> None:
    content = read(drawn(both(BODY, part)))
    assert content.text == read(drawn(BODY)).text
    assert [(one.code, one.severity) for one in content.remarks] == [("unseen-text", "info")]
    assert "追踪编号" in content.remarks[0].message


def test_white_text_on_a_dark_ground_is_read() -> None:
    content = read(drawn(both(BODY, ground, white)))
    assert content.text.endswith("\n追踪编号")
    assert not content.remarks


def test_text_outside_the_crop_box_is_left_out() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setCropBox((50, 50, 500, 700))
        both(at(60, 300, "正文。"), at(60, 100, "裁掉的字"))(canvas)

    assert read(drawn(page)).text == "正文。"


def shapes(stroke: int) -> Draw:
    """Twelve small shapes with curves in a row, as letters drawn as outlines are."""

    def page(canvas: Canvas) -> None:
        for number in range(12):
            x, y = 60 + 13 * number, A4[1] - 500
            path = canvas.beginPath()
            path.moveTo(x, y)
            path.curveTo(x + 3, y, x + 10, y + 2, x + 10, y + 10)
            for step in range(4):
                path.lineTo(x + step, y + 10)
                path.lineTo(x + step, y)
            path.close()
            canvas.drawPath(path, stroke=stroke, fill=1 - stroke)

    return page


@pytest.mark.parametrize("stroke", [0, 1])
def test_letters_that_are_only_shapes_are_told(stroke: int) -> None:
    content = read(drawn(both(BODY, shapes(stroke))))
    assert content.text == read(drawn(BODY)).text
    assert [(one.code, one.severity) for one in content.remarks] == [("shapes-left-out", "warning")]


def test_shapes_over_the_same_words_as_text_are_nothing() -> None:
    page = both(shapes(1), at(60, 501, "一二三四五六七八九十一二"))
    content = read(drawn(page))
    assert content.text == "一二三四五六七八九十一二"
    assert not content.remarks


def test_a_page_of_shapes_is_recognised_as_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    page = drawn(both(shapes(1), at(400, 100, "2024")))
    monkeypatch.setattr(ocr, "is_there", lambda: False)
    codes = {one.code for one in read(page).remarks}
    assert codes == {"picture-left-out", "shapes-left-out"}


def test_strokes_of_letters_rule_no_table() -> None:
    def strokes(canvas: Canvas) -> None:
        for number in range(6):
            x, y = 60 + 12 * number, A4[1] - 300
            canvas.line(x + 1, y + 3, x + 11, y + 3)
            canvas.line(x + 1, y + 8, x + 11, y + 8)
            canvas.line(x + 5, y - 1, x + 5, y + 9)

    assert read(drawn(both(at(60, 300, "王国土田由甲"), strokes))).text == "王国土田由甲"


def test_the_second_reading_is_taken_only_if_it_has_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DrawnObjects, "_is_lost", lambda *_: True)
    less = [Glyph("少", 60, 290, 72, 302), Glyph(" ", 72, 290, 500, 302)]
    monkeypatch.setattr(pdf_page.SecondReader, "glyphs", lambda *_: less)
    assert read(drawn(at(60, 300, "牵头单位"))).text == "牵头单位"


def test_a_font_without_ascent_keeps_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a font claims boxes of twice its size; digits of another font stand beside."""
    claimed = raw.FPDFText_GetLooseCharBox

    def loose(layer: Any, index: int, box: Any) -> int:
        done: int = claimed(layer, index, box)
        if raw.FPDFText_GetUnicode(layer, index) > 0x2E80:
            box._obj.top += 13
        return done

    monkeypatch.setattr(raw, "FPDFText_GetLooseCharBox", loose)
    text = "截至2024年底建成10个"
    assert read(drawn(at(60, 300, text))).text == text


@pytest.mark.parametrize("step", [12, 16, 40])
def test_a_stretched_line_has_no_blanks(step: float) -> None:
    page = both(*(at(60 + step * number, 300, sign) for number, sign in enumerate("责任单位")))
    assert read(drawn(page)).text == "责任单位"


def test_blanks_and_the_gap_beside_figures() -> None:
    page = both(
        at(60, 300, "截至"), at(87, 300, "2024"), at(114, 300, "年底"), at(143, 300, "前完成")
    )
    assert read(drawn(page)).text == "截至2024年底 前完成"


def test_what_a_damaged_matrix_puts_nowhere_is_left_out_and_told() -> None:
    def far(canvas: Canvas) -> None:
        canvas.transform(1, 0, 0, 1, 1e9, 0)
        at(60, 300, "追踪编号")(canvas)
        canvas.line(0, 600, 300, 600)

    content = read(drawn(both(BODY, far)))
    assert content.text == read(drawn(BODY)).text
    assert [one.code for one in content.remarks] == ["unseen-text"]


@pytest.mark.parametrize("high", [b"9999999.5", b"9" * 45 + b".5"])
def test_a_page_larger_than_any_page(high: bytes) -> None:
    data = drawn(BODY)
    vast = re.sub(rb"(/MediaBox \[ 0 0 [\d.]+ )[\d.]+", rb"\g<1>" + high, data)
    assert vast != data
    with pytest.raises(SourceError, match="page 1 is damaged"):
        read(vast)
