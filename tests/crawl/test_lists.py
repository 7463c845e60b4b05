"""Lists as sites print them: links, scripts, feeds, clicks; each entry of the sample finds its plans."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline import cli
from pipeline.crawl.answers import Answer
from pipeline.crawl.fetcher import Fetcher
from pipeline.crawl.lists import Entry, read_list
from pipeline.crawl.paced import PacedSite
from pipeline.crawl.sites import Site, Sites, read_sites, sample_sites
from pipeline.crawl.walk import walk_list
from pipeline.crawl.watch import choose_entries
from pipeline.errors import CrawlError
from tests.crawl.server import Reply, Request, serve

TITLE = "关于印发甲区2024年重点改革计划的通知"
LIST = "http://a.example/zwgk/list/index.html"


def read(body: str, **keys: object) -> list[Entry]:
    site = Site.model_validate({"name": "甲区", "url": LIST, **keys})
    return read_list(Answer(LIST, LIST, 200, (), body.encode(), "", ()), site)


LAYOUTS: dict[str, tuple[str, dict[str, object], str]] = {
    "a link that leads up": (f'<a href="../t1.html">{TITLE}</a>', {}, "/zwgk/t1.html"),
    "a base": (
        f'<base href="/other/"><a href="t1.html">{TITLE}</a>',
        {},
        "/other/t1.html",
    ),
    "a click": (
        f"""<a href="javascript:void(0)" onclick="show('/a/t1.html')">{TITLE}</a>""",
        {},
        "/a/t1.html",
    ),
    "a script in the place of an address": (
        f"""<a href="javascript:openDetail('t1.html');">{TITLE}</a>""",
        {},
        "/zwgk/list/t1.html",
    ),
    "a number in a click": (
        f"""<ul><li onclick="detail('77')"><b>{TITLE}</b></li></ul>""",
        {"links": "//li[@onclick]", "address": "/detail?id={value}"},
        "/detail?id=77",
    ),
    "a number in JSON": (
        json.dumps({"data": {"list": [{"name": TITLE, "id": 77}]}}),
        {
            "layout": "json",
            "items": "data.list",
            "title": "name",
            "link": "id",
            "address": "/d/{value}.html",
        },
        "/d/77.html",
    ),
    "rows of XML in a script": (
        (
            '<div><script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/x.jsp?page=1"></a>]]>'
            f'</nextgroup><recordset><record><![CDATA[<li><a href="/art/t1.html" title="{TITLE}">关于印发…'
            "</a></li>]]></record></recordset></datastore></script></div>"
        ),
        {},
        "/art/t1.html",
    ),
    "a value of a script with names and single quotes": (
        f"<script>var n=1;var list = [{{title:'{TITLE}', url: \"/a/t1.html\", top:true,}},];</script>",
        {"layout": "script", "variable": "list"},
        "/a/t1.html",
    ),
    "a call around JSON": (
        "back(" + json.dumps({"rows": [{"title": TITLE, "url": "/a/t1.html"}]}) + ");",
        {"layout": "json"},
        "/a/t1.html",
    ),
    "RSS": (
        (
            f"<?xml version='1.0'?><rss><channel><title>甲区</title><link>/</link><item><title>{TITLE}</title>"
            "<link>http://a.example/a/t1.html</link></item></channel></rss>"
        ),
        {"layout": "feed"},
        "/a/t1.html",
    ),
    "Atom": (
        (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>甲区</title><entry><title>{TITLE}</title>"
            "<link href='/a/t1.html'/></entry></feed>"
        ),
        {"layout": "feed"},
        "/a/t1.html",
    ),
}


@pytest.mark.parametrize("case", LAYOUTS)
def test_a_notice_is_found_on_a_list(case: str) -> None:
    body, keys, path = LAYOUTS[case]
    assert [(one.title, one.url) for one in read(body, **keys)] == [
        (TITLE, f"http://a.example{path}")
    ]


NO_LISTS: dict[str, tuple[str, dict[str, object]]] = {
    "no JSON": ("<p>", {"layout": "json"}),
    "no such variable": (
        "<script>var other = [1];</script>",
        {"layout": "script", "variable": "x"},
    ),
    "no list in JSON": ('{"a": 1}', {"layout": "json"}),
    "no feed": ("<html><p>维护中</html", {"layout": "feed"}),
    "entities in a feed": (
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">]><rss><item><title>&a;</title></item></rss>',
        {"layout": "feed"},
    ),
    "a broken XPath": ("<p>x</p>", {"links": "//a["}),
    "nothing": ("", {}),
}


@pytest.mark.parametrize("page", ["docs/crawling.md", "docs/zh/crawling.md"])
def test_the_guide_tells_every_key_of_a_site(page: str) -> None:
    text = (Path(__file__).parents[2] / page).read_text("utf-8")
    assert [name for name in Site.model_fields if f"`{name}`" not in text] == []


@pytest.mark.parametrize("case", NO_LISTS)
def test_what_is_no_list_is_told(case: str) -> None:
    body, keys = NO_LISTS[case]
    with pytest.raises(CrawlError) as told:
        read(body, **keys)
    assert told.value.remedy


def _sample(tmp_path: Path) -> Sites:
    path = tmp_path / "sites.toml"
    path.write_text(sample_sites(), "utf-8")
    return read_sites(path)


def test_the_sample_is_of_real_sites_and_marked_as_untested(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sites = _sample(tmp_path).site
    assert len({urlsplit(one.url).netloc for one in sites}) >= 20
    assert all(not one.tested and one.note and one.delay >= 2 for one in sites)
    assert cli.main(["watch", "--sample"]) == 0
    assert capsys.readouterr().out == sample_sites()


# How each kind of site writes a link: the way from the list to the page in the note, or from the root.
def _print_list(site: Site, number: int, paths: list[str]) -> str:
    """A page of a list as its kind of site prints it, between the links of its menus."""
    titles = [f"关于印发甲区2024年第{number}{n}批重点改革计划的通知" for n in range(len(paths))]
    menu = '<a href="/">首页</a><a href="/zwgk/">2024年重点改革计划专栏</a>'
    rows = [
        f'<li><span>2024-03-02</span><a href="{path}" title="{title}">{title[:14]}…</a></li>'
        for path, title in zip(paths, titles, strict=True)
    ]
    if "/col/" in site.url:
        records = "".join(f"<record><![CDATA[{one}]]></record>" for one in rows)
        rows = [f'<script type="text/xml"><datastore>{records}</datastore></script>']
    return (
        f"<html><head><meta charset=utf-8></head><body>{menu}<ul>{''.join(rows)}</ul></body></html>"
    )


def _links(site: Site, count: int) -> list[str]:
    """Addresses of notices like the one in the note, each with another number, as the list links them."""
    page = site.note.split()[-1]
    if page == site.url:
        pytest.fail("the note names no notice")
    number = re.findall(r"\d+", page)[-1]
    parts = [page.replace(number, str(int(number) % 1000 + n)) for n in range(count)]
    paths = [one.partition("://")[2].partition("/")[2] for one in parts]
    folder = urlsplit(site.url).path.strip("/")
    is_inside = bool(folder) and all(one.startswith(f"{folder}/") for one in paths)
    return [f"./{one.removeprefix(folder + '/')}" if is_inside else f"/{one}" for one in paths]


def test_each_entry_of_the_sample_finds_the_plans_of_its_layout(tmp_path: Path) -> None:
    for site in _sample(tmp_path).site:
        links = _links(site, 5)
        start = urlsplit(site.url)
        second = site.page.replace("{n}", str(site.first))
        pages = {f"{start.path}?{start.query}".rstrip("?"): (1, links[:3])}
        if second:
            pages[f"{start.path}{second}"] = (2, links[3:])

        def route(
            request: Request, site: Site = site, pages: dict[str, tuple[int, list[str]]] = pages
        ) -> Reply:
            if request.path not in pages:
                return Reply(b"", 404)
            return Reply(
                _print_list(site, *pages[request.path]).encode(),
                headers={"Content-Type": "text/html"},
            )

        with serve(route) as server:
            local = server.url + site.url.removeprefix(f"{start.scheme}://{start.netloc}")
            own = site.model_copy(update={"url": local, "delay": 0, "allow_private": True})
            with Fetcher("fengong", own.rules) as fetcher:
                walked = walk_list(own, PacedSite(fetcher, 0), None, 0)
        assert not walked.errors, site.name
        taken = choose_entries(own, walked.entries)
        # Those of the menu are none.
        assert len(taken) == len(walked.entries) == (5 if second else 3), site.name
