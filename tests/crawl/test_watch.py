"""fengong watch: every plan of a planted site and nothing else, each page once, over kills too."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from tests.crawl.planted_site import LAYOUTS, PlantedSite
from tests.crawl.server import Reply, Request, Route, Site, page, serve
from tests.crawl.test_fetch import COVER, SIGNATURE, TASKS, TITLE, rows

PLANS, OTHERS, BROKEN = 20, 100, 2


@pytest.fixture
def planted() -> PlantedSite:
    return PlantedSite(PLANS, OTHERS, BROKEN)


@pytest.fixture
def site(planted: PlantedSite) -> Iterator[Site]:
    with serve(planted) as running:
        yield running


def watch(folder: Path, *args: object) -> int:
    words = ["watch", folder / "sites.toml", "--raw", folder / "raw", "--state", folder / "crawl"]
    return cli.main([*map(str, words), *map(str, args)])


def report(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "crawl" / "report.json").read_text("utf-8"))["sites"])


def events(folder: Path, fate: str) -> list[str]:
    return [
        event["url"] for one in report(folder) for event in one["events"] if event["fate"] == fate
    ]


def write_sites(folder: Path, text: str) -> None:
    (folder / "sites.toml").write_text(text, "utf-8")


def one_site(url: str, *lines: str) -> str:
    more = "\n".join(lines)
    return f'contact = "a@example.org"\n[[site]]\nname = "甲区"\nurl = "{url}/list/"\ndelay = 0\nallow_private = true\n{more}\n'


def test_all_plans_are_found_and_nothing_else(
    tmp_path: Path, planted: PlantedSite, site: Site
) -> None:
    write_sites(tmp_path, planted.sites_toml(site.url))
    assert watch(tmp_path) == 1
    added = events(tmp_path, "added")
    assert sorted(added) == sorted(site.url + one.path for one in planted.all)
    failed = events(tmp_path, "failed")
    gone = [f"{site.url}/static/gone{n}.html" for n in range(BROKEN)]
    assert sorted(failed) == sorted([*gone, f"{site.url}/private/t.html"])
    pages = [one for one in rows(tmp_path) if not one["part_of"]]
    assert len(pages) == PLANS
    asked = site.paths
    assert not [one for one in asked if one.startswith(("/private", "/calendar")) or "/o" in one]
    twice = {path for path, count in asked.items() if count > 1}
    busy = {one.path for one in planted.all if one.kind == "busy"}
    # Each list is a site of its own, which reads robots.txt for itself.
    assert twice - busy <= {"/robots.txt", "/post/search"}
    assert site.most_open == 1


def test_a_second_watch_transfers_next_to_nothing(
    tmp_path: Path, planted: PlantedSite, site: Site
) -> None:
    write_sites(tmp_path, planted.sites_toml(site.url))
    watch(tmp_path)
    first = site.sent
    before = sorted(path for path in (tmp_path / "raw").rglob("*"))
    watch(tmp_path)
    assert site.sent - first < first * 0.01
    assert sorted(path for path in (tmp_path / "raw").rglob("*")) == before
    assert sum(one["unchanged"] for one in report(tmp_path)) == PLANS
    assert not events(tmp_path, "added")


def test_changed_new_and_vanished_pages_are_told(
    tmp_path: Path, planted: PlantedSite, site: Site
) -> None:
    write_sites(tmp_path, planted.sites_toml(site.url))
    watch(tmp_path)
    changed = next(one for one in planted.all if one.kind == "page")
    changed.edition = 2
    gone = planted.all[-1]
    planted.missing.add(gone.number)
    extra = PlantedSite(PLANS + 1, OTHERS).all[-1]
    planted.all.append(extra)
    assert watch(tmp_path) == 1
    assert events(tmp_path, "changed") == [site.url + changed.path]
    assert events(tmp_path, "vanished") == [site.url + gone.path]
    assert events(tmp_path, "added") == [site.url + extra.path]


def test_check_tells_what_would_be_taken_and_keeps_nothing(
    tmp_path: Path, planted: PlantedSite, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sites(tmp_path, planted.sites_toml(site.url))
    assert watch(tmp_path, "--check", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["site"] for one in told] == list(LAYOUTS)
    assert sum(len(one["entries"]) for one in told) == PLANS + BROKEN + 1
    assert {path.name for path in tmp_path.iterdir()} == {"sites.toml"}


def serve_list(*entries: tuple[str, str], pages: dict[str, Reply] | None = None) -> Route:
    """A site with one list, and pages."""

    def route(request: Request) -> Reply:
        if request.path == "/list/":
            links = "".join(f'<li><a href="{url}">{title}</a></li>' for title, url in entries)
            return page("通知公告", f"<ul>{links}</ul>")
        return (pages or {}).get(request.path, Reply(b"", 404))

    return route


PLAN = page(TITLE, *COVER, *TASKS, *SIGNATURE)
FILTER = "关于印发甲区2024年重点改革计划的通知"


def test_a_list_that_yields_nothing_is_an_alarm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGONG_LANG", "en")
    current = [serve_list((FILTER, "/t.html"), pages={"/t.html": PLAN})]

    def route(request: Request) -> Reply:
        return current[0](request)

    with serve(route) as site:
        write_sites(tmp_path, one_site(site.url))
        assert watch(tmp_path) == 0
        current[0] = serve_list(("停水通知", "/x.html"), pages={"/t.html": PLAN})
        assert watch(tmp_path) == 3
    assert "yields nothing, and had 1 notices before" in capsys.readouterr().err


def test_a_secret_is_sent_and_told_to_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_TOKEN", "geheim-4711")
    echo = page("2024年重点改革计划", "token geheim-4711", *TASKS)
    pages = {"/t.html": PLAN, "/echo.html": echo}
    entries = ((FILTER, "/t.html"), (f"{FILTER}二", "/echo.html"))
    with serve(serve_list(*entries, pages=pages)) as site:
        write_sites(tmp_path, one_site(site.url, 'headers = { X-Token = "env:SITE_TOKEN" }'))
        assert watch(tmp_path) == 1
        tokens = {one.path: one.headers.get("X-Token") for one in site.asked}
        assert tokens == dict.fromkeys(("/list/", "/t.html", "/echo.html"), "geheim-4711") | {
            "/robots.txt": None
        }
    told = capsys.readouterr()
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    written += [
        gzip.decompress(path.read_bytes()) for path in tmp_path.rglob("*.gz") if path.is_file()
    ]
    assert not [one for one in written if b"geheim-4711" in one]
    assert "geheim" not in told.out + told.err


BAD_SITES = {
    "no TOML": "[[site",
    "no site": "contact = 'a'",
    "unknown key": one_site("http://example.org", "colour = 'red'"),
    "an address of a file": one_site("file:///etc"),
    "a secret in the file": one_site("http://example.org", "headers = { Cookie = 'geheim=1' }"),
    "a variable that is not set": one_site("http://example.org", "headers = { T = 'env:NOT_SET' }"),
    "a name twice": one_site("http://example.org")
    + one_site("http://example.org").partition("\n")[2],
}


@pytest.mark.parametrize("case", BAD_SITES)
def test_a_broken_file_of_sites_is_told(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sites(tmp_path, BAD_SITES[case])
    assert watch(tmp_path) == 1
    told = capsys.readouterr().err
    assert told
    assert "geheim" not in told


def test_robots_that_cannot_be_read_keep_the_site_from_being_asked(tmp_path: Path) -> None:
    def route(request: Request) -> Reply:
        del request
        return Reply(b"", 503, {"Retry-After": "0"})

    with serve(route) as site:
        write_sites(tmp_path, one_site(site.url))
        assert watch(tmp_path) == 1
        assert set(site.paths) == {"/robots.txt"}


def test_the_visitor_tells_who_it_is(tmp_path: Path) -> None:
    with serve(serve_list((FILTER, "/t.html"), pages={"/t.html": PLAN})) as site:
        write_sites(tmp_path, one_site(site.url))
        watch(tmp_path)
    agents = {one.headers["User-Agent"] for one in site.asked}
    assert all(one.startswith("fengong/") and "a@example.org" in one for one in agents)
