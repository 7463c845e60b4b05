"""In a browser: a notice's own values, undo after a reload, conflicts over an item found right, waiting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from pipeline.dataset.output_lock import LOCK
from pipeline.dataset.record_files import read_records
from pipeline.decisions.changes import Author, Change, apply_changes
from pipeline.decisions.corrections import read_kept_corrections
from tests.compare.views.browser import find_faults, needs_browser, start_browser
from tests.web.browsing import open_page, serve_desk

pytestmark = [needs_browser, pytest.mark.tries]
_WIDE = 30_000
_NOTICE = re.compile(r"/notices/[^/]+$")
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


def test_a_whole_notice_found_right_is_not_replaced_by_less(
    browser: Browser, address: str, output: Path
) -> None:
    notice = next(one for one in read_records(output) if one.notice_id.startswith("haishan"))
    by = Author("李四", "2024-06-30")
    apply_changes(output, [Change(notice.notice_id, "reviewed")], by)
    with open_page(browser, address) as page:
        open_notice(page, address)
        expect(page.locator("#cards .state-reviewed")).to_have_count(3)
        for key in ("h", "r", "j", "r", "j", "e"):
            page.keyboard.press(key)
        page.locator("#i1 textarea[name=leaders]").fill("王强")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#i1 [data-field=leaders] dd")).to_contain_text("王强")
    assert ("reviewed", "李四") in [(field, who) for field, _, who in kept(output)]


def test_a_page_shows_what_others_did_behind_its_own_changes(
    browser: Browser, address: str, output: Path
) -> None:
    """Their additions are not taken back by one's own key, late answers and open forms hide nothing."""
    with (
        open_page(browser, address) as one,
        open_page(browser, address) as other,
    ):
        open_notice(one, address, "张　 三")
        open_notice(other, address, "李四")
        one.keyboard.press("j")
        one.keyboard.press("e")
        # 李四 corrects the item that 张三 has open, and adds one.
        other.keyboard.press("j")
        other.keyboard.press("e")
        other.locator("#i0 textarea[name=leaders]").fill("王强")
        other.keyboard.press("Control+Enter")
        expect(one.locator("#decisions li")).to_have_count(1)
        expect(one.locator("#told")).to_contain_text("他人")
        one.keyboard.press("Escape")
        expect(one.locator("#i0 [data-field=leaders] dd")).to_contain_text("王强")
        # A change of 张三 that comes to the desk behind an addition of 李四 is what his key takes back.
        sent: list[Route] = []

        def hold(route: Route) -> None:
            sent.append(route)

        one.route("**/changes", hold)
        one.route("**/news", lambda route: route.abort())
        one.keyboard.press("j")
        one.keyboard.press("h")
        one.keyboard.press("r")
        while not sent:
            one.wait_for_timeout(20)
        other.evaluate(_SELECT, ["民生", 2])
        other.keyboard.press("a")
        expect(other.locator("#cards .item")).to_have_count(4)
        one.unroute("**/changes")
        sent[0].continue_()
        expect(one.locator("#own.state-reviewed")).to_be_visible()
        expect(one.locator("#cards .item")).to_have_count(4)
        one.keyboard.press("u")
        expect(one.locator("#own.state-unreviewed")).to_be_visible()
        expect(one.locator("#cards .item")).to_have_count(4)
    assert [(field, who) for field, _, who in kept(output)] == [
        ("add", "李四"),
        ("leaders", "李四"),
    ]


def test_an_own_change_is_not_hidden_by_a_page_that_was_asked_for_before(
    browser: Browser, address: str
) -> None:
    with (
        open_page(browser, address) as one,
        open_page(browser, address) as other,
    ):
        for page, who in ((one, "张三"), (other, "李四")):
            open_notice(page, address, who)
            page.keyboard.press("j")
        held: list[tuple[Route, APIResponse]] = []
        one.route(_NOTICE, lambda route: held.append((route, route.fetch())), times=1)
        other.keyboard.press("r")
        while not held:
            one.wait_for_timeout(20)
        one.keyboard.press("j")
        one.keyboard.press("r")
        expect(one.locator("#i1.state-reviewed")).to_be_visible()
        expect(one.locator("#told")).to_have_text("已保存")
        route, answer = held[0]
        route.fulfill(response=answer)
        expect(one.locator("#i0.state-reviewed")).to_be_visible()
        expect(one.locator("#i1.state-reviewed")).to_be_visible()


def test_a_browser_without_room_forgets_what_was_done_longest_ago(
    browser: Browser, address: str
) -> None:
    with open_page(browser, address) as page:
        page.evaluate(
            """() => {
              for (let n = 0; n < 120; n += 1) localStorage.setItem(`fengong:done:${n}`, "x".repeat(40_000));
              for (let size = 2 ** 20; size; size >>= 1) {
                try {
                  localStorage.setItem(`fengong:done:${size}-more`, "x".repeat(size));
                } catch {}
              }
            }"""
        )
        open_notice(page, address)
        page.keyboard.press("j")
        page.keyboard.press("r")
        expect(page.locator("#told")).to_have_text("已保存")
        page.reload()
        expect(page.locator("#counts")).to_contain_text("·")
        page.keyboard.press("u")
        expect(page.locator("#i0.state-unreviewed")).to_be_visible()
        assert page.evaluate("Object.keys(localStorage).length") < 110


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


@pytest.mark.parametrize(("key", "kind"), [("x", "delete"), ("m", "join")])
def test_an_item_that_goes_by_a_key_is_taken_back_by_the_next(
    browser: Browser, address: str, output: Path, key: str, kind: str
) -> None:
    with open_page(browser, address) as page:
        open_notice(page, address)
        cards = page.locator("#cards .item")
        count = cards.count()
        page.keyboard.press("j")
        expect(page.locator("#i0.current .minor")).to_have_count(1)
        expect(page.locator(".minor")).to_have_count(1)
        page.keyboard.press(key)
        expect(page.locator("#told")).to_have_text("已保存", timeout=_WIDE)
        expect(cards).to_have_count(count - 1)
        assert [one[0] for one in kept(output)] == [kind]
        page.keyboard.press("u")
        expect(cards).to_have_count(count, timeout=_WIDE)
        assert kept(output) == []
