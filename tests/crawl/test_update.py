"""fengong update: new plans parsed, loaded, compared with last year's, and told in a digest."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pipeline import cli
from pipeline.dataset.record_files import read_records
from tests.crawl.planted_site import PlantedSite
from tests.crawl.server import Reply, Request, Route, page, serve
from tests.crawl.test_watch import one_site, write_sites

COUNTIES = ("甲县", "乙县", "丙县")
ATOM = "{http://www.w3.org/2005/Atom}"


def plan(county: str, year: int, *tasks: str) -> Reply:
    title = f"{county}人民政府办公室关于印发{county}{year}年重点改革计划的通知"
    lines = [f"{county}{year}年重点改革计划", *tasks]
    return page(
        title,
        f"{county}政办〔{year}〕3号",
        "各乡镇人民政府:",
        *lines,
        f"{county}人民政府办公室",
        f"{year}年3月2日",
    )


BEFORE = (
    "一、推进政务公开。完善公开目录,公开事项全部上网。(责任单位:县政务办)",
    "二、改善就业服务。新增岗位500个,举办招聘会。(责任单位:县人社局)",
    "三、整治河道。清理河道12条,加固堤防。(责任单位:县水务局)",
    "四、建设养老中心。新建养老服务中心3个。(责任单位:县民政局)",
)
AFTER = (
    "一、推进政务公开。完善公开目录,公开事项全部上网。(责任单位:县政务办)",
    "二、改善就业服务。新增岗位800个,举办招聘会。(责任单位:县人社局)",
    "三、整治河道。清理河道12条,加固堤防。(责任单位:县住建局)",
    "四、发展乡村旅游。建设旅游示范村5个。(责任单位:县文旅局)",
)


def site_of(plans: dict[tuple[str, int], Reply]) -> Route:
    """A site with one list of plans."""

    def route(request: Request) -> Reply:
        names = {f"/{COUNTIES.index(key[0])}-{key[1]}.html": key for key in sorted(plans)}
        if request.path == "/list/":
            links = "".join(
                f'<li><a href="{path}">关于印发{county}{year}年重点改革计划的通知</a></li>'
                for path, (county, year) in names.items()
            )
            return page("通知公告", f"<ul>{links}</ul>")
        return plans[names[request.path]] if request.path in names else Reply(b"", 404)

    return route


class Office:
    """A folder in which sites are watched and an OUTPUT is kept."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        write_sites(folder, one_site(url))

    def watch(self) -> int:
        return cli.main(["watch", "sites.toml"])

    def update(self, *args: str) -> int:
        return cli.main(["update", *args])

    @property
    def markdown(self) -> str:
        return (self.folder / "output" / "digest" / "digest.md").read_text("utf-8")

    @property
    def feed(self) -> list[str]:
        tree = etree.parse(self.folder / "output" / "digest" / "feed.atom")
        return [str(one.findtext(f"{ATOM}title")) for one in tree.iter(f"{ATOM}entry")]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FENGONG_LANG", "en")


