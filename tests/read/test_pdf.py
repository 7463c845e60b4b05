"""PDF: what stands on the page in the order it is read; scans; files that are broken or locked."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from reportlab.lib import colors, pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from pipeline.errors import SourceError
from pipeline.read.document_content import Content
from pipeline.read.drawn import ocr, pdf
from pipeline.read.drawn.glyphs import Glyph
from pipeline.read.drawn.lines import DrawnLine, find_lines, is_full
from pipeline.read.drawn.pdf_objects import DrawnObjects
from tests.conftest import has_chinese_font, need
from tests.read import writers
from tests.read.formpdf import form_pdf

PLACE = Path("a.pdf")
FONT = "STSong-Light"
SMALL = ParagraphStyle("small", fontName=FONT, fontSize=9, leading=12, wordWrap="CJK")
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def drawn(*pages: Callable[[Canvas], None], lock: str | None = None) -> bytes:
    file = io.BytesIO()
    encrypt = pdfencrypt.StandardEncryption(lock, "owner", strength=128) if lock else None
    canvas = Canvas(file, pagesize=A4, encrypt=encrypt)
    for page in pages:
        canvas.setFont(FONT, 12)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def at(x: float, y: float, text: str) -> Callable[[Canvas], None]:
    return lambda canvas: canvas.drawString(x, A4[1] - y, text)


def read(data: bytes) -> Content:
    return pdf.read(data, PLACE)


def tables(*grids: Sequence[Sequence[str]], spans: Sequence[tuple[int, int, int]] = ()) -> bytes:
    """Ruled tables, one a page; spans as page, column, first row to the last."""
    pages = []
    for number, grid in enumerate(grids):
        style: list[tuple[object, ...]] = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
        style += [("SPAN", (c, r), (c, -1)) for page, c, r in spans if page == number]
        cells = [[Paragraph(text, SMALL) if text else "" for text in row] for row in grid]
        pages.append(Table(cells, colWidths=[40, 60, 150, 90], style=style))
    file = io.BytesIO()
    flow = [item for page in pages for item in (page, _Break())]
    SimpleDocTemplate(file, pagesize=A4).build(flow[:-1])
    return file.getvalue()


def _Break() -> object:  # noqa: N802 - stands for a class of the writer's library
    from reportlab.platypus import PageBreak

    return PageBreak()


HEAD = ["序号", "类别", "工作任务", "责任单位"]


@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_goes_on_over_a_page(repeated: bool) -> None:  # noqa: FBT001
    first = [HEAD, ["1", "社会", "甲事", "区民政局"], ["2", "", "乙事", "区教育局"]]
    second = [["3", "", "丙事", "区水务局"], ["4", "", "丁事", "区财政局"]]
    head = [HEAD] if repeated else []
    spans = [(0, 1, 1), (1, 1, len(head))]
    content = read(tables(first, head + second, spans=spans))
    assert content.text.split("\n") == [
        "\t".join(HEAD),
        "1\t社会\t甲事\t区民政局",
        "2\t社会\t乙事\t区教育局",
        "3\t社会\t丙事\t区水务局",
        "4\t社会\t丁事\t区财政局",
    ]
    pages = [one.page for one in content.locations if one.column == 1]
    assert pages == [1, 1, 1, 2, 2]
    assert {one.table for one in content.locations} == {1}


def test_a_row_torn_by_a_page_is_mended() -> None:
    first = [
        HEAD,
        ["1", "社会", "甲事很长，", "区民政局、"],
        ["2", "经济", "乙事很长，", "区教育局、"],
    ]
    second = [["", "", "后一半。", "区水务局"], ["3", "城市", "丙事", "区财政局"]]
    text = read(tables(first, second)).text.split("\n")
    assert text[2:] == [
        "2\t经济\t乙事很长，后一半。\t区教育局、区水务局",
        "3\t城市\t丙事\t区财政局",
    ]


def test_tables_of_other_columns_are_two() -> None:
    content = read(tables([HEAD, ["1", "社会", "甲", "乙"]], [HEAD[:2], ["1", "社会"]]))
    assert {one.table for one in content.locations} == {1, 2}


def test_two_columns_are_read_one_after_the_other() -> None:
    def page(canvas: Canvas) -> None:
        at(200, 80, "某市人民政府公报通知")(canvas)
        for line in range(6):
            at(60, 120 + 20 * line, f"左栏第{line}行文字写满这一行的")(canvas)
            at(330, 120 + 20 * line, f"右栏第{line}行文字写满这一行的")(canvas)

    text = read(drawn(page)).text
    left, right = (
        "".join(f"{one}栏第{line}行文字写满这一行的" for line in range(6)) for one in "左右"
    )
    assert text == f"某市人民政府公报通知\n{left}{right}"


def test_running_heads_and_page_numbers_are_out() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            for x, y, text in (
                *((60, 40, f"公报 2024年第{number}期"), (60, 300, f"第{number}段正文。")),
                *((280, 800, f"- {number} -"),),
            ):
                at(x, y, text)(canvas)

        return draw

    assert read(drawn(*map(page, (1, 2, 3)))).text == "第1段正文。\n第2段正文。\n第3段正文。"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_turned(turn: int) -> None:
    """Wide tables stand on their side in the file, and the page says to turn it."""

    def page(canvas: Canvas) -> None:
        width, height = A4
        canvas.setPageRotation(turn)
        canvas.translate(*{90: (height, 0), 180: (width, height), 270: (0, width)}[turn])
        canvas.rotate(turn)
        canvas.drawString(100, 400, "左边的字")
        canvas.drawString(300, 400, "右边的字")
        canvas.drawString(100, 300, "下面的字")
        canvas.grid([90, 290, 500], [280, 380, 420])

    assert read(drawn(page)).text == "左边的字\t右边的字\n下面的字\t"


def test_a_watermark_is_no_text() -> None:
    def page(canvas: Canvas) -> None:
        at(60, 300, "正文第一行。")(canvas)
        canvas.translate(100, 400)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料水印")

    assert read(drawn(page)).text == "正文第一行。"


def written(text: bytes, font: bytes, *more: bytes) -> bytes:
    """A file of one page that shows a text, given as the PDF operand, in a font."""
    stream = b"BT /F1 20 Tf 60 700 Td %s Tj ET" % text
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        *(font, *more),
    ]
    data = b"%PDF-1.4\n"
    offsets = []
    for number, one in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(offsets) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (size, table, size, len(data))
    )


def radical_pdf() -> bytes:
    """A file whose character table leads to look-alike radicals: ⼀⾏⻅."""
    to_unicode = b"\n".join(
        [
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def",
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange",
            b"3 beginbfchar <4E00> <2F00> <884C> <2F8F> <89C1> <2EC5> endbfchar",
            b"endcmap end end",
        ]
    )
    return written(
        b"<4E00884C89C1>",
        (
            b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
            b"/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>"
        ),
        (
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)"
            b"/Ordering(GB1)/Supplement 0>>/DW 1000>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(to_unicode), to_unicode),
    )


@pytest.mark.parametrize(
    ("glyph", "text"), [(b"u110000", "B"), (b"u10FFFD", "\U0010fffdB"), (b"u20BB7", "𠮷B")]
)
def test_codes_up_to_the_end_of_unicode(glyph: bytes, text: str) -> None:
    font = (
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
        b"/Encoding<</Type/Encoding/Differences[65/%s]>>>>" % glyph
    )
    assert read(written(b"(AB)", font)).text == text


@pytest.mark.parametrize("blank", [" ", "  ", "\u3000"])
def test_a_cell_of_blanks(blank: str) -> None:
    """Word and WPS write a blank into every empty cell."""

    def page(canvas: Canvas) -> None:
        canvas.grid([50, 150, 250, 350], [600, 640, 680])
        for x, y, text in (
            *((60, 650, "任务"), (160, 650, "单位"), (260, 650, "时限")),
            *((60, 610, "甲事"), (160, 610, blank), (260, 610, "年底")),
        ):
            canvas.drawString(x, y, text)

    assert read(drawn(page)).text == "任务\t单位\t时限\n甲事\t\t年底"


def test_a_table_of_blanks_is_left_out() -> None:
    def page(canvas: Canvas) -> None:
        at(60, 100, "正文。")(canvas)
        canvas.grid([50, 150, 250], [600, 640, 680])
        canvas.drawString(60, 650, "\u3000")

    content = read(drawn(page))
    assert (content.text, {one.table for one in content.locations}) == ("正文。", {None})


def test_look_alike_radicals_are_repaired_and_told() -> None:
    content = read(radical_pdf())
    assert content.text == "一行见"
    assert [(one.code, one.severity) for one in content.remarks] == [("radicals-repaired", "info")]


def scan(data: bytes, turn: int = 0) -> bytes:
    """The same pages as pictures, laid into the scanner as they are or turned."""
    pages = [
        page.render(scale=1.6).to_pil().rotate(turn, expand=True)
        for page in pdfium.PdfDocument(data)
    ]
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=115)
    return file.getvalue()


SCANNED = ["某区2024年改革计划", "1、完善养老服务体系。", "主办单位：区民政局；"]


def test_a_scan_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_there", lambda: False)
    data = scan(writers.pdf([*SCANNED]))
    with pytest.raises(SourceError, match="scan without a text layer") as caught:
        read(data)
    assert "pip install rapidocr" in caught.value.remedy


@pytest.mark.filterwarnings("default")  # the recognition library's own
@pytest.mark.parametrize("turn", [90, 180])
def test_a_scan_is_recognised(turn: int) -> None:
    need(has_chinese_font(), "a Chinese font, to draw the scan with")
    content = read(scan(writers.pdf([*SCANNED]), turn))
    assert content.text.split("\n") == SCANNED
    assert [one.code for one in content.remarks] == ["text-recognised"]
    assert {one.page for one in content.locations} == {1}


def test_a_font_that_is_nowhere_loses_no_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DrawnObjects, "_is_lost", lambda *_: True)
    assert read(drawn(at(60, 300, "牵头单位"))).text == "牵头单位"
    monkeypatch.setattr("pdfplumber.open", lambda *_: 1 / 0)
    assert read(drawn(at(60, 300, "牵头单位"))).text == "牵头单位"


WHOLE = drawn(at(60, 300, "甲"))


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (drawn(at(60, 300, "甲"), lock="x"), "encrypted"),
        (b"%PDF-1.4\n", "no readable PDF"),
        (drawn(lambda canvas: canvas.rect(10, 10, 50, 50)), "no text and no picture"),
    ],
)
def test_refusals(data: bytes, fact: str) -> None:
    with pytest.raises(SourceError, match=fact):
        read(data)


@pytest.mark.parametrize("limit", ["PAGES_LIMIT", "GLYPHS_LIMIT"])
def test_limits(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, limit, 0)
    with pytest.raises(SourceError, match="more than 0"):
        read(WHOLE)


def test_truncations_and_flips() -> None:
    for cut in range(0, len(WHOLE), 37):
        broken = bytearray(WHOLE)
        broken[cut] ^= 0xFF
        for data in (WHOLE[:cut], bytes(broken)):
            try:
                read(data)
            except SourceError:
                continue


@pytest.mark.parametrize(
    "data",
    [
        form_pdf(20, 3),
        form_pdf(5, 40),
        form_pdf(3, 2, is_circular=True),
        form_pdf(1, 3, is_circular=True),
        form_pdf(4, 40, name=b"#58"),
        form_pdf(1, 5000, leaf=b"BT /F1 9 Tf (leaf) Tj ET " * 200),
    ],
)
def test_forms_that_draw_each_other_without_end_are_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="page 1 has forms that draw each other") as caught:
        read(data)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "data",
    [form_pdf(1, 9), form_pdf(3, 3), form_pdf(39, 1), form_pdf(3, 1, is_circular=True)],
)
def test_ordinary_forms_are_read(data: bytes) -> None:
    assert "1. Build parks" in read(data).text


def line(*signs: tuple[str, float, float]) -> str:
    """The text of signs at one height, each with its left and right side."""
    (found,) = find_lines([Glyph(text, left, 0, right, 10) for text, left, right in signs], 1)
    return found.text


def test_a_sign_twice_at_one_place_is_bold_or_wide() -> None:
    assert line(("平", 0, 10), ("台", 10, 20), ("台", 10.3, 20.3), ("内", 20, 30)) == "平台内"
    assert line(("台", 0, 10), ("—", 10, 30), ("—", 10, 30), ("内", 30, 40)) == "台——内"


def test_wide_blanks_stay_as_they_are_printed() -> None:
    assert line(("新", 0, 10), ("\u3000", 10, 20), ("增", 20, 30)) == "新\u3000增"
    assert (
        line(("新", 0, 10), ("\u3000", 10, 20), ("\u3000", 20, 30), ("增", 30, 40)).count("\u3000")
        == 2
    )
    assert line(("新", 0, 10), (" ", 10, 15), ("增", 25, 35)) == "新 增"


def test_stops_behind_a_straight_quote_do_not_leave_it() -> None:
    above, below = (
        DrawnLine(text, 1, 0, top, 200, top + 10, 10)
        for text, top in (("建设“预警平", 0), ('台"，通过大数据实现预警。', 15))
    )
    assert is_full(20, above, below)
    assert not is_full(30, above, below)
