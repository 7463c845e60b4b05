"""Web pages: the document, its particulars, its tables; nothing of the page round it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from pipeline import parse_notice, read_source
from pipeline.errors import SourceError
from pipeline.model import Source
from tests.read.samples import LINES, TITLE

BODY = """<p>甲市人民政府办公室关于印发2024年重点工作的通知</p><p>各有关部门：</p>
<p>现印发给你们。</p><p>1．建设智慧城市。（市大数据局负责）</p><p>2．修缮老旧小区。（市住建局负责）</p>"""


def read(tmp_path: Path, page: str | bytes, name: str = "page.html") -> Source:
    path = tmp_path / name
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return read_source(path)


def lines(tmp_path: Path, page: str) -> list[str]:
    return read(tmp_path, page).text.split("\n")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<p>甲<br>乙</p>丙<div>丁</div>", ["甲", "乙", "丙", "丁"]),
        ("<p><span>责任</span><b>单<i>位</i></b>：甲局</p>", ["责任单位：甲局"]),
        ("<p>甲\n    乙 丙&nbsp;丁</p>", ["甲乙 丙\xa0丁"]),
        ("<p>　　甲局 </p><p>&nbsp;</p>", ["甲局"]),
        ("<p>甲<script>x</script><style>y</style><!-- z -->乙</p>", ["甲乙"]),
        ("<p>責<ruby>任<rp>(</rp><rt>rèn</rt></ruby>单位</p>", ["責任单位"]),
        ("<p>甲</p><p style='display: none'>乙</p><p hidden>丙</p>", ["甲"]),
        ("<pre>甲\n乙</pre>", ["甲", "乙"]),
        ("<div style='white-space: pre-wrap'>甲\r\n<b>乙</b>丙</div>", ["甲", "乙丙"]),
        ("<ol><li>甲局牵头<li>乙局配合</ol>", ["1.甲局牵头", "2.乙局配合"]),
        ("<ol type=a><li>甲<li>乙</ol>", ["a.甲", "b.乙"]),
        ("<ol type=I start=9><li>甲<li value=14>乙</ol>", ["IX.甲", "XIV.乙"]),
        ("<ol style='list-style: none'><li>甲</ol>", ["甲"]),
        ("<ol start=x><li>甲<li value=y>乙</ol>", ["1.甲", "2.乙"]),
        ("<ol start=21 style='list-style-type: cjk-ideographic'><li>甲</ol>", ["二十一、甲"]),
        (
            "<ol start=3 style='list-style-type:cjk-ideographic'><li>甲</li><li>四、乙</li></ol>",
            ["三、甲", "四、乙"],
        ),
        ("<ul><li>甲<li>乙</ul>", ["甲", "乙"]),
    ],
)
def test_lines(tmp_path: Path, inside: str, expected: list[str]) -> None:
    assert lines(tmp_path, f"<div id=zoom>{inside}</div>") == expected


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "<tr><th>序号<th>事项<th>单位<tr><td>1<td>甲<br>乙<td>丙局、<p>丁局</p>",
            ["序号\t事项\t单位", "1\t甲 乙\t丙局、 丁局"],
        ),
        (
            "<tr><td rowspan=2>类<td>甲<td>子局<tr><td>乙<td>丑局<tr><td>另<td>丙<td>",
            ["类\t甲\t子局", "类\t乙\t丑局", "另\t丙\t"],
        ),
        (
            "<tr><td rowspan=2>事<td colspan=2>单位<tr><td>牵头<td>配合<tr><td>甲<td>子<td>丑",
            ["事\t单位\t单位", "事\t牵头\t配合", "甲\t子\t丑"],
        ),
        (
            "<tr><td>序号<td>事项<tr><td colspan=2>一、城建<tr><td>1<td>甲",
            ["序号\t事项", "一、城建", "1\t甲"],
        ),
        (
            "<tr><td colspan=3>序号<td colspan=2>事项<tr><td colspan=3>1<td colspan=2>甲",
            ["序号\t事项", "1\t甲"],
        ),
    ],
    ids=["cells", "rowspan", "two-row header", "section row", "idle columns"],
)
def test_tables(tmp_path: Path, table: str, expected: list[str]) -> None:
    source = read(tmp_path, f"<div id=zoom><p>分工表</p><table border=1>{table}</table></div>")
    assert source.text.split("\n") == ["分工表", *expected]
    cells = [line.split("\t") for line in expected]
    for place in source.locations:
        assert place.table == 1
        assert place.row
        assert place.column
        found = source.text[place.span.start : place.span.end]
        assert found == cells[place.row - 1][place.column - 1]
    assert len(source.locations) == sum(bool(cell) for row in cells for cell in row)


def test_layout_tables_are_unwrapped(tmp_path: Path) -> None:
    inner = "<table border=1><tr><td>序号<td>单位<tr><td>1<td>甲局</table>"
    page = (
        "<table><tr><td><table><tr><td>关于某事的通知<tr><td><p>正文。</p>"
        f"{inner}</table><td></table>"
    )
    assert lines(tmp_path, page) == ["关于某事的通知", "正文。", "序号\t单位", "1\t甲局"]


def test_a_page_in_a_table_of_rows_and_columns(tmp_path: Path) -> None:
    """The whole page is a table: a bar of links, the document beside a column, a foot."""
    inner = "<table border=1><tr><td>序号<td>单位<tr><td>1<td>甲局</table>"
    page = (
        "<table><tr><td>标识<td><a href=/1>首页</a></tr>"
        f"<tr><td><p>关于某事的通知。</p><table><tr><td>{inner}<td></table><p>正文，如下。</p><td></tr>"
        "<tr><td>版权所有：甲市<td></tr></table>"
    )
    found = lines(tmp_path, page)
    assert found == ["关于某事的通知。", "序号\t单位", "1\t甲局", "正文，如下。"]


@pytest.mark.parametrize(
    ("cell", "unwrapped"),
    [
        ("<p>一、甲。</p><p>二、乙。</p><p>三、丙。</p><p>四、丁。</p>", True),
        ("一、甲。二、乙。", False),
    ],
)
def test_a_table_that_holds_one_long_text_is_layout(
    tmp_path: Path, cell: str, *, unwrapped: bool
) -> None:
    table = f"<table><tr><td>文<td>号</tr><tr><td colspan=2>{cell}</tr></table>"
    assert (len(lines(tmp_path, f"<div id=zoom>{table}</div>")) > 2) is unwrapped


def test_a_table_in_a_cell_stays_in_its_cell(tmp_path: Path) -> None:
    inner = "<table><tr><td>甲局<td>乙局</table>"
    rows = "".join(f"<tr><td>{n}<td>推进第{n}项工作，年底完成<td>{inner}" for n in (1, 2))
    table = f"<table border=1><tr><td>序号<td>事项<td>单位{rows}</table>"
    assert (
        lines(tmp_path, f"<div id=zoom>{table}</div>")[1] == "1\t推进第1项工作，年底完成\t甲局 乙局"
    )


PAGE = f"""<html><head><meta charset="gb2312"><title>关于印发2024年重点工作的通知_甲市政府</title>
<meta name="ArticleTitle" content="甲市人民政府办公室关于印发2024年重点工作的通知">
<meta name="PubDate" content="2024-03-05 10:00"><meta name="ContentSource" content="市府办">
</head><body><div class="header"><a href="/">首页</a><a href="/zw">政务公开</a></div>
<div class="crumb">当前位置：<a href="/">首页</a> > <a href="/x">文件</a></div>
<table><tr><td>索 引 号：<td>A1-2024<td>发文字号：<td>甲政办〔2024〕3号</tr>
<tr><td>发文机关：<td>甲市人民政府办公室<td>成文日期：<td>2024年3月1日</tr>
<tr><td>主 题 词：<td></table>
<div class="bdsharebuttonbox">分享到：<a href="#">微信</a></div>
<div class="TRS_Editor">{BODY}<p>附件：<a href="./P0.doc">1.分工表.doc</a></p>
<p>扫一扫在手机打开当前页</p></div>
<ul class="related"><li><a href="/b.html">其他文件的通知</a></ul>
<div class="footer">主办：甲市人民政府 <a href="http://b.cn/c">ICP备1号</a></div></body></html>"""


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_a_whole_page(tmp_path: Path, encoding: str) -> None:
    source = read(tmp_path, PAGE.encode(encoding))
    assert source.text.split("\n") == [
        "索引号：A1-2024",
        "发文字号：甲政办〔2024〕3号",
        "发文机关：甲市人民政府办公室",
        "成文日期：2024年3月1日",
        "甲市人民政府办公室关于印发2024年重点工作的通知",
        "各有关部门：",
        "现印发给你们。",
        "1．建设智慧城市。（市大数据局负责）",
        "2．修缮老旧小区。（市住建局负责）",
        "附件：1.分工表.doc",
    ]
    assert source.particulars == {
        "index_number": "A1-2024",
        "document_number": "甲政办〔2024〕3号",
        "issuing_body": "甲市人民政府办公室",
        "issued_on": "2024年3月1日",
        "title": "甲市人民政府办公室关于印发2024年重点工作的通知",
        "published_on": "2024-03-05 10:00",
        "source": "市府办",
    }
    assert [(a.text, a.url) for a in source.attachments] == [("1.分工表.doc", "./P0.doc")]
    assert source.media_type == "text/html"
    assert len(parse_notice(source).items) == 2


def test_the_corpus_pages_lose_no_line(corpus: Path) -> None:
    """All that another reader finds in the document's container, and nothing else but the block."""
    found = 0
    for path in sorted(corpus.glob("*/doc.html")):
        container = BeautifulSoup(path.read_bytes(), "lxml").select_one("#UCAP-CONTENT")
        if container is None:
            continue
        found += 1
        source = read_source(path)
        block, document = source.text.split("\n发布日期：", 1)
        assert block.startswith("索引号：")
        assert bare(document.split("\n", 1)[1]) == bare(container.get_text())
        assert {"title", "issued_on", "published_on", "document_number"} <= set(source.particulars)
    assert found >= 4


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("page", "fact"),
    [
        (b"<html><body></body></html>", "without text"),
        (b"<html><body><script>document.write(1)</script>", "without text"),
        (b"<div>" * 1_000_000, "deeper than 2048"),
        (b"<html>\xff\xff\xfe\x81" * 3, "no Chinese encoding"),
        (b"<p>" + b" " * (32 << 20), "above the limit"),
        (b"<p>x" * 1_000_001, "more than 1000000 tags"),
        (b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x", "attributes"),
        (b"<table border=1>" + b"<tr><td rowspan=60000>a<td>b" * 20_000, "merged cells"),
        (b"<table><tr>" + b"<td>1" * 900 + b"<tr><td>2<td colspan=899>3" * 2000, "merged cells"),
    ],
    ids=["empty", "script", "nested", "bytes", "size", "tags", "attributes", "rows", "spans"],
)
def test_refusals(tmp_path: Path, page: bytes, fact: str) -> None:
    with pytest.raises(SourceError, match=fact) as caught:
        read(tmp_path, page)
    assert caught.value.remedy


