"""OFD: text by its places; every way that characters are spaced; broken files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.read.drawn import ofd
from tests.read import writers
from tests.read.wordxml import zipped

PLACE = Path("a.ofd")
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def file(*pages: str, more: str = "", template: str | None = None, units: str = "") -> bytes:
    links = "".join(f'<ofd:Page ID="{n}" BaseLoc="P{n}.xml"/>' for n in range(len(pages)))
    members: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocRoot>/Doc/D.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc/D.xml": f"<ofd:Document {SPACE}>{more}<ofd:Pages>{links}</ofd:Pages></ofd:Document>",
    }
    for number, page in enumerate(pages):
        members[f"Doc/P{number}.xml"] = f"<ofd:Page {SPACE}>{page}</ofd:Page>"
    if template:
        members["Doc/T.xml"] = f"<ofd:Page {SPACE}>{template}</ofd:Page>"
    if units:
        members["Doc/R.xml"] = f"<ofd:Res {SPACE}>{units}</ofd:Res>"
    return zipped(members)


def text(y: float, code: str, more: str = "", x: float = 20) -> str:
    return (
        f'<ofd:TextObject Boundary="{x} {y} 100 10" Size="4" {more}>'
        f"<ofd:TextCode {code}</ofd:TextCode></ofd:TextObject>"
    )


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ('X="0" Y="4" DeltaX="4 4 4">主办单位', ""),
        ('X="0" Y="4" DeltaX="g 3 4">主办单位', ""),
        ('X="0" Y="4">主办单位', ""),
        ('Y="4" DeltaX="x">主办单位', ""),
        ('X="0" Y="4" DeltaX="g 3 4">主办单位', 'CTM="1.2 0 0 1.2 0 0"'),
        ('X="0" Y="4" DeltaX="g 3 4">主办单位', 'CTM="1 2"'),
    ],
)
def test_spacing(code: str, more: str) -> None:
    assert ofd.read(file(text(50, code, more)), PLACE).text == "主办单位"


RESOURCES = "<ofd:CommonData><ofd:DocumentRes>R.xml</ofd:DocumentRes></ofd:CommonData>"


def unit(number: int, content: str) -> str:
    return f'<ofd:CompositeGraphicUnit ID="{number}">{content}</ofd:CompositeGraphicUnit>'


def used(number: int, box: str = "0 0 210 297") -> str:
    return f'<ofd:CompositeObject Boundary="{box}" ResourceID="{number}"/>'


def test_units_of_graphics_are_drawn_where_they_are_used() -> None:
    units = unit(5, text(30, 'X="0" Y="4">甲事') + used(6)) + unit(6, text(50, 'X="0" Y="4">乙事'))
    page = text(20, 'X="0" Y="4">标题') + used(5) + used(6, "0 40 210 297")
    content = ofd.read(file(page, more=RESOURCES, units=units), PLACE)
    assert content.text == "标题\n甲事\n乙事\n乙事"
    assert not content.remarks


@pytest.mark.parametrize("units", [unit(6, ""), unit(5, text(30, 'X="0" Y="4">甲') + used(5))])
def test_a_unit_that_cannot_be_drawn_is_told(units: str) -> None:
    page = text(20, 'X="0" Y="4">标题') + used(5)
    content = ofd.read(file(page, more=RESOURCES, units=units), PLACE)
    assert content.text.startswith("标题")
    assert [(one.code, one.severity) for one in content.remarks] == [("part-left-out", "warning")]


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ('CTM="0.7 -0.7 0.7 0.7 0 0"', "watermark-left-out"),
        ('Visible="false"', "unseen-text"),
        ('Alpha="0"', "unseen-text"),
    ],
)
def test_what_is_no_text_of_the_page(mark: str, code: str) -> None:
    page = text(50, 'X="0" Y="4">正文。') + text(60, 'X="0" Y="4">别的字', mark)
    content = ofd.read(file(page), PLACE)
    assert content.text == "正文。"
    assert [(one.code, one.severity) for one in content.remarks] == [(code, "info")]


def colour(value: str) -> str:
    return text(
        60, f'X="0" Y="4">别的字</ofd:TextCode><ofd:FillColor Value="{value}"/><ofd:TextCode>'
    )


@pytest.mark.parametrize("value", ["255 255 255", "255", "0 0 0 0"])
def test_white_text_is_left_out(value: str) -> None:
    page = text(50, 'X="0" Y="4">正文。') + colour(value)
    assert ofd.read(file(page), PLACE).text == "正文。"


@pytest.mark.parametrize("value", ["0 0 0", "200 0 0", "0", "0 0 0 255", "x", "1 2"])
def test_coloured_text_is_read(value: str) -> None:
    page = text(50, 'X="0" Y="4">正文。') + colour(value)
    assert ofd.read(file(page), PLACE).text == "正文。\n别的字"


def test_white_text_on_a_dark_ground_is_read() -> None:
    ground = (
        '<ofd:PathObject Boundary="10 55 100 20" Stroke="false" Fill="true"><ofd:FillColor '
        'Value="0 0 128"/><ofd:AbbreviatedData>M 0 0 L 100 0 L 100 20 L 0 20 C'
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )
    page = text(50, 'X="0" Y="4">正文。') + ground + colour("255 255 255")
    assert ofd.read(file(page), PLACE).text == "正文。\n别的字"


def test_a_page_that_is_set_sideways() -> None:
    turn = 'CTM="0 1 -1 0 6 0"'
    page = text(20, 'X="0" Y="4">左边的字', turn, x=150) + text(90, 'X="0" Y="4">右边', turn, x=150)
    page += text(20, 'X="0" Y="4">下面的字', turn, x=140)
    assert ofd.read(file(page), PLACE).text == "左边的字 右边\n下面的字"


@pytest.mark.parametrize("blank", [" ", "\u3000", "\u3000\u3000"])
def test_a_cell_of_blanks(blank: str) -> None:
    lines = "".join(
        f'<ofd:PathObject Boundary="0 0 210 297"><ofd:AbbreviatedData>M {x0} {y0} L {x1} {y1}'
        "</ofd:AbbreviatedData></ofd:PathObject>"
        for x0, y0, x1, y1 in (
            *((20, 20, 80, 20), (20, 30, 80, 30), (20, 40, 80, 40)),
            *((20, 20, 20, 40), (50, 20, 50, 40), (80, 20, 80, 40)),
        )
    )
    cells = (("任务", 22, 22), ("单位", 52, 22), ("甲事", 22, 32), (blank, 52, 32))
    page = lines + "".join(text(y, f'X="0" Y="4">{words}', x=x) for words, x, y in cells)
    assert ofd.read(file(page), PLACE).text == "任务\t单位\n甲事\t"


def test_pages_and_a_template_behind_them() -> None:
    link = '<ofd:Template TemplateID="9"/>'
    common = (
        '<ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="T.xml"/><ofd:PageArea><ofd:PhysicalBox>'
        "0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
    )
    pages = [link + text(100, f'X="0" Y="4">第{n}段。') for n in "一二三"]
    head = text(10, 'X="0" Y="4">公报')
    content = ofd.read(file(*pages, more=common, template=head), PLACE)
    assert content.text == "第一段。\n第二段。\n第三段。"
    assert [one.page for one in content.locations] == [1, 2, 3]


def test_lines_drawn_in_every_way_rule_a_table() -> None:
    def path(box: str, data: str, more: str = "") -> str:
        return (
            f'<ofd:PathObject Boundary="{box}" {more}><ofd:AbbreviatedData>{data}'
            "</ofd:AbbreviatedData></ofd:PathObject>"
        )

    frame = path("20 40 80 10", "S 0 0 M 0 0 L 80 0 L 80 10 L 0 10 C")
    middle = path("59.9 40 0.2 10", "M 0 0", 'Stroke="false" Fill="true"')
    curve = path("20 40 80 10", "M 0 0 B 1 1 2 2 3 3 Q 1 1 2 2 A 1 1 1 1 1 2 2 L")
    cells = text(42, 'X="1" Y="4">甲') + text(42, 'X="1" Y="4">乙', x=60)
    assert ofd.read(file(frame + middle + curve + cells), PLACE).text == "甲\t乙"


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (zipped({"a": "b"}), "OFD.xml is missing"),
        (zipped({"OFD.xml": "<x"}), "no whole XML"),
        (file(""), "no text"),
        (file(text(50, 'X="0" Y="4">甲'))[:300], "not a whole zip file"),
        (zipped({"OFD.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "document type"),
    ],
)
def test_refusals(data: bytes, fact: str) -> None:
    with pytest.raises(SourceError, match=fact):
        ofd.read(data, PLACE)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ofd, "PAGES_LIMIT", 0)
    with pytest.raises(SourceError, match="more than 0 pages"):
        ofd.read(file(""), PLACE)


def test_truncations_and_flips() -> None:
    whole = writers.ofd(["标题", "一、事项"])
    for cut in range(0, len(whole), 17):
        broken = bytearray(whole)
        broken[cut] ^= 0xFF
        for data in (whole[:cut], bytes(broken)):
            try:
                ofd.read(data, PLACE)
            except SourceError:
                continue