def read_json(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_new_year_is_compared_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plans = {(county, 2023): plan(county, 2023, *BEFORE) for county in COUNTIES}
    with serve(site_of(plans)) as site:
        office = Office(tmp_path, site.url)
        assert office.watch() == 0
        assert office.update() == 0
        assert "3 new plans with 12 tasks, 0 compared" in office.markdown
        for county in COUNTIES[:2]:
            plans[county, 2024] = plan(county, 2024, *AFTER)
        assert office.watch() == 0
        capsys.readouterr()
        assert office.update("--json") == 0
    told = read_json(capsys)
    assert len(told["plans"]) == 2
    for one in told["plans"]:
        assert one["counts"]["added"] == one["counts"]["dropped"] == 1
        assert one["counts"]["responsibility"] == 1
    assert "2 new plans with 8 tasks, 2 compared with last year's" in office.markdown
    lines = office.markdown.splitlines()
    assert lines.count("- new: 发展乡村旅游") == lines.count("- dropped: 建设养老中心") == 2
    assert lines.count("- figure: 改善就业服务 (新增岗位): 500个 → 800个") == 2
    assert lines.count("- 县水务局: 1 tasks fewer (整治河道)") == 2
    assert lines.count("- 县住建局: 1 tasks more (整治河道)") == 2
    assert sorted(office.feed[:2]) == ["乙县2024年重点改革计划", "甲县2024年重点改革计划"]
    assert len(office.feed) == 5
    with closing(sqlite3.connect(tmp_path / "output" / "fengong.sqlite")) as store:
        assert store.execute("select count(*) from notices").fetchone() == (5,)
    assert cli.main(["verify", "output"]) == 0


def test_what_was_told_is_told_once(tmp_path: Path) -> None:
    with serve(site_of({("甲县", 2023): plan("甲县", 2023, *BEFORE)})) as site:
        office = Office(tmp_path, site.url)
        office.watch()
        office.update()
        assert "1 new plans" in office.markdown
        assert office.update() == 0
    assert "0 new plans" in office.markdown
    assert office.feed == ["甲县2023年重点改革计划"]


def test_what_was_parsed_before_the_first_digest_is_no_news(tmp_path: Path) -> None:
    with serve(site_of({("甲县", 2023): plan("甲县", 2023, *BEFORE)})) as site:
        office = Office(tmp_path, site.url)
        office.watch()
        assert cli.main(["parse", "raw", "-o", "output"]) == 0
        office.update()
    assert "0 new plans" in office.markdown


def test_a_plan_with_far_fewer_tasks_than_last_year_is_an_alarm(tmp_path: Path) -> None:
    plans = {
        ("甲县", 2023): plan(
            "甲县",
            2023,
            *BEFORE,
            *(f"{n}、办实事第{m}件。(责任单位:县民政局)" for m, n in enumerate("五六七八九")),
        )
    }
    with serve(site_of(plans)) as site:
        office = Office(tmp_path, site.url)
        office.watch()
        office.update()
        plans["甲县", 2024] = plan("甲县", 2024, *AFTER[:3])
        office.watch()
        assert office.update() == 3
    assert "alarm: 甲县2024年重点改革计划: 3 tasks, and last year's had 9" in office.markdown


def test_the_counts_of_the_digest_are_those_that_were_planted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planted = PlantedSite(13, 20, 2)
    with serve(planted) as site:
        write_sites(tmp_path, planted.sites_toml(site.url))
        assert cli.main(["watch", "sites.toml"]) == 1
        capsys.readouterr()
        assert cli.main(["update", "--json"]) == 0
        told = read_json(capsys)
        url = site.url
    count, tasks = len(planted.all), 3 * len(planted.all)
    assert (len(told["plans"]), told["others"]) == (count, [])
    assert [one["items"] for one in told["plans"]] == [3] * count
    text = (tmp_path / "output" / "digest" / "digest.md").read_text("utf-8")
    # Two links lead nowhere, robots.txt forbids one.
    assert f"{count} new plans with {tasks} tasks, 0 compared with last year's, 3 failed" in text
    assert (
        f"- [failed: 关于印发《甲区第0局2024年工作要点》的通知 (answers with 404)]({url}/static/gone0.html)"
        in text
    )
    # The record tells from which file of the notice each item came, sources.csv which files were read.
    with (tmp_path / "output" / "sources.csv").open(encoding="utf-8-sig") as file:
        read = {row["path"] for row in csv.DictReader(file) if row["fate"] == "read"}
    with (tmp_path / "raw" / "SOURCES.csv").open(encoding="utf-8") as file:
        origins = {row["url"]: row["path"] for row in csv.DictReader(file)}
    # Also the page of a plan is read whose attachment holds it.
    assert {one.partition("!/")[0] for one in read} == {f"raw/{one}" for one in origins.values()}
    notices = {one.source.url: one for one in read_records(tmp_path / "output")}
    for plan in planted.all:
        notice = notices[url + plan.path]
        files = notice.source.files or ()
        inside = {
            part.path.partition("!/")[0]
            for item in notice.items
            for part in files
            if part.span.start <= item.span.start < part.span.end
        }
        place = f"raw/{origins[url + plan.file]}"
        assert inside == ({place} if files else set()), plan.kind
        assert (notice.source.path == place) == (plan.file == plan.path)


def test_titles_from_the_web_are_no_markup(tmp_path: Path) -> None:
    title = "关于印发甲县2024年重点改革计划<script>alert(1)</script>[x](javascript:alert)的通知"
    shown = title.replace("<", "&lt;").replace(">", "&gt;")
    own = page(shown, "甲县2024年<b>重点</b>改革计划&lt;img src=x onerror=alert(1)&gt;", *BEFORE)
    with serve(site_of({("甲县", 2024): own})) as site:
        office = Office(tmp_path, site.url)
        office.watch()
        office.update()
    text = (tmp_path / "output" / "digest" / "digest.html").read_text("utf-8")
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append(tag)  # type: ignore[method-assign] # noqa: ARG005
    parser.feed(text)
    assert not {"script", "img"} & set(tags)
    assert not re.search(r"(?<!\\)\]\(javascript", office.markdown)
    assert "<script" not in office.markdown


def test_the_digest_is_in_the_language_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGONG_LANG", "zh")
    with serve(site_of({("甲县", 2023): plan("甲县", 2023, *BEFORE)})) as site:
        office = Office(tmp_path, site.url)
        office.watch()
        office.update()
    assert "1份新计划，共4项任务" in office.markdown
    assert 'lang="zh-CN"' in (tmp_path / "output" / "digest" / "digest.html").read_text("utf-8")
