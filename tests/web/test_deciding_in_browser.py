"""In a browser: a notice's own values, undo after a reload, conflicts over an item found right, waiting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Page, expect

from pipeline.dataset.output_lock import LOCK
from pipeline.decisions.corrections import read_kept_corrections
from tests.compare.views.browser import find_faults, needs_browser, start_browser
from tests.web.browsing import open_page, serve_desk

pytestmark = [needs_browser, pytest.mark.tries]
_WIDE = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser | None]:
    with start_browser() as one:
        yield one


@pytest.fixture
def address(output: Path) -> Iterator[str]:
    with serve_desk(output) as one:
        yield one


def open_notice(page: Page, address: str, who: str = "张三") -> None:
    page.goto(address)
    page.get_by_role("link", name="海山区2024年重点工作计划").click()
    expect(page.locator("#counts")).to_contain_text("·")
    page.locator("#who").fill(who)
    page.locator("#who").blur()


def kept(output: Path) -> list[tuple[str, str, str]]:
    return [(one.field, one.value, one.who) for one in read_kept_corrections(output)]


def test_the_notice_itself_is_edited_found_right_and_undone_by_keys(
    browser: Browser, address: str, output: Path
) -> None:
    with open_page(browser, address) as page:
        open_notice(page, address)
        page.keyboard.press("h")
        expect(page.locator("#own")).to_be_focused()
        page.keyboard.press("e")
        page.locator("#own textarea[name=issued_on]").fill("2024-03-01")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#own form")).to_have_count(0)
        shown = page.locator("#own [data-field=issued_on] dd")
        expect(shown).to_contain_text("2024-03-01")
        expect(shown).to_contain_text("张三")
        expect(page.locator("#about")).to_contain_text("2024-03-01")
        page.keyboard.press("h")
        page.keyboard.press("r")
        expect(page.locator("#own.state-reviewed")).to_be_visible()
        # A key of items alone does nothing to the notice.
        page.keyboard.press("x")
        assert find_faults(page) == []
        page.reload()
        expect(page.locator("#counts")).to_contain_text("·")
        page.keyboard.press("u")
        expect(page.locator("#own.state-corrected")).to_be_visible()
        assert kept(output) == [("issued_on", "2024-03-01", "张三")]
        page.keyboard.press("u")
        expect(page.locator("#own.state-unreviewed")).to_be_visible()
    assert kept(output) == []


def test_a_decision_is_taken_back_after_a_reload_and_in_another_browser(
    browser: Browser, address: str, output: Path
) -> None:
    with open_page(browser, address) as page:
        open_notice(page, address)
        page.keyboard.press("j")
        page.keyboard.press("r")
        expect(page.locator("#i0.state-reviewed")).to_be_visible()
        page.keyboard.press("j")
        page.keyboard.press("r")
        expect(page.locator("#i1.state-reviewed")).to_be_visible()
        expect(page.locator("#decisions li")).to_have_count(2)
        page.reload()
        expect(page.locator("#counts")).to_contain_text("·")
        page.keyboard.press("u")
        expect(page.locator("#i1.state-unreviewed")).to_be_visible()
    with open_page(browser, address) as page:
        open_notice(page, address)
        page.keyboard.press("u")
        # This browser does not know which was the last: it is chosen in the list.
        expect(page.locator("#decisions li button")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#i0.state-unreviewed")).to_be_visible()
    assert kept(output) == []


def test_somebody_elses_newer_decision_is_not_undone(
    browser: Browser, address: str, output: Path
) -> None:
    with (
        open_page(browser, address, allowed=("409",)) as one,
        open_page(browser, address, allowed=("409",)) as other,
    ):
        for page, who in ((one, "张三"), (other, "李四")):
            open_notice(page, address, who)
        for page, leader in ((one, "王强"), (other, "赵六")):
            page.keyboard.press("j")
            page.keyboard.press("e")
            page.locator("#i0 textarea[name=leaders]").fill(leader)
            page.keyboard.press("Control+Enter")
            for both in (one, other):
                leaders = both.locator("#i0 [data-field=leaders] dd")
                expect(leaders).to_contain_text(leader, timeout=_WIDE)
        one.keyboard.press("u")
        expect(one.locator("#i0 .conflict")).to_contain_text("李四")
        one.locator("#i0 .conflict button").last.click()
        expect(one.locator("#i0 .conflict")).to_have_count(0)
    assert kept(output) == [("leaders", "赵六", "李四")]


def test_whoever_finds_right_is_shown_what_changed_meanwhile(
    browser: Browser, address: str, output: Path
) -> None:
    with (
        open_page(browser, address, allowed=("409", "ERR_", "503")) as one,
        open_page(browser, address) as other,
    ):
        # Without news this page keeps what it showed.
        one.route(re.compile("/(news|version)$"), lambda route: route.abort())
        for page, who in ((one, "张三"), (other, "李四")):
            open_notice(page, address, who)
            page.keyboard.press("j")
        other.keyboard.press("e")
        other.locator("#i0 textarea[name=leaders]").fill("王强")
        other.keyboard.press("Control+Enter")
        expect(other.locator("#i0 [data-field=leaders] dd")).to_contain_text("王强")
        one.keyboard.press("r")
        conflict = one.locator("#i0 .conflict")
        expect(conflict).to_contain_text("王强")
        assert kept(output) == [("leaders", "王强", "李四")]
        conflict.get_by_role("button").first.click()
        expect(one.locator("#i0.state-reviewed")).to_be_visible()
        expect(one.locator("#i0 [data-field=leaders] dd")).to_contain_text("王强")


def test_a_page_hears_of_changes_and_asks_where_streams_are_refused(
    browser: Browser, address: str
) -> None:
    with (
        open_page(browser, address, allowed=("503",)) as one,
        open_page(browser, address) as other,
    ):
        asked: list[str] = []
        one.route("**/news", lambda route: route.fulfill(status=503, body=""))
        one.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        other.on("request", lambda request: asked.append(f"other {request.url[-8:]}"))
        for page, who in ((one, "张三"), (other, "李四")):
            open_notice(page, address, who)
            page.keyboard.press("j")
        for page, watcher, state in ((one, other, "reviewed"), (other, one, "unreviewed")):
            page.keyboard.press("r" if state == "reviewed" else "j")
            if state == "unreviewed":
                page.locator("#i0 [data-undo=reviewed]").click()
            expect(watcher.locator(f"#i0.state-{state}")).to_be_visible(timeout=_WIDE)
        assert "version" in asked
        assert "other /version" not in asked


def test_the_page_says_that_another_run_is_waited_for(
    browser: Browser, address: str, output: Path
) -> None:
    with open_page(browser, address) as page:
        open_notice(page, address)
        with FileLock(output / LOCK):
            page.keyboard.press("j")
            page.keyboard.press("r")
            expect(page.locator("#told")).to_contain_text("另一个运行", timeout=_WIDE)
            # The page goes on.
            page.keyboard.press("j")
            expect(page.locator("#i1.current")).to_be_visible()
        expect(page.locator("#i0.state-reviewed")).to_be_visible(timeout=_WIDE)
    assert len(kept(output)) == 1
