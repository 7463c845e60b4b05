"""Word files: what a person sees in Word stands in the text, in that order, and nothing else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx as python_docx
import pytest

from pipeline.errors import SourceError
from pipeline.read.document_content import Content
from pipeline.read.kinds import read_chunk
from pipeline.read.word import document
from tests.read.wordxml import docx, li, lists, lvl, p, zipped

PLACE = Path("a.docx")


def read(body: str, **parts: str) -> Content:
    return document.read(docx(body, **parts), PLACE)


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("主办") + run("单位"), "主办单位"),
        (f"<w:ins>{run('新')}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "新"),
        (f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo>", "新"),
        (f"<w:hyperlink>{run('链')}</w:hyperlink><w:smartTag>{run('接')}</w:smartTag>", "链接"),
        (f"<w:sdt><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>", "控件"),
        (run("甲") + "<w:r><w:br/></w:r>" + run("乙"), "甲\n乙"),
        (run("甲") + "<w:r><w:tab/></w:r>" + run("乙"), "甲 乙"),
        (run("见") + run("暗", "<w:vanish/>") + run("明", '<w:vanish w:val="0"/>'), "见明"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("是"), "☑是"),
        ('<w:r><w:sym w:font="x" w:char="zz"/></w:r>' + run("是"), "是"),
        ("<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>" + run("倍"), "x倍"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText>'
            f'</w:r>{run("暗")}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("3")}'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>' + run("页"),
            "3页",
        ),
        (
            (
                f"<w:r><w:ruby><w:rt>{run('xià')}</w:rt><w:rubyBase>{run('下')}</w:rubyBase>"
                "</w:ruby></w:r>"
            ),
            "下",
        ),
    ],
)
def test_inside_a_paragraph(inside: str, text: str) -> None:
    assert read(f"<w:p>{inside}</w:p>").text == text


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = p("前半", "<w:rPr><w:del/></w:rPr>") + p("后半") + p("完", "<w:rPr><w:del/></w:rPr>")
    assert read(body).text == "前半后半\n完"


HIDING = (
    '<w:style w:type="paragraph" w:styleId="p"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="q"><w:basedOn w:val="p"/></w:style>'
    '<w:style w:type="character" w:styleId="c"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="loop"><w:basedOn w:val="loop"/></w:style>'
)
MOVED, HIDDEN = "<w:rPr><w:moveFrom/></w:rPr>", "<w:rPr><w:vanish/></w:rPr>"
SHOWN = '<w:rPr><w:vanish w:val="0"/></w:rPr>'
BY_STYLE = '<w:r><w:rPr><w:rStyle w:val="c"/></w:rPr><w:t>文</w:t></w:r>'
LIST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


@pytest.mark.parametrize(
    ("middle", "text"),
    [
        (f"<w:p><w:pPr>{LIST}{MOVED}</w:pPr><w:moveFrom>{run('旧')}</w:moveFrom></w:p>", "甲 2.乙"),
        (f"<w:p><w:pPr>{LIST}{HIDDEN}</w:pPr>{run('暗', '<w:vanish/>')}</w:p>", "甲 2.乙"),
        (p("暗", f'<w:pStyle w:val="p"/>{LIST}'), "甲 2.乙"),
        (p("暗", f'<w:pStyle w:val="q"/>{LIST}'), "甲 2.乙"),
        (p("明", f'<w:pStyle w:val="loop"/>{LIST}'), "甲 2.明 3.乙"),
        (f"<w:p><w:pPr>{LIST}</w:pPr>{BY_STYLE}{run('明')}</w:p>", "甲 2.明 3.乙"),
        (f"<w:p><w:pPr><w:pStyle w:val='p'/>{LIST}{SHOWN}</w:pPr>{BY_STYLE}</w:p>", "甲 2.文 3.乙"),
        (f"<w:p><w:pPr>{LIST}{HIDDEN}</w:pPr>{run('明')}</w:p>{p('续')}", "甲 2.明续 3.乙"),
    ],
)  # fmt: skip
def test_what_is_moved_or_hidden_neither_shows_nor_counts(middle: str, text: str) -> None:
    body = li("甲") + middle + li("乙")
    content = read(body, styles=HIDING, numbering=lists(lvl(0, "decimal", "%1.")))
    assert content.text.replace(". ", ".").replace("\n", " ") == f"1.{text}"


def test_a_hidden_mark_joins_no_cells_and_no_table() -> None:
    open_end = f"<w:p><w:pPr>{HIDDEN}</w:pPr>{run('前')}</w:p>"
    cells = "".join(
        f"<w:tc><w:p><w:pPr>{HIDDEN}</w:pPr>{run(one)}</w:p></w:tc>" for one in ("甲", "乙")
    )
    hidden = row(cell("暗"), cell("暗"), properties="<w:hidden/>")
    assert read(open_end + table(row(cells), hidden) + p("后")).text == "前\n甲\t乙\n后"


@pytest.mark.parametrize(
    ("place", "lines"),
    [
        ('w:vertAnchor="text" w:tblpY="624"', "题 部分 甲\t乙 完"),
        ('w:vertAnchor="text" w:tblpY="1"', "题 甲\t乙 部分 完"),
        ('w:vertAnchor="page" w:tblpY="624"', "题 甲\t乙 部分 完"),
        ('w:vertAnchor="text" w:tblpY="-624"', "题 甲\t乙 部分 完"),
    ],
)
def test_a_floating_table_stands_below_the_paragraph_it_hangs_on(place: str, lines: str) -> None:
    floating = f"<w:tbl><w:tblPr><w:tblpPr {place}/></w:tblPr>{row(cell('甲'), cell('乙'))}</w:tbl>"
    assert read(p("题") + floating + p("部分") + p("完")).text.split("\n") == lines.split(" ")
    assert read(p("题") + floating).text.split("\n") == ["题", "甲\t乙"]


def test_cells_that_old_programs_merged_across() -> None:
    first, more = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    body = table(
        row(cell("题", first), cell("", more), cell("", more)),
        row(cell("类别", first), cell("", more), cell("单位")),
        row(cell("民生"), cell("建食堂"), cell("区民政局")),
    )
    assert read(body).text == "题\n类别\t类别\t单位\n民生\t建食堂\t区民政局"


def test_tables_that_multiply() -> None:
    wide = '<w:gridSpan w:val="63"/>'
    inner = p("长" * 9)
    for _ in range(5):
        merged = f"<w:tc><w:tcPr>{wide}</w:tcPr>{inner}<w:p/></w:tc>"
        inner = table(row(merged, cell("2")), row(*[cell("1")] * 64))
    with pytest.raises(SourceError, match="characters in a cell"):
        read(inner)
    steps = "".join(
        row(*[cell("1", wide)] * 63, properties=f'<w:gridBefore w:val="{at}"/>') for at in range(63)
    )
    with pytest.raises(SourceError, match="500,000 cells"):
        read(table(steps, *[row(cell("1"))] * 200))
    with pytest.raises(SourceError, match="500,000 cells"):
        read(table(*[row(*[cell("1", wide)] * 63)] * 200))


def test_a_note_that_is_cited_twice_stands_once() -> None:
    cited = '<w:r><w:footnoteReference w:id="7"/></w:r>' * 3
    body = f"<w:p>{run('甲')}{cited}</w:p>"
    notes = f'<w:footnote w:id="7">{p("注文")}</w:footnote>'
    assert read(body, footnotes=notes).text == "甲\n[1] 注文"


def test_a_text_box_follows_its_paragraph_and_stands_once() -> None:
    box = f"<w:txbxContent>{p('框内一')}{p('框内二')}</w:txbxContent>"
    drawn = (
        f"<mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    assert read(f"<w:p>{run('正文')}<w:r>{drawn}</w:r></w:p>{p('后')}").text == (
        "正文\n框内一\n框内二\n后"
    )


def test_notes_stand_after_the_text_in_the_order_cited() -> None:
    body = f'<w:p>{run("甲")}<w:r><w:footnoteReference w:id="7"/></w:r>{run("乙")}</w:p>'
    notes = (
        f'<w:footnote w:id="-1" w:type="separator">{p("线")}</w:footnote>'
        f'<w:footnote w:id="7">{p("注文")}</w:footnote>'
    )
    assert read(body, footnotes=notes).text == "甲乙\n[1] 注文"


def test_a_table_of_contents_is_left_out_and_told() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="toc 1"/></w:style>'
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
    control = f"<w:sdt>{gallery}</w:docPartObj></w:sdtPr><w:sdtContent>{p('目录')}</w:sdtContent>"
    body = control + "</w:sdt>" + p("一、事 3", '<w:pStyle w:val="a"/>') + p("一、事")
    content = read(body, styles=styles)
    assert content.text == "一、事"
    assert [(one.code, one.severity) for one in content.remarks] == [("contents-left-out", "info")]


def test_merged_cells_fill_the_grid() -> None:
    body = table(
        row(cell("类别"), cell("任务"), cell("单位", '<w:gridSpan w:val="2"/>')),
        row(cell("社会", '<w:vMerge w:val="restart"/>'), cell("甲"), cell("A"), cell("B")),
        row(cell("", "<w:vMerge/>"), cell("乙"), cell("C", '<w:gridSpan w:val="2"/>')),
        row(cell("小计"), properties='<w:gridAfter w:val="3"/>'),
        row(cell("删"), properties="<w:del/>"),
    )
    content = read(p("前") + body + p("后"))
    assert content.text.split("\n") == [
        "前",
        "类别\t任务\t单位\t单位",
        "社会\t甲\tA\tB",
        "社会\t乙\tC\tC",
        "小计",
        "后",
    ]
    places = {
        content.text[one.span.start : one.span.end]: (one.table, one.row, one.column)
        for one in content.locations
    }
    assert places["乙"] == (1, 3, 2)
    assert places["B"] == (1, 2, 4)


def test_rows_and_columns_in_which_nothing_begins_are_none() -> None:
    two = '<w:gridSpan w:val="2"/>'
    body = table(
        row(
            cell("甲", two + '<w:vMerge w:val="restart"/>'),
            cell("乙", '<w:vMerge w:val="restart"/>'),
        ),
        row(cell("", two + "<w:vMerge/>"), cell("", "<w:vMerge/>")),
        row(cell("丙", two), cell("丁")),
    )
    assert read(body).text == "甲\t乙\n丙\t丁"


def test_a_cell_is_one_line_and_a_frame_is_no_table() -> None:
    inner = table(row(cell("内1"), cell("内2")))
    two = f"<w:tc>{p('甲')}{p('')}{inner}{p('乙')}</w:tc>"
    assert read(table(row(two, cell("丙")))).text == "甲 内1 内2 乙\t丙"
    assert read(table(row(f"<w:tc>{p('甲')}{p('乙')}</w:tc>"))).text == "甲\n乙"


def test_what_python_docx_writes() -> None:
    made = python_docx.Document()
    made.add_heading("标题", 1)
    made.add_paragraph("甲", style="List Number")
    made.add_paragraph("乙", style="List Number")
    grid = made.add_table(2, 2)
    grid.cell(0, 0).merge(grid.cell(1, 0)).text = "并"
    grid.cell(0, 1).text = "1"
    grid.cell(1, 1).text = "2"
    file = io.BytesIO()
    made.save(file)
    text = document.read(file.getvalue(), PLACE).text
    assert text == "标题\n1. 甲\n2. 乙\n并\t1\n并\t2"


def test_the_strict_variant() -> None:
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<w:document xmlns:w="{strict.decode()}"><w:body>{p("甲")}</w:body></w:document>'
    assert document.read(zipped({"word/document.xml": body}), PLACE).text == "甲"


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<w:document xmlns:w="x"><w:body>&b;</w:body></w:document>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:x xmlns:w="x">&a;</w:x>'


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (docx(p("甲"))[:200], "not a whole zip file"),
        (b"PK\x03\x04" + b"\0" * 50, "not a whole zip file"),
        (zipped({"a.txt": "甲"}), "word/document.xml is missing"),
        (zipped({"word/document.xml": "<w:docu"}), "no whole XML"),
        (zipped({"word/document.xml": "<a/>"}), "holds no Word text"),
        (docx(p(" ")), "has no text"),
        (zipped({"word/document.xml": BOMB}), "document type"),
        (zipped({"word/document.xml": OUTSIDE}), "document type"),
        (zipped({"word/document.xml": "<a>" * 5000}), "no whole XML"),
        (zipped({"word/document.xml": b" " * 6_000_000}), "zip bomb"),
    ],
)
def test_refusals(data: bytes, fact: str) -> None:
    with pytest.raises(SourceError, match=fact) as caught:
        document.read(data, PLACE)
    assert "/etc" not in str(caught.value)


def test_every_truncation_and_flip_is_read_or_refused() -> None:
    whole = docx(p("甲") + table(row(cell("乙"))))
    for cut in range(0, len(whole), 7):
        broken = bytearray(whole)
        broken[cut] ^= 0xFF
        for data in (whole[:cut], bytes(broken)):
            try:
                document.read(data, PLACE)
            except SourceError:
                continue


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<html><p>甲</p><p>乙</p></html>", "前\n甲\n乙"),
        ("甲\t乙", "前\n甲\t乙"),
        ("%PDF-1.4", "前"),
    ],
)
def test_a_page_that_word_would_convert(inner: str, text: str) -> None:
    """Files that converters of pages make hold the page as it was."""
    content = document.read(with_chunks(inner, 1), PLACE, read_chunk)
    assert content.text == text
    assert [one.code for one in content.remarks] == (["part-left-out"] if "PDF" in inner else [])


def test_a_page_that_is_shown_too_often() -> None:
    count = document.CHUNKS_LIMIT
    assert document.read(with_chunks("甲", count), PLACE, read_chunk).text.count("甲") == count
    with pytest.raises(SourceError, match="shows more than"):
        document.read(with_chunks("甲", count + 1), PLACE, read_chunk)


def with_chunks(inner: str, count: int) -> bytes:
    """A Word file that shows an embedded file so many times, and one that is not there."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{space}/aFChunk" Target="chunk.bin"/></Relationships>'
    )
    chunk = f'<w:altChunk xmlns:r="{space}" r:id="r1"/>' * count
    chunk += f'<w:altChunk xmlns:r="{space}" r:id="r2"/>'
    whole = zipfile.ZipFile(io.BytesIO(docx(p("前") + chunk)))
    members: dict[str, str | bytes] = {name: whole.read(name) for name in whole.namelist()}
    members |= {"word/_rels/document.xml.rels": links, "word/chunk.bin": inner}
    return zipped(members)