def test_a_frame_saved_with_the_page(tmp_path: Path) -> None:
    """The text stands in a frame, which the browser saved in the page's own folder."""
    frames = "<iframe src='./page_files/in.html'></iframe><iframe src='../out.html'></iframe>"
    outside = tmp_path / "out.html"
    outside.write_text("<p>甲局。</p>" * 99, "utf-8")
    own = tmp_path / "sub" / "page_files"
    own.mkdir(parents=True)
    (own / "in.html").write_text(f"<div>{BODY}</div>", "utf-8")
    source = read(tmp_path / "sub", f"<html><body>{frames}</body></html>")
    assert source.text.endswith("2．修缮老旧小区。（市住建局负责）")
    assert [remark.code for remark in source.remarks] == ["page-frame"]
    (own / "in.html").unlink()
    with pytest.raises(SourceError, match="without text"):
        read(tmp_path / "sub", f"<html><body>{frames}</body></html>")


FAMILY = "".join(f"<p>{line}</p>" for line in ("某政办〔2024〕3号", *LINES))
MENU = "".join(f"<li><a href='/{n}'>{n}</a></li>" for n in ("首页", "政务公开", "互动交流"))
NEWS = "".join(
    f"<li><a href='/{n}.html'>某市召开第{n}次常务会议</a><span>2024-03-0{n}</span></li>"
    for n in range(1, 9)
)
FOOT = """<div class=q7><p>主办：某市人民政府办公室 承办：某市大数据局</p><p>地址：某市某路1号</p>
<p><a href='http://b.cn/'>某ICP备1号</a> 网站标识码：1234567890</p></div>"""
BAR = "来源：市府办&nbsp; 发布时间：2024-03-05 10:11 浏览次数：<i>12</i>次 字号：[ 大 中 小 ] 【打印】【关闭】"


