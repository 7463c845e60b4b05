"""What a page hides or says twice, and what its site leaves in the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import read_source
from pipeline.errors import SourceError
from pipeline.model import Source

LINES = [
    "各镇人民政府，区政府各部门：",
    "现将2024年重点工作分工印发给你们，请认真贯彻落实。",
    "一、建设社区食堂10个，方便老人就餐。（牵头单位：区民政局）",
    "二、新建口袋公园5个，方便居民出行、休闲。（牵头单位：区园林局）",
    "三、新增公办幼儿园学位900个，扩建小学2所。（牵头单位：区教育局）",
    "四、改造老旧小区12个，加装电梯30部，惠及居民4000户。（牵头单位：区住建局）",
]
DOCUMENT = "".join(f"<p>{line}</p>" for line in LINES)


def read(tmp_path: Path, page: str) -> Source:
    path = tmp_path / "page.html"
    path.write_text(page, "utf-8")
    return read_source(path)


@pytest.mark.parametrize(
    "page",
    [
        f"<div class=a>{DOCUMENT}</div><div style='display:none'>{''.join(LINES)}</div>",
        f"<div hidden>{DOCUMENT}</div><div class=b>{DOCUMENT}</div>",
        f"<style>.sj{{display:none}}</style><div class=pc>{DOCUMENT}</div><div class=sj>{DOCUMENT}</div>",
        (
            f"<style>@media(max-width:9px){{.pc{{display:none}}.sj{{display:block}}}}#m .x{{display:none}}"
            f"</style><div class=pc>{DOCUMENT}</div><div id=m><div class=x>{DOCUMENT}</div></div>"
        ),
        (
            f"<style>.t{{display:none}} .t.on{{display:block}}</style><div class='t on'>{DOCUMENT}</div>"
            "<div class=t><p>部门、镇街、园区的往年文件，请看这里。</p></div>"
        ),
        (
            f"<div class=pc><div class=article-con>{DOCUMENT}</div></div>"
            f"<div class=phone><div class=article-con>{DOCUMENT}</div></div>"
        ),
        f"<div><div class=l>{DOCUMENT}</div><div class=r>{DOCUMENT}</div></div>",
        f"<div aria-hidden=true>{DOCUMENT}</div><div>{DOCUMENT}</div>",
    ],
)
def test_a_text_is_read_once(tmp_path: Path, page: str) -> None:
    assert read(tmp_path, f"<html><body>{page}</body></html>").text.split("\n") == LINES


@pytest.mark.parametrize(
    "page",
    [
        f"<div style='display: none'>{DOCUMENT}</div>",
        f"<style>.x{{display:none}}</style><div class=x>{DOCUMENT}</div><p>加载中</p>",
        f"<div hidden>{DOCUMENT}</div>",
    ],
)
def test_a_page_that_a_script_will_show_is_read_and_told(tmp_path: Path, page: str) -> None:
    source = read(tmp_path, f"<html><body>{page}</body></html>")
    assert source.text.split("\n")[: len(LINES)] == LINES
    assert "hidden-text" in [remark.code for remark in source.remarks]


def test_a_text_for_readers_of_the_screen_alone_stays(tmp_path: Path) -> None:
    page = f"<div aria-hidden=true>{DOCUMENT}</div><div><p>甲区政府，乙路1号。</p></div>"
    assert read(tmp_path, f"<html><body>{page}</body></html>").text.split("\n")[:6] == LINES


def test_a_table_printed_twice_in_one_text_stays(tmp_path: Path) -> None:
    table = "<div><table><tr><td>车型</td><td>补助</td></tr><tr><td>中型，国三</td><td>1</td></tr></table></div>"
    found = read(
        tmp_path, f"<html><body>{DOCUMENT}{table}<p>再次说明，如下。</p>{table}</body></html>"
    )
    assert found.text.count("车型\t补助") == 2


@pytest.mark.parametrize(
    "page",
    [
        '<script id=d type="application/json">{"props": {"id": 7, "content": "%s"}}</script>',
        '<script>window.D = {"title": "甲", "body": "%s"};</script>',
        "<script>var html = '%s';</script>",
        '<iframe srcdoc="<html><body>%s</body></html>"></iframe>',
    ],
)
def test_a_text_in_a_script_or_a_frame_is_read_and_told(tmp_path: Path, page: str) -> None:
    page = page % DOCUMENT
    source = read(tmp_path, f"<html><title>甲</title><body><div id=app></div>{page}</body></html>")
    assert source.text.split("\n") == LINES
    assert "page-script" in [remark.code for remark in source.remarks]


def test_a_list_of_lines_in_a_script(tmp_path: Path) -> None:
    lines = ", ".join(f'"{line}"' for line in LINES)
    page = (
        f'<html><body><script type="application/json">[{{"a": [{lines}]}}]</script></body></html>'
    )
    assert read(tmp_path, page).text.split("\n") == LINES


def test_a_page_with_nothing_but_its_foot_is_refused(tmp_path: Path) -> None:
    page = "<html><body><div id=app></div><div>主办：甲区政府　备案号：粤ICP备00000000号</div></body></html>"
    with pytest.raises(SourceError, match="without text"):
        read(tmp_path, page)


@pytest.mark.parametrize(
    "line",
    ["×", "+", "-", "↺", "基本信息", "扫一扫", "微信扫一扫：分享", "扫一扫在手机打开当前页", "打印", "分享到：",
     "关注 · 甲溪政府网", "添加“甲溪通”小程序", "var a = 1;", "$(function(){", "});", "{{ item.title }}",
     "document.write('甲');", "附件：", "相关链接", "责任编辑：张三", "（编辑：张三 校对：李四）", "浏览次数：12",
     "粤ICP备00000000号 版权所有：甲区政府"],
)  # fmt: skip
def test_lines_of_the_site_are_left_out(tmp_path: Path, line: str) -> None:
    page = f"<html><body><div class=wrap>{DOCUMENT}<p>{line}</p></div></body></html>"
    assert read(tmp_path, page).text.split("\n") == LINES


@pytest.mark.parametrize(
    "line",
    ["五、推广扫码支付，方便群众。", "五、做好技术支持。", "附件：1.任务清单", "五、关注留守儿童，加强关爱。",
     "六、区科技局为企业提供技术支持，年内服务企业30家。"],
)  # fmt: skip
def test_lines_of_the_document_stay(tmp_path: Path, line: str) -> None:
    page = f"<html><body><div class=wrap>{DOCUMENT}<p>{line}</p></div></body></html>"
    assert read(tmp_path, page).text.split("\n") == [*LINES, line]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<td>任务</td><td>单位</td></tr><tr><td>甲</td><td>乙局</td></tr><td>丙</td><td>丁局</td></tr>",
         ["任务\t单位", "甲\t乙局", "丙\t丁局"]),
        ("<tr><td colspan='2;'>甲</td><td>乙</td></tr><tr><td>1</td><td>2</td><td>3</td></tr>",
         ["甲\t甲\t乙", "1\t2\t3"]),
        ("<tr><td rowspan='2px'>甲</td><td>乙</td></tr><tr><td>丙</td></tr>", ["甲\t乙", "甲\t丙"]),
    ],
)  # fmt: skip
def test_careless_tables(tmp_path: Path, table: str, expected: list[str]) -> None:
    page = f"<html><body>{DOCUMENT}<table border=1>{table}</table></body></html>"
    assert read(tmp_path, page).text.split("\n")[len(LINES) :] == expected
