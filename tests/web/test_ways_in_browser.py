"""Ways through the desk in a browser. Each point of what the desk does has a test of its own here or beside:

1. Plans, files and runs: `test_a_run_is_followed_to_its_result` here; `test_a_file_is_sent_and_followed` in
   `test_browser`.
2. One notice and the queue: values, words, doubts and keys in `test_browser`.
3. Corrections: `test_selected_words_become_an_item` here; edits, splits, undo, drafts, two people, the network
   unplugged in `test_browser`.
4. Bodies and leaders: `test_pictures_can_be_read` in `test_overviews_in_browser`.
5. Years: `test_a_link_is_confirmed_refused_and_taken_back`, `test_a_year_is_parted_and_series_are_joined`.
6. Names: keys in `test_overviews_in_browser`.
7. Search: `test_facets_narrow_down_and_addresses_are_kept`, `test_exports_open`.
8. The API: `test_the_api_is_read_from_the_page_of_addresses`; requests are in `api` and `mcp`.
9. Languages, looks, widths and paper, and what axe finds: `test_every_page`.
10. The static copy: `test_a_copy_is_read_with_the_network_unplugged`.

Hostile notices: `test_a_hostile_notice_runs_nothing` here, `test_notice` without a browser.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from pipeline.dataset.manifest import DECIDED_PAIRS
from pipeline.dataset.record_files import read_records
from tests.compare.views.browser import needs_browser, start_browser
from tests.web.browsing import open_page, serve_desk, write_copy
from tests.web.small_desk import HEAD, PLAN, parse
from tests.web.years.small_outputs import LIVELIHOOD, REFORM, years_output

__all__ = ["years_output"]
pytestmark = [needs_browser, pytest.mark.tries]
# Scripts of a page begin late where many tests run at once.
expect.set_options(timeout=20_000)
_HOSTILE = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>\u202e"
# Select some characters from a text of the source on, or put the cursor before it where `size` is 0.
_SELECT = """([start, size]) => {
  const run = [...document.querySelectorAll("#source [data-s]")].find((one) => one.textContent.includes(start));
  const at = run.firstChild.data.indexOf(start);
  getSelection().setBaseAndExtent(run.firstChild, at, run.firstChild, at + size);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser | None]:
    with start_browser() as one:
        yield one


@pytest.fixture
def address(output: Path, tmp_path: Path) -> Iterator[str]:
    """A desk over the small OUTPUT, which may be changed."""
    with serve_desk(output, uploads=tmp_path / "uploads") as one:
        yield one


def write_name(page: Page) -> None:
    page.wait_for_load_state("load")
    page.locator("#who").fill("张三")
    page.locator("#who").blur()


def test_facets_narrow_down_and_addresses_are_kept(browser: Browser | None, address: str) -> None:
    with open_page(browser, f"{address}/search") as page:
        page.locator("#words").fill("红树林")
        page.keyboard.press("Enter")
        expect(page.locator("#hits-title")).to_have_text("找到事项 2 个")
        expect(page.locator(".hit .sentence mark").first).to_have_text("红树林")
        searched = page.url
        page.locator("#facets").get_by_role("link", name="江口区").click()
        expect(page.locator("#hits-title")).to_have_text("找到事项 1 个")
        expect(page.locator(".hit .about")).to_contain_text("江口区")
        narrowed = page.url
        page.locator(".hit h3 a").click()
        expect(page.locator(".item.current")).to_contain_text("红树林")
        page.go_back()
        assert page.url == narrowed
        expect(page.locator("#hits-title")).to_have_text("找到事项 1 个")
        page.go_back()
        assert page.url == searched
        page.go_forward()
        page.locator(".chosen a", has_text="江口区").click()
        expect(page.locator("#hits-title")).to_have_text("找到事项 2 个")