@pytest.mark.parametrize(
    "page",
    [
        f"""<title>{TITLE}-某市人民政府</title><ul class=q1>{MENU}</ul><div class=q2><div class=q3>
        <div class=q4>{TITLE}</div><div class=q5>{BAR}</div><div class=q6>{FAMILY}</div>
        <div>上一篇：<a href=1>关于甲的通知</a></div></div><ul>{NEWS}</ul></div>{FOOT}""",
        f"""<title>{TITLE}_政策_某市</title><meta name=ArticleTitle content={TITLE}>
        <ul>{MENU}</ul><div class=article><h1>{TITLE}</h1><div>2024-03-05 10:11 来源：市府办</div>
        <div id=UCAP-CONTENT>{FAMILY}</div><a href=/j>【我要纠错】</a>责任编辑：王某</div>{FOOT}""",
        f"""<body><table><tr><td>{MENU}<tr><td></table><table><tr><td><ul>{NEWS}</ul><td><table>
        <tr><td><b>{TITLE}</b><tr><td>{BAR}<tr><td>{FAMILY}</table></table>
        <table><tr><td>版权所有：某市人民政府　某ICP备1号</table>""",
        f"""<form id=f><div class=nav>{MENU}</div><ul><li><b>来 源：</b>市府办<li><b>发布时间：</b>
        2024-03-05</ul><div class=bt>{TITLE}</div><div id=zoom>{FAMILY}</div></form>{FOOT}""",
        f"<p>{TITLE}</p><p>来源：市府办</p><p>发布时间：2024-03-05</p>{FAMILY}{FOOT}",
    ],
    ids=["by prose", "known container", "layout tables", "form and list", "paragraphs"],
)
def test_families_of_sites(tmp_path: Path, page: str) -> None:
    """The same document as five families of sites publish it: the same lines, no menu."""
    source = read(tmp_path, page)
    found = source.text.split("\n")
    own = ("来源：", "发布时间：", "2024-")
    expected = [TITLE, "某政办〔2024〕3号", *LINES]
    assert [line for line in found if not line.startswith(own)] == expected
    assert source.particulars["source"] == "市府办"
    assert source.particulars["published_on"].startswith("2024-03-05")


