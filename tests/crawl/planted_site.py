"""A site of a government with what one meets there, in any size, and what is planted in it.

Five lists, each in another layout; plans among other notices, attachments of several kinds, pages in
GB18030, redirects, broken links, busy answers, a folder that robots.txt forbids, a calendar without end.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs

from docx import Document
from openpyxl import Workbook

from tests.crawl.server import Reply, Request, page
from tests.read.writers import WRITERS

_ON_A_PAGE = 15
LAYOUTS = ("static", "paged", "json", "script", "post")
_OTHERS = (
    "《2024年重点改革计划》解读",
    "一图读懂2024年民生实事",
    "甲市召开重点工作推进会",
    "2024年春节放假安排的通知",
    "2024年公开招聘教师公告",
    "2024年重点工作考核办法",
    "甲区领导调研河道治理",
    "停水通知",
)
_FILES = ("docx", "xlsx", "txt", "zip", "pdf", "ofd", "xls", "csv")
_KINDS = ("page", "gb", "redirect", "busy", "slow", *_FILES)
# A slow answer takes so many seconds.
_SLOW = 0.3
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Plan:
    """A planted plan: its number, address, title and carrier, and how many tasks it has."""

    number: int
    layout: str
    kind: str
    path: str
    title: str
    edition: int = 0

    @property
    def file(self) -> str:
        """The path of the file that holds the plan: an attachment or the page itself."""
        return self.path.replace("html", self.kind) if self.kind in _FILES else self.path


@dataclass
class PlantedSite:
    """The site: call it with a request. `broken` are plans that are linked and not there."""

    plans: int
    others: int
    broken: int = 1
    all: list[Plan] = field(default_factory=list)
    missing: set[int] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    is_marking: bool = True
    files: dict[str, Reply] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for n in range(self.plans):
            layout = LAYOUTS[n % len(LAYOUTS)]
            kind = _KINDS[n % len(_KINDS)]
            path = f"/{layout}/t2024_{n}.html"
            title = f"关于印发《甲区第{n + 1}街道2024年重点工作计划》的通知"
            self.all.append(Plan(n, layout, kind, path, title))

    def sites_toml(self, url: str, delay: float = 0) -> str:
        """The file that watches all lists of the site."""
        common = f'delay = {delay}\nallow_private = true\ntake = "plans"\n'
        more = {
            "static": f'url = "{url}/static/"\nlayout = "static"',
            "paged": f'url = "{url}/paged/"\nlayout = "paged"\npage = "index_{{n}}.html"',
            "json": f'url = "{url}/json/list?p=1"\nlayout = "json"\npage = "list?p={{n}}"\n'
            'items = "data.rows"\nlink = "href"',
            "script": f'url = "{url}/script/"\nlayout = "script"\nvariable = "noticeList"',
            "post": f'url = "{url}/post/search"\nlayout = "post"\nform = {{ page = "{{n}}" }}',
        }
        sites = [f'[[site]]\nname = "{name}"\n{words}\n{common}' for name, words in more.items()]
        return 'contact = "mailto:a@example.org"\n\n' + "\n".join(sites)

    def entries(self, layout: str) -> list[tuple[str, str]]:
        """The titles and addresses on a list, plans among the others."""
        own = [(one.title, one.path) for one in self.all if one.layout == layout]
        if layout == "static":
            own += [
                (f"关于印发《甲区第{n}局2024年工作要点》的通知", f"/static/gone{n}.html")
                for n in range(self.broken)
            ]
            own.append(("关于印发《甲区2024年不公开的工作要点》的通知", "/private/t.html"))
        size = self.others // len(LAYOUTS)
        other = [(f"{_OTHERS[n % len(_OTHERS)]}({n})", f"/{layout}/o{n}.html") for n in range(size)]
        mixed = own + other
        # The order is the same each time, and mixes both.
        return sorted(mixed, key=lambda one: hash_of(one[1]))

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        self.asked[f"{request.method} {request.path} {request.body.decode()}"] += 1
        path = request.path
        if path == "/robots.txt":
            return Reply(b"User-agent: *\nDisallow: /private/\nDisallow: /calendar/\n")
        if path.startswith("/calendar/"):
            day = int(path.rpartition("/")[2] or 0)
            return page(
                "日历", f'<a href="/calendar/{day + 1}">2024年重点工作计划安排日历{day}</a>'
            )
        found = self._list(request)
        if found is None:
            found = self._notice(request)
        if found.status == 200 and self.is_marking and not found.etag:
            found.etag = f'"{hash_of(found.body.hex()[:20000])}-{len(found.body)}"'
        return found

    def _list(self, request: Request) -> Reply | None:
        layout = request.path.split("/")[1]
        rest = request.path.removeprefix(f"/{layout}/")
        entries = self.entries(layout) if layout in LAYOUTS else []
        if layout == "static" and not rest:
            return _links(entries)
        if layout == "paged" and (not rest or rest.startswith("index_")):
            number = int(rest.removeprefix("index_").removesuffix(".html") or 0)
            own = _cut(entries, number)
            return _links(own, more="/calendar/0") if own else Reply(b"", 404)
        if layout == "json" and rest.startswith("list"):
            own = _cut(entries, int(rest.rpartition("=")[2]) - 1)
            rows = [{"title": title, "href": link, "date": "2024-03-02"} for title, link in own]
            return Reply(json.dumps({"data": {"rows": rows}}).encode())
        if layout == "script" and not rest:
            rows = [{"title": title, "url": link} for title, link in entries]
            script = f"<script>var noticeList = {json.dumps(rows, ensure_ascii=False)};</script>"
            return Reply(f"<html><body>{script}</body></html>".encode())
        if layout == "post" and rest == "search":
            if request.method != "POST":
                return Reply(b"", 405)
            number = int(parse_qs(request.body.decode())["page"][0])
            own = _cut(entries, number - 1)
            items = "".join(
                f'<record><![CDATA[<li><a href="{link}" title="{title}">{title[:12]}…</a></li>]]></record>'
                for title, link in own
            )
            return Reply(f"<?xml version='1.0'?><datastore>{items}</datastore>".encode())
        return None

    def _notice(self, request: Request) -> Reply:
        stem, _, suffix = request.path.partition(".")
        moved = stem.endswith("-moved")
        number = stem.removesuffix("-moved").rpartition("_")[2]
        if "/o" in stem:
            return page("其他信息", "不应被访问的页面。" * 30)
        if not number.isdigit() or int(number) >= len(self.all) or int(number) in self.missing:
            return Reply(b"", 404)
        plan = self.all[int(number)]
        if suffix != "html":
            # An office file has the time in it: it is made once.
            key = f"{plan.number}.{suffix}"
            self.files.setdefault(key, _attachment(plan, suffix))
            return replace(self.files[key])
        if plan.kind == "redirect" and not moved:
            return Reply(b"", 302, {"Location": f"{stem}-moved.html"})
        if plan.kind == "slow":
            time.sleep(_SLOW)
        if plan.kind == "busy" and self.asked[f"GET {request.path} "] == 1:
            return Reply(b"", 503, {"Retry-After": "0"})
        return _notice_page(plan)


def hash_of(text: str) -> int:
    """A number that mixes an order, the same in every process."""
    return sum((n + 1) * ord(one) for n, one in enumerate(text)) * 2654435761 % 2**32


def _cut(entries: list[tuple[str, str]], number: int) -> list[tuple[str, str]]:
    return entries[number * _ON_A_PAGE : (number + 1) * _ON_A_PAGE]


def _links(entries: list[tuple[str, str]], more: str = "") -> Reply:
    items = "".join(f'<li><a href="{link}">{title}</a></li>' for title, link in entries)
    foot = f'<a href="{more}">下一月</a>' if more else ""
    return Reply(
        f"<html><meta charset=utf-8><body><ul>{items}</ul>{foot}</body></html>".encode(),
        headers={"Content-Type": "text/html"},
    )


def tasks(plan: Plan) -> list[str]:
    """The lines of a plan."""
    own = [
        f"甲区第{plan.number + 1}街道2024年重点工作计划",
        f"一、推进政务公开。完善公开目录{plan.number}项。(责任单位:区政务办)",
        f"二、改善就业服务。新增岗位{500 + plan.number}个。(责任单位:区人社局)",
        f"三、整治河道。清理河道{12 + plan.number}条。(责任单位:区水务局)",
    ]
    return own + [f"四、新增第{plan.edition}版任务。(责任单位:区民政局)"] * bool(plan.edition)


def _notice_page(plan: Plan) -> Reply:
    cover = (f"甲街办〔2024〕{plan.number + 1}号", "各科室:", "现印发给你们,请认真组织实施。")
    sign = (f"甲区第{plan.number + 1}街道办事处", "2024年3月2日")
    if plan.kind in _FILES:
        link = f'<a href="t2024_{plan.number}.{plan.kind}">附件:重点工作计划.{plan.kind}</a>'
        return page(plan.title, *cover, link, *sign)
    charset = "gb2312" if plan.kind == "gb" else "utf-8"
    return page(plan.title, *cover, *tasks(plan), *sign, charset=charset)


def _attachment(plan: Plan, suffix: str) -> Reply:
    text = "\n".join(tasks(plan)).encode()
    file = io.BytesIO()
    if suffix == "docx":
        document = Document()
        for line in tasks(plan):
            document.add_paragraph(line)
        document.save(file)
        return Reply(file.getvalue(), headers={"Content-Type": "application/msword"})
    if suffix == "xlsx":
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in _ROWS:
            sheet.append([one.format(n=plan.number + 1) for one in row])
        book.save(file)
        return Reply(file.getvalue(), headers={"Content-Type": _XLSX})
    if suffix in ("pdf", "ofd", "xls"):
        return Reply(
            WRITERS[suffix]([*tasks(plan)]), headers={"Content-Type": "application/octet-stream"}
        )
    if suffix == "csv":
        lines = [",".join(f'"{one.format(n=plan.number + 1)}"' for one in row) for row in _ROWS]
        return Reply("\r\n".join(lines).encode("gb18030"), headers={"Content-Type": "text/csv"})
    if suffix == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(zipfile.ZipInfo("计划.txt"), text)
        return Reply(file.getvalue(), headers={"Content-Type": "application/zip"})
    return Reply(text, headers={"Content-Type": "text/plain"})


_ROWS = (
    ("序号", "工作任务", "责任单位"),
    ("1", "推进政务公开,完善公开目录{n}项", "区政务办"),
    ("2", "改善就业服务,新增岗位{n}个", "区人社局"),
    ("3", "整治河道,清理河道{n}条", "区水务局"),
)