def test_exports_open(browser: Browser | None, address: str) -> None:
    with open_page(browser, f"{address}/search?words={quote('食堂')}") as page:
        files = {}
        for kind in ("CSV", "JSON", "XLSX"):
            with page.expect_download() as downloading:
                page.locator(".exports").get_by_role("link", name=kind).click()
            assert downloading.value.suggested_filename.endswith(kind.lower())
            files[kind] = Path(downloading.value.path()).read_bytes()
    rows = list(csv.DictReader(io.StringIO(files["CSV"].decode("utf-8-sig"), newline="")))
    titles = [one["title"] for one in rows]
    assert titles == ["新建三个社区食堂,方便老人就餐。"] * 2
    told = json.loads(files["JSON"])
    assert [one["title"] for one in (told if isinstance(told, list) else told["rows"])] == titles
    sheet = openpyxl.load_workbook(io.BytesIO(files["XLSX"])).worksheets[0]
    assert sheet.max_row == 3
    assert titles[0] in [cell.value for cell in sheet[2]]


def test_selected_words_become_an_item(browser: Browser | None, output: Path, address: str) -> None:
    with open_page(browser, address) as page:
        page.get_by_role("link", name="海山区2024年重点工作计划").click()
        write_name(page)
        expect(page.locator("#cards .item")).to_have_count(3)
        page.keyboard.press("a")
        expect(page.locator("#told")).to_contain_text("先")
        page.evaluate(_SELECT, ["民生", 2])
        page.keyboard.press("a")
        expect(page.locator("#cards .item")).to_have_count(4)
        expect(page.locator("#decisions")).to_contain_text("张三")
        page.keyboard.press("u")
        expect(page.locator("#cards .item")).to_have_count(3)
        page.evaluate(_SELECT, ["民生", 2])
        page.keyboard.press("a")
        expect(page.locator("#cards .item")).to_have_count(4)
        page.reload()
        expect(page.locator("#cards .item")).to_have_count(4)
    changed = next(one for one in read_records(output) if one.edits)
    assert [(one.kind, one.who, one.items[0].content) for one in changed.edits] == [
        ("add", "张三", "民生")
    ]


def test_a_run_is_followed_to_its_result(browser: Browser | None, address: str) -> None:
    good = PLAN.replace("海山区", "河湾区").encode()
    with open_page(browser, address) as page:
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.resource_type))
        page.locator("#files").set_input_files(
            [
                FilePayload(name="河湾.txt", mimeType="text/plain", buffer=good),
                FilePayload(name="坏.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4 none"),
            ]
        )
        page.locator("#drop button").click()
        page.wait_for_url("**/runs/*")
        expect(page.get_by_role("link", name="河湾区2024年重点工作计划")).to_be_visible(
            timeout=60_000
        )
        assert "eventsource" in asked
        expect(page.locator("main")).to_contain_text("坏.pdf")
        page.get_by_role("link", name="河湾区2024年重点工作计划").click()
        expect(page.locator("#cards .item")).to_have_count(3)


def test_a_link_is_confirmed_refused_and_taken_back(
    browser: Browser | None, years_output: Path, tmp_path: Path
) -> None:
    output = Path(shutil.copytree(years_output, tmp_path / "output"))
    with serve_desk(output) as address, open_page(browser, f"{address}/years") as page:
        page.locator("a.arrow").first.click()
        write_name(page)
        page.get_by_role("button", name="相同").first.click()
        expect(page.locator(".pair .badge.good").first).to_contain_text("张三")
        assert _decisions(output) == ["same"]
        page.get_by_role("button", name="撤回").first.click()
        expect(page.locator(".pair .badge.good")).to_have_count(0)
        assert _decisions(output) == []
        page.get_by_role("button", name="不同").first.click()
        refused = page.locator("details.refused")
        expect(refused).to_have_count(1)
        assert _decisions(output) == ["different"]
        refused.locator("summary").click()
        refused.get_by_role("button", name="撤回").click()
        expect(refused).to_have_count(0)
        assert _decisions(output) == []


def _decisions(output: Path) -> list[str]:
    """The decisions on pairs that an OUTPUT keeps."""
    path = output / DECIDED_PAIRS
    text = path.read_text("utf-8-sig") if path.exists() else ""
    return [one["decision"] for one in csv.DictReader(io.StringIO(text, newline=""))]


