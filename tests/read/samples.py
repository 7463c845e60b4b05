"""Small sound files of every kind that is read: what tests and fuzzing start from.

A new format is a function that returns bytes, and a row of SAMPLES.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

TITLE = "甲市人民政府办公室关于印发2024年重点工作任务分工的通知"
LINES = (
    "各县（市、区）人民政府，市直各部门：",
    "现将任务分工印发给你们，请认真贯彻执行。",
    "一、重点任务",
    "1．建设智慧城市。（市大数据局牵头，市财政局配合）",
    "2．修缮老旧小区，年底前完成五十个。（市住建局负责）",
    "甲市人民政府办公室",
    "2024年3月1日",
)
ROWS = (
    ("序号", "类别", "任务", "牵头单位"),
    ("1", "城建", "建设智慧城市。", "市大数据局"),
    ("2", "城建", "修缮老旧小区。", "市住建局、市财政局"),
)


def plain() -> bytes:
    return "\n".join((TITLE, *LINES)).encode()


def plain_gb18030() -> bytes:
    return "\n".join((TITLE, *LINES)).encode("gb18030")


def table() -> str:
    """The sample table, its category cell merged over two rows."""
    head = "".join(f"<th>{cell}</th>" for cell in ROWS[0])
    one, two = ROWS[1:]
    first = f"<td>{one[0]}</td><td rowspan=2>{one[1]}</td><td>{one[2]}</td><td>{one[3]}</td>"
    second = f"<td>{two[0]}</td><td>{two[2]}</td><td>{two[3]}</td>"
    return f"<table border=1><tr>{head}</tr><tr>{first}</tr><tr>{second}</tr></table>"


def page(charset: str = "utf-8") -> str:
    """A whole page of a site: menus, its own block, the document, its attachments, a foot."""
    body = "".join(f"<p>&emsp;&emsp;<span>{line}</span></p>\n" for line in LINES)
    return f"""<!DOCTYPE html><html><head><meta charset="{charset}">
<title>{TITLE}_甲市人民政府</title><meta name="ArticleTitle" content="{TITLE}">
<meta name="PubDate" content="2024-03-05 10:00"><style>p {{margin: 0}}</style></head><body>
<div class="header"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li></ul></div>
<table><tr><td>索 引 号：</td><td>A-1</td><td>发文字号：</td><td>甲政办〔2024〕3号</td></tr>
<tr><td>发文机关：</td><td>甲市人民政府办公室</td><td>成文日期：</td><td>2024年3月1日</td></tr></table>
<h1>{TITLE}</h1><div class="TRS_Editor">{body}<p>附件<br>任务分工表</p>{table()}
<p><a href="./P01.docx">附件1.docx</a></p></div>
<script>document.write("<b>x</b>")</script><div class="footer">版权所有：甲市人民政府</div>
</body></html>"""


def html() -> bytes:
    return page().encode()


def html_gb18030() -> bytes:
    return page("gb2312").encode("gb18030")


def fragment() -> bytes:
    return "".join(f"<p>{line}</p>" for line in (TITLE, *LINES)).encode()


def mhtml() -> bytes:
    """A page as a browser saves it in one file."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "http://www.example.gov.cn/zw/1.html"
    message["Subject"] = TITLE
    message["Date"] = "Tue, 05 Mar 2024 10:00:00 +0800"
    message.set_content(page(), subtype="html", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<1@x>")
    return message.as_bytes()


def eml() -> bytes:
    """A message with a text and two documents attached, one of them an archive."""
    message = EmailMessage()
    message["From"] = "甲市人民政府办公室 <a@example.gov.cn>"
    message["To"] = "b@example.gov.cn"
    message["Subject"] = TITLE
    message["Date"] = "Tue, 05 Mar 2024 10:00:00 +0800"
    message.set_content("各部门：\n任务分工见附件。\n")
    message.add_attachment(plain(), "text", "plain", filename="分工.txt")
    message.add_attachment(archive(), "application", "zip", filename="附件.zip")
    return message.as_bytes()


def archive() -> bytes:
    """An archive with a page, a text below a folder, and a picture."""
    return zipped({"通知.html": html(), "附件/分工.txt": plain(), "logo.png": b"\x89PNG"})


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these members, the same bytes on every call."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2024, 3, 1, 0, 0, 0))
            info.compress_type = method
            made.writestr(info, data)
    return file.getvalue()


def _written(kind: str) -> Callable[[], bytes]:
    """The sample as an office program's file, by the writers of the tests."""

    def write() -> bytes:
        # here, for the writers pack with this module
        from tests.read import writers

        cells = [[writers.Cell(text) for text in row] for row in ROWS]
        cells[1][1] = writers.Cell(ROWS[1][1], rows=2)
        del cells[2][1]
        return writers.WRITERS[kind]([TITLE, *LINES, writers.Table(cells)])

    return write


def spreadsheet_xml() -> bytes:
    """The sample table in Excel's XML of 2003."""
    from tests.read.booksxml import spreadsheet_xml_of

    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = "".join(f"<Row>{''.join(map(cell.format, row))}</Row>" for row in ROWS)
    return spreadsheet_xml_of(rows, start='<?xml version="1.0"?>')


def open_sheet() -> bytes:
    """The sample table as an OpenDocument spreadsheet."""
    from tests.read.booksxml import ods_of

    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = "".join(
        f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in ROWS
    )
    return ods_of(f'<table:table table:name="计划">{rows}</table:table>')


SAMPLES: dict[str, Callable[[], bytes]] = {
    "plain.txt": plain,
    "plain-gb18030.txt": plain_gb18030,
    "page.html": html,
    "page-gb18030.html": html_gb18030,
    "fragment.html": fragment,
    "page.mht": mhtml,
    "message.eml": eml,
    "archive.zip": archive,
    "plan-2003.xls": spreadsheet_xml,
    "plan.ods": open_sheet,
    **{f"plan.{kind}": _written(kind) for kind in ("docx", "xlsx", "xls", "csv", "pdf", "ofd")},
}
