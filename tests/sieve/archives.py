"""Web archives for tests: records written with warcio, and pages with the furniture of real sites."""

from __future__ import annotations

import io
from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_HEAD = (
    '<!DOCTYPE html>\n<html><head>{meta}<title>{title}</title><link rel="stylesheet" href="/style.css">'
    "<style>.nav li{{float:left;width:12.5%}}</style>"
    "<script>var site={{id:1.5,path:'/art/'}};</script></head><body>\n"
)
_MENU = (
    '<div class="header"><a href="/">首页</a><ul class="nav"><li><a href="/xwzx/">新闻中心</a></li>'
    '<li><a href="/zwgk/">政务公开</a></li><li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">'
    '互动交流</a></li></ul></div><div class="position">当前位置：首页 &gt; 政务公开 &gt; 文件</div>\n'
    '<div class="article"><h1>{title}</h1><div class="info">发布时间：2024-03-02 来源：办公室 '
    '字号：大 中 小</div><div class="content" id="zoom">\n'
)
_FOOT = (
    '\n</div></div><div class="share">分享到：微信 微博</div><div class="footer">主办：某区人民政府办公室 '
    "网站标识码：1234567890 备案号：XICP备12345678号 网站地图 联系我们</div></body></html>\n"
)
_CHARSET = '<meta http-equiv="Content-Type" content="text/html; charset={}">'
PLAN = (
    "甲区人民政府办公室关于印发甲区2024年重点工作任务分工方案的通知\n各镇人民政府，区政府各部门：\n"
    "现将《甲区2024年重点工作任务分工方案》印发给你们，请认真贯彻落实。\n"
    "一、推进政务公开。完善公开目录，按季度检查。（责任单位：区政务办，配合单位：区司法局）\n"
    "二、改善就业服务。新增岗位500个，开展培训20场。（责任单位：区人社局）\n"
    "三、整治河道。清理河道12条，建成护岸3公里。（牵头单位：区水务局，责任单位：各镇人民政府）\n"
    "四、扩大学位供给。新建小学2所，年底前投入使用。（责任单位：区教育局、区住建局）\n"
    "甲区人民政府办公室\n2024年3月1日\n"
)
NEWS = (
    "昨日，全市迎来今年首场降雪。记者在街头看到，不少市民拿起手机拍照留念。气象台预计，未来三天气温仍将"
    "走低，请市民注意防寒保暖。\n公交线路运行正常，地铁客流比平时多一成。\n"
)


class Record(NamedTuple):
    """A record to write: its address, the bytes of its body and its headers."""

    url: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),)
    kind: str = "response"
    status: str = "200 OK"
    date: str = "2024-03-05T08:00:00Z"


class _Writer(WARCWriter):  # type: ignore[misc]
    """The library's writer, which would leave temporary files open."""

    def _create_temp_file(self) -> io.BytesIO:
        return io.BytesIO()


def write_archive(records: Iterable[Record], *, gzip: bool = True) -> bytes:
    """The bytes of an archive of some records, each packed by itself."""
    file = io.BytesIO()
    writer = _Writer(file, gzip=gzip)
    for one in records:
        writer.write_record(_make_record(writer, one))
    return file.getvalue()


def _make_record(writer: WARCWriter, one: Record) -> object:
    headers = None
    if one.kind in ("response", "revisit"):
        headers = StatusAndHeaders(one.status, list(one.headers), protocol="HTTP/1.1")
    elif one.kind == "request":
        headers = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
    return writer.create_warc_record(
        one.url,
        one.kind,
        payload=io.BytesIO(one.body),
        http_headers=headers,
        # Only of records without a head of HTTP; the others say so themselves.
        warc_content_type="" if headers else dict(one.headers).get("Content-Type", ""),
        warc_headers_dict={"WARC-Date": one.date},
    )


def make_page(text: str, charset: str = "utf-8", *, form: str = "plain") -> bytes:
    """A page of a government's site with a text in it; `form` is how its characters are written.

    The forms are plain, decimal, hexadecimal (entities) and script (escapes in the JSON of a script).
    """
    title = text.lstrip().split("\n", 1)[0][:60]
    name = {"utf-16-le": "utf-16", "big5hkscs": "big5", "gb18030": "gbk"}.get(charset, charset)
    # Without a declaration, as UTF-16 has a mark and HZ is seen.
    meta = "" if charset in ("utf-16-le", "hz") else _CHARSET.format(name)
    body = "".join(f"<p>{escape(line)}</p>\n" for line in text.splitlines() if line.strip())
    if form == "script":
        return _make_scripted(meta, body)
    page = _HEAD.format(meta=meta, title=escape(title)) + _MENU.format(title=escape(title))
    page += body + _FOOT
    if form != "plain":
        page = "".join(one if one < "\x80" else _to_entity(one, form) for one in page)
    mark = "\ufeff" if charset == "utf-16-le" else ""
    return (mark + page).encode(charset, "xmlcharrefreplace")


def _make_scripted(meta: str, body: str) -> bytes:
    escaped = body.replace("\n", "").replace('"', '\\"').replace("/", "\\/")
    escaped = "".join(one if one < "\x80" else f"\\u{ord(one):04x}" for one in escaped)
    return (
        f"<html><head>{meta}<title>article</title></head><body><div id=app></div>"
        f'<script>{{"data":{{"content":"{escaped}"}}}}</script></body></html>'
    ).encode()


def _to_entity(character: str, form: str) -> str:
    point = ord(character)
    return f"&#{point};" if form == "decimal" else f"&#x{point:X};"
