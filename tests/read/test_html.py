"""Web pages: the document, its particulars, its tables; nothing of the page round it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import parse_notice, read_source
from pipeline.errors import SourceError
from pipeline.model import Source

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
        ("<ol><li>甲局牵头<li>乙局配合</ol>", ["1.甲局牵头", "2.乙局配合"]),
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


def test_the_corpus_pages_hold_their_document(corpus: Path) -> None:
    pages = sorted(corpus.glob("*/doc.html"))
    assert pages
    for page in pages:
        source = read_source(page)
        found = source.text.split("\n")
        assert found[0].startswith("索引号：")
        assert {"title", "issued_on", "published_on", "document_number"} <= set(source.particulars)
        assert found[-1].endswith(("）", "\t全国")), page
        for menu in ("扫一扫", "打印", "微信", "首页"):
            assert menu not in source.text


@pytest.mark.parametrize(
    ("page", "fact"),
    [
        (b"<html><body></body></html>", "without text"),
        (b"<html><body><script>document.write(1)</script>", "without text"),
        (b"<div>" * 1_000_000, "deeper than 2048"),
        (b"<html>\xff\xff\xfe\x81" * 3, "no Chinese encoding"),
        (b"<p>" + b" " * (32 << 20), "above the limit"),
        (b"<table><tr>" + b"<td>1" * 900 + b"<tr><td>2<td colspan=899>3" * 2000, "merged cells"),
    ],
    ids=["empty", "script", "nested", "bytes", "size", "spans"],
)
def test_refusals(tmp_path: Path, page: bytes, fact: str) -> None:
    with pytest.raises(SourceError, match=fact) as caught:
        read(tmp_path, page)
    assert caught.value.remedy