def test_a_page_of_which_nothing_stands_out(tmp_path: Path) -> None:
    links = "".join(
        f"<li><a href='/{n}.html'>关于印发第{n}项工作分工的通知</a></li>" for n in range(40)
    )
    blocks = "".join(f"<div><p>第{n}段，甲局负责。</p><ul>{links}</ul></div>" for n in range(4))
    source = read(tmp_path, f"<body>{blocks}</body>")
    assert [remark.code for remark in source.remarks] == ["page-area"]
    assert "第3段，甲局负责。" in source.text


@pytest.mark.parametrize(
    ("piece", "times"),
    [
        ("<table><tr><td>甲。<td>", 500),
        ("<td>1", 100_000),
        ("<a href=/x.doc>甲</a>", 20_000),
        ("字体大小", 50_000),
        ("<!--", 100_000),
        ("<iframe src=", 50_000),
        ("来源：", 50_000),
        ("&", 200_000),
        ("<ol><li>", 900),
        ("<br>", 200_000),
        ("<div class=a>甲。</div>", 30_000),
        ("<style>display:none/*/*</style>", 5_000),
        ("<style>display:none" + "/*" * 30_000 + "</style>", 1),
        ("<style>" + ".a .b{display:none}" * 3_000 + "</style>" + "<p class=b>1" * 20_000, 1),
        ("<style>display:none" + "{" * 30_000 + "}" * 30_000 + "</style>", 1),
        ('<script>var a = "' + '"\\' * 60_000 + "</script>", 1),
        ("<div hidden>甲，乙。</div>", 20_000),
        ("<div class=a>" + "甲，乙。" * 60 + "</div>", 500),
        ('<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "&a;&a;">]>&a;', 1000),
    ],
)
def test_hostile_pages(tmp_path: Path, piece: str, times: int) -> None:
    """Each is read or refused; none hangs."""
    try:
        source = read(tmp_path, f"<html><body><p>甲局负责。</p>{piece * times}")
    except SourceError:
        return
    assert "甲局负责。" in source.text


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\ufffe", "&#1;", "&#xfffe;"])
@pytest.mark.parametrize("before", ["", "<b>乙</b>"])
def test_signs_that_are_no_text_behind_what_is_removed(
    tmp_path: Path, sign: str, before: str
) -> None:
    page = f"<div id=zoom><p>甲{before}<b hidden>藏</b>丙{sign}丁</p><p>戊</p></div>"
    text = "".join(one for one in read(tmp_path, page).text if one.isprintable())
    assert text == f"甲{'乙' if before else ''}丙丁戊"


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr("socket.socket", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    page = """<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "http://127.0.0.1:9/x.dtd" [
    <!ENTITY e SYSTEM "http://127.0.0.1:9/e"><!ENTITY f SYSTEM "file:///etc/passwd">]>
    <html><head><link rel=stylesheet href="http://127.0.0.1:9/a.css"></head><body>
    <img src="http://127.0.0.1:9/b.png"><iframe src="http://127.0.0.1:9/c.html"></iframe>
    <p>甲局负责&e;&f;。</p></body></html>"""
    assert read(tmp_path, page).text == "甲局负责&e;&f;。"


def test_links_are_whole_where_the_page_is_known(tmp_path: Path) -> None:
    page = "<div id=zoom><p>甲。</p><a href='../f/1.pdf'>附件</a><a href=down?f=2.docx>二</a></div>"
    saved = "<!-- saved from url=(0030)http://a.gov.cn/zw/2024/1.html -->" + page
    urls = ["http://a.gov.cn/zw/f/1.pdf", "http://a.gov.cn/zw/2024/down?f=2.docx"]
    assert [a.url for a in read(tmp_path, saved).attachments] == urls
    path = tmp_path / "b.html"
    path.write_text(page, "utf-8")
    source = read_source(path, url="http://a.gov.cn/zw/2024/1.html")
    assert [a.url for a in source.attachments] == urls


@pytest.mark.parametrize(
    ("declared", "encoding", "read_as"),
    [
        ("iso-8859-1", "gb18030", "gb18030"),
        ("utf-8", "gb18030", "gb18030"),
        ("gb2312", "utf-8", "utf-8"),
        ("gbk", "gb18030", "gb18030"),
        ("big5", "big5", "big5hkscs"),
        ("", "gb18030", "gb18030"),
    ],
)
def test_charsets(tmp_path: Path, declared: str, encoding: str, read_as: str) -> None:
    words = "甲局負責。" if encoding == "big5" else "一〇八号，甲局负责。"
    meta = f"<meta http-equiv=Content-Type content='text/html; charset={declared}'>"
    source = read(tmp_path, f"<html>{meta}<p>{words}</p>".encode(encoding))
    assert (source.text, source.encoding) == (words, read_as)


def test_damaged_bytes_are_told(tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030"):
        page = f"<html><meta charset={encoding}>{BODY * 20}</html>".encode(encoding)
        at = page.rindex("负责".encode(encoding)) + 1
        source = read(tmp_path, page[:at] + b"\xff" + page[at + 1 :])
        assert source.encoding == encoding
        assert [remark.code for remark in source.remarks] == ["damaged-bytes"]
        assert "\ufffd" in source.text


def test_a_form_is_no_block(tmp_path: Path) -> None:
    """A search above the document asks for a title; it does not tell one."""
    ask = "标题：<input name=t> 文号：<input name=w> 发布日期：<select><option>2011</select>"
    for form in (f"<form>{ask}</form>", f"<div>{ask}</div>"):
        source = read(tmp_path, f"<body>{form}<h1>{TITLE}</h1><div id=zoom>{BODY}</div>")
        assert source.particulars["title"] == TITLE
        assert set(source.particulars) == {"title"}


def test_a_side_column_in_the_same_wrapper_is_left_out(tmp_path: Path) -> None:
    side = "<div class=r><p>本站提示，请用新版浏览器。</p></div>"
    page = f"<body><div class=main><div class=l><h1>{TITLE}</h1>{FAMILY}</div>{side}</div>"
    assert "浏览器" not in read(tmp_path, page).text


def test_a_page_whose_every_element_is_called_a_menu(tmp_path: Path) -> None:
    page = "".join(f"<p class=footer{n}>第{n}项，甲局负责。</p>" for n in range(9))
    assert len(lines(tmp_path, page)) == 9
    assert lines(tmp_path, "<p><a href=/1>甲局负责。</a></p>") == ["甲局负责。"]


def test_long_scripts_and_pictures_are_no_tags(tmp_path: Path) -> None:
    script = f"<script>for(i=0;i<n;i++) {{ {'a = b / c; ' * 3000} }}</script>"
    picture = f"<img src='data:image/png;base64,{'ab/' * 30_000}'>"
    assert lines(tmp_path, f"<html><body>{script}<p>{picture}甲局负责。</p>") == ["甲局负责。"]


def test_words_of_a_table_outside_its_cells(tmp_path: Path) -> None:
    rows = "<tfoot><tr><td>合计<td>2</tfoot><tr><td>甲<td>1<tr><td>乙<td>1"
    table = f"<table border=1><caption>分工表</caption>{rows}</table>"
    assert lines(tmp_path, f"<div id=zoom>{table}</div>") == ["分工表", "甲\t1", "乙\t1", "合计\t2"]


def test_a_block_of_keys_over_values_or_beside_them(tmp_path: Path) -> None:
    for block in (
        "<table><tr><td>索引号<td>文号<td>发布机构<tr><td>A-1<td>甲发〔2024〕3号<td>甲局</table>",
        "<table><tr><td>索引号：A-1<td>文号：甲发〔2024〕3号<tr><td>发布机构：甲局<td></table>",
        "<dl><dt>索引号<dd>A-1<dt>[ 发布文号 ]<dd>甲发〔2024〕3号<dt>• 发布机构<dd>甲局</dl>",
        "<p>索 引 号：A-1 文　　号：甲发〔2024〕3号发布机构：甲局</p>",
    ):
        found = read(tmp_path, f"<body>{block * 2}<div id=zoom>{BODY}</div>")
        assert (found.particulars.pop("index_number"), found.particulars) == (
            "A-1",
            {"document_number": "甲发〔2024〕3号", "issuing_body": "甲局"},
        )
        assert found.text.count("A-1") == 1


def test_a_text_with_angle_brackets_is_no_page(tmp_path: Path) -> None:
    for text in ("<政府工作报告>任务分解表\n1、甲。", "a < b\n1、甲。", "《<p>》甲"):
        assert read(tmp_path, text).media_type == "text/plain"
