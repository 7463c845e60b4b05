"""Alarms of a watch: each has the exit code 3 and a line in the report, none is a silent success."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.crawl.server import Reply, Request, Route, page, serve
from tests.crawl.test_fetch import COVER, SIGNATURE, TASKS, TITLE, cover
from tests.crawl.test_watch import (
    FILTER,
    PLAN,
    events,
    one_site,
    report,
    serve_list,
    watch,
    write_sites,
)

MANY = tuple(f"{n}、办好实事第{m}件。(责任单位:区民政局)" for m, n in enumerate("四五六七八九"))
LONG = page(TITLE, *COVER, *TASKS, *MANY, *SIGNATURE)
LINKS = "".join(
    f"<li><a href='/{n}.html'>关于印发第{n}项工作分工的通知</a></li>" for n in range(40)
)
SCATTERED = Reply(
    (
        "<body>"
        + "".join(f"<div><p>第{n}段,甲局负责。</p><ul>{LINKS}</ul></div>" for n in range(4))
    ).encode(),
    headers={"Content-Type": "text/html; charset=utf-8"},
)
PLANS = tuple((f"{FILTER}第{n}批", f"/t{n}.html") for n in "12345")
PAGES = {path: PLAN for _, path in PLANS}
ONE = ((FILTER, "/t.html"),)
BROKEN = cover('<a href="/p.docx">附件:计划.docx</a>')


def serve_pages(*entries: tuple[str, str], **pages: Reply) -> Route:
    return serve_list(*entries, pages={f"/{name}": one for name, one in pages.items()})


def changing(current: list[Route]) -> Route:
    """A site that is what the list has at the moment."""

    def route(request: Request) -> Reply:
        return current[0](request)

    return route


# What the site is at first, how the first watch ends, what the site becomes, what the second one tells.
ALARMS: dict[str, tuple[Route, int, Route, str]] = {
    "a list without a link": (
        serve_list(*ONE, pages={"/t.html": PLAN}),
        0,
        lambda request: Reply(b"<p>x") if request.path == "/list/" else Reply(b"", 404),
        "the list has no entries: its layout may have changed",
    ),
    "a list without plans": (
        serve_list(*PLANS, pages=PAGES),
        0,
        serve_list(("停水通知", "/x.html"), pages=PAGES),
        "the list yields nothing, and had 5 notices before",
    ),
    "a list that lost more than half": (
        serve_list(*PLANS, pages=PAGES),
        0,
        serve_list(*PLANS[:2], pages=PAGES),
        "the list yields 2 notices, and had 5 before",
    ),
    "a page of which no part stands out": (
        serve_list(*ONE, pages={"/t.html": PLAN}),
        0,
        serve_list(*ONE, pages={"/t.html": SCATTERED}),
        "/t.html: no part of the page stands out as the document",
    ),
    "a page with less than half of its tasks": (
        serve_list(*ONE, pages={"/t.html": LONG}),
        0,
        serve_list(*ONE, pages={"/t.html": PLAN}),
        "/t.html: has 3 tasks, and had 9 before",
    ),
    "an attachment that cannot be read": (
        serve_list(*ONE, pages={"/t.html": PLAN}),
        0,
        serve_pages(*ONE, **{"t.html": BROKEN, "p.docx": Reply(b"PK\x03\x04" + b"x" * 80)}),
        "/p.docx: a broken or cut zip archive",
    ),
    "an attachment that is gone": (
        serve_list(*ONE, pages={"/t.html": PLAN}),
        0,
        serve_pages(*ONE, **{"t.html": BROKEN}),
        "/p.docx: answers with 404",
    ),
}


@pytest.mark.parametrize("case", ALARMS)
def test_an_alarm_has_an_exit_code_and_a_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGONG_LANG", "en")
    before, code, after, alarm = ALARMS[case]
    current = [before]
    with serve(changing(current)) as site:
        write_sites(tmp_path, one_site(site.url, "recheck_days = 0"))
        assert watch(tmp_path) == code
        capsys.readouterr()
        current[0] = after
        assert watch(tmp_path) == 3
        told = [one for one in report(tmp_path)[0]["alarms"] if alarm in one]
        assert told, report(tmp_path)
    assert f"alarm: {told[0]}" in capsys.readouterr().err


def test_a_list_without_an_end_stops_at_the_most_allowed(tmp_path: Path) -> None:
    def route(request: Request) -> Reply:
        if request.path.startswith("/list/"):
            number = request.path.removeprefix("/list/index_").removesuffix(".html") or "0"
            return page("列表", f'<a href="/x{number}.html">停水通知第{number}号</a>')
        return Reply(b"", 404)

    with serve(route) as site:
        paging = ('layout = "paged"', 'page = "index_{n}.html"', "most_pages = 4")
        write_sites(tmp_path, one_site(site.url, *paging))
        assert watch(tmp_path) == 3
        assert sum(site.paths.values()) == 5
    assert "the list goes on after 4 pages" in report(tmp_path)[0]["alarms"][0]


def _age(days: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so many days pass for the watch."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            del tz
            return datetime.now(UTC) + timedelta(days=days)

    monkeypatch.setattr("pipeline.crawl.watch.datetime", Later)


def test_a_page_without_marks_is_asked_again_after_its_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(serve_list(*ONE, pages={"/t.html": PLAN})) as site:
        write_sites(tmp_path, one_site(site.url, "recheck_days = 7"))
        for days, asked in ((0, 1), (1, 1), (6.9, 1), (7.1, 2)):
            with monkeypatch.context() as patch:
                _age(days, patch)
                assert watch(tmp_path) == 0
            assert site.paths["/t.html"] == asked, days


def test_what_was_cut_is_asked_whole_by_the_next_watch(tmp_path: Path) -> None:
    whole = serve_list(
        *PLANS, pages={"/t1.html": LONG} | {k: v for k, v in PAGES.items() if k > "/t1z"}
    )
    is_cut = [True]

    def route(request: Request) -> Reply:
        reply = whole(request)
        body = reply.body
        if is_cut[0] and request.path in ("/list/", "/t1.html"):
            # The server tells the shorter length, and the mark of the whole.
            cut = b'<li><a href="/t3' if request.path == "/list/" else "八、".encode()
            body = body[: body.index(cut)]
        return Reply(body, reply.status, dict(reply.headers), etag=f'"{request.path}"')

    with serve(route) as site:
        write_sites(tmp_path, one_site(site.url))
        assert watch(tmp_path) == 0
        assert len(events(tmp_path, "added")) == 2
        is_cut[0] = False
        assert watch(tmp_path) == 0
        assert len(events(tmp_path, "added")) == 3
        assert events(tmp_path, "changed") == [f"{site.url}/t1.html"]


def test_a_page_that_left_its_list_is_asked_once_and_then_seldom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = dict(PAGES)
    current: list[Route] = [serve_list(*PLANS, pages=pages)]
    with serve(changing(current)) as site:
        write_sites(tmp_path, one_site(site.url, "recheck_days = 7"))
        assert watch(tmp_path) == 0
        current[0] = serve_list(*PLANS[1:], pages=pages)
        for days, asked in ((0, 2), (1, 2), (8, 3)):
            with monkeypatch.context() as patch:
                _age(days, patch)
                assert watch(tmp_path) == 0
            assert site.paths["/t1.html"] == asked, days
        del pages["/t1.html"]
        with monkeypatch.context() as patch:
            _age(16, patch)
            assert watch(tmp_path) == 0
        assert events(tmp_path, "vanished") == [f"{site.url}/t1.html"]