def test_a_year_is_parted_and_series_are_joined(
    browser: Browser | None, years_output: Path, tmp_path: Path
) -> None:
    output = Path(shutil.copytree(years_output, tmp_path / "output"))
    series = f"/years/series?name={quote(REFORM)}"
    with serve_desk(output) as address, open_page(browser, address + series) as page:
        write_name(page)
        years = page.get_by_role("region", name="系列的年度").locator("tbody tr")
        before = years.count()
        page.get_by_role("button", name="不属于本系列").last.click()
        expect(years).to_have_count(before - 1)
        assert "different" in _decisions(output)
        page.goto(f"{address}/years/series?name={quote(LIVELIHOOD)}")
        before = years.count()
        page.locator("#other").select_option(REFORM)
        page.get_by_role("button", name="与本系列是同一系列").click()
        expect(years).not_to_have_count(before)
        assert "same" in _decisions(output)


def test_the_api_is_read_from_the_page_of_addresses(browser: Browser | None, address: str) -> None:
    with open_page(browser, f"{address}/api/v1") as page:
        expect(page.locator("main")).to_contain_text("/api/v1/items")
        said = page.evaluate("async () => (await fetch('/api/v1/items?words=食堂')).json()")
        assert "食堂" in json.dumps(said, ensure_ascii=False)


def test_a_copy_is_read_with_the_network_unplugged(
    browser: Browser | None, output: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    write_copy(output, folder)
    with open_page(browser, (folder / "index.html").as_uri()) as page:
        page.context.set_offline(True)
        page.get_by_role("link", name="海山区2024年重点工作计划").click()
        page.locator('#cards [data-v="1-host_units-0"]').focus()
        expect(page.locator('#source [data-v="1-host_units-0"]')).to_have_class("on")
        page.get_by_role("link", name="单位", exact=True).click()
        expect(page.locator("tbody tr").first).to_be_visible()
        page.get_by_role("link", name="搜索", exact=True).click()
        # All items, before a word is sought.
        expect(page.locator("#count")).to_have_text("找到事项 7 个")
        for words, hits in (
            ("红树林", 2),
            ("食堂", 2),
            ("堂", 2),
            ("食堂 江口", 1),
            ("没有", 0),
            ("，", 6),
        ):
            page.locator("#words").fill(words)
            page.keyboard.press("Enter")
            expect(page.locator("#count")).to_have_text(f"找到事项 {hits} 个")
            expect(page.locator(".hit")).to_have_count(hits)
        page.locator("#words").fill("智慧停车位")
        page.keyboard.press("Enter")
        expect(page.locator(".hit mark")).to_have_text("智慧停车位")
        page.locator(".hit a").click()
        expect(page.locator("h1")).to_contain_text("江口区")
        page.go_back()
        expect(page.locator("#words")).to_have_value("智慧停车位")
        # An address that somebody cut off is searched for as it is.
        page.goto("about:blank")
        page.goto((folder / "search.html").as_uri() + "#%E7%A")
        expect(page.locator("#count")).to_have_text("找到事项 0 个")


def test_a_hostile_notice_runs_nothing(browser: Browser | None, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    text = HEAD + f"1.推进{_HOSTILE}建设,\n责任单位:区民政局{_HOSTILE}、区财政局\n"
    (tmp_path / "raw" / "hostile.txt").write_text(text, "utf-8")
    line = "长线区2024年重点工作计划\n1.推进" + "建设道路" * 250_000 + "。\n责任单位:区建设局\n"
    (tmp_path / "raw" / "line.txt").write_text(line, "utf-8")
    parse(tmp_path / "raw", tmp_path / "output")
    ids = [one.notice_id for one in read_records(tmp_path / "output")]
    with (
        serve_desk(tmp_path / "output") as address,
        open_page(browser, address) as page,
    ):
        for path in ("/queue", "/search", "/bodies", *(f"/notices/{one}" for one in ids)):
            page.goto(address + path, timeout=60_000)
            assert page.title() != "run"
            assert page.locator("main img, main script").count() == 0
        # A title of a million characters leaves the item's buttons in sight.
        card = page.locator(".item").first.bounding_box()
        assert card is not None
        assert card["height"] < 900
        assert len(page.goto(f"{address}/search").text()) < 100_000  # type: ignore[union-attr]
