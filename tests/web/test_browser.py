"""The desk in a browser: marks, keys, corrections, conflicts, drafts and the queue."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from pipeline.dataset.record_files import read_records
from pipeline.decisions.corrections import read_kept_corrections
from tests.compare.views.browser import needs_browser, start_browser
from tests.web.browsing import open_page, serve_desk
from tests.web.small_desk import HEAD, parse

pytestmark = [needs_browser, pytest.mark.tries]
# Each of these items lacks the full stop of its sentence at a comma, which the guard doubts.
DOUBTFUL = HEAD + "".join(
    f"{n}.推进第{n}号社区食堂建设,改善老人就餐条件,\n责任单位:区民政局、区财政局\n"
    for n in range(1, 13)
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser | None]:
    with start_browser() as one:
        yield one


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("doubtful")
    (home / "raw").mkdir()
    (home / "raw" / "doubtful.txt").write_text(DOUBTFUL, "utf-8")
    parse(home / "raw", home / "output")
    return home / "output"


@pytest.fixture
def address(doubtful: Path, tmp_path: Path) -> Iterator[str]:
    shutil.copytree(doubtful, tmp_path / "output")
    (tmp_path / "inbox" / "new").mkdir(parents=True)
    with serve_desk(
        tmp_path / "output", uploads=tmp_path / "uploads", inbox=tmp_path / "inbox"
    ) as one:
        yield one


def open_notice(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="海山区2024年重点工作计划").click()
    # The script of the page counts the doubts when it is ready for keys.
    expect(page.locator("#counts")).to_contain_text("·")
    page.locator("#who").fill("张三")
    page.locator("#who").blur()


def wait_until_sent(page: Page) -> None:
    """Wait until the desk has all that was decided."""
    for _ in range(200):
        if page.evaluate("localStorage.getItem('fengong:unsent')") == "[]":
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate("localStorage.getItem('fengong:unsent')"))


def test_values_and_their_words_are_linked_both_ways(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        open_notice(page, address)
        page.locator('#cards [data-v="2-host_units-0"]').focus()
        expect(page.locator('#source [data-v="2-host_units-0"]')).to_have_class("on")
        page.locator('#source [data-v="4-host_units-1"]').click()
        expect(page.locator('#cards [data-v="4-host_units-1"]')).to_be_focused()


def test_keys_go_from_doubt_to_doubt_and_find_right(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with open_page(browser, address) as page:
        open_notice(page, address)
        for key in ("n", "n", "p", "n"):
            page.keyboard.press(key)
        expect(page.locator("#i1")).to_be_focused()
        page.keyboard.press("r")
        expect(page.locator("#i1.state-reviewed")).to_be_focused()
        page.keyboard.press("u")
        expect(page.locator("#i1.state-unreviewed")).to_be_visible()
        page.keyboard.press("e")
        page.locator("#i1 textarea[name=leaders]").fill("王强")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#i1 [data-field=leaders] dd")).to_contain_text("王强")
        expect(page.locator("#i1 [data-field=leaders] dd")).to_contain_text("张三")
    kept = read_kept_corrections(tmp_path / "output")
    assert [(one.field, one.value, one.who) for one in kept] == [("leaders", "王强", "张三")]


def test_words_selected_in_the_source_split_and_add(browser: Browser, address: str) -> None:
    select = """([start, end]) => {
      const run = [...document.querySelectorAll("#source [data-s]")].find((one) => one.textContent.includes(start));
      const range = document.createRange();
      const at = run.firstChild.data.indexOf(start);
      range.setStart(run.firstChild, at);
      range.setEnd(run.firstChild, at + end);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }"""
    with open_page(browser, address) as page:
        open_notice(page, address)
        page.keyboard.press("j")
        page.evaluate(select, ["改善老人", 0])
        page.keyboard.press("t")
        expect(page.locator("#cards .item")).to_have_count(13)
        page.locator("#decisions summary").click()
        page.locator("#decisions [data-do=take-back]").click()
        expect(page.locator("#cards .item")).to_have_count(12)


def test_a_draft_outlives_the_page(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        open_notice(page, address)
        page.keyboard.press("j")
        page.keyboard.press("e")
        page.locator("#i0 textarea[name=host_units]").fill("区交通运输局")
        page.reload()
        expect(page.locator("#i0 textarea[name=host_units]")).to_have_value("区交通运输局")
        page.locator("#i0 form [data-do=cancel]").click()
        page.reload()
        expect(page.locator("#i0 form")).to_have_count(0)


def test_two_people_see_each_other_and_conflicts_are_clear(browser: Browser, address: str) -> None:
    with (
        open_page(browser, address, allowed=("409",)) as one,
        open_page(browser, address, allowed=("409",)) as other,
    ):
        for page in (one, other):
            open_notice(page, address)
            page.keyboard.press("j")
            page.keyboard.press("e")
        other.locator("#i0 textarea[name=leaders]").fill("赵六")
        one.locator("#i0 textarea[name=leaders]").fill("王强")
        one.keyboard.press("Control+Enter")
        expect(one.locator("#i0 [data-field=leaders] dd")).to_contain_text("王强")
        other.keyboard.press("Control+Enter")
        conflict = other.locator("#i0 .conflict")
        expect(conflict).to_contain_text("王强")
        expect(conflict).to_contain_text("赵六")
        conflict.get_by_role("button").first.click()
        expect(other.locator("#i0 [data-field=leaders] dd")).to_contain_text("赵六")
        expect(one.locator("#i0 [data-field=leaders] dd")).to_contain_text("赵六", timeout=8000)


def test_what_is_decided_again_at_once_is_not_taken_back(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """The answer of the desk comes behind all keys: found right, undone, found right once more."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with open_page(browser, f"{address}/queue") as page:
        page.locator("#who").fill("张三")
        page.locator("#who").blur()
        item = page.locator("#items .item").first.get_attribute("data-item")
        page.route("**/changes", hold)
        for key in "rur":
            page.keyboard.press(key)
        while not held:
            page.wait_for_timeout(20)
        # What comes behind it waits for its turn.
        page.wait_for_timeout(300)
        assert len(held) == 1
        held[0].continue_()
        # Once it is answered, the others come one by one.
        for n in (1, 2):
            while len(held) == n:
                page.wait_for_timeout(20)
            held[n].continue_()
        wait_until_sent(page)
    kept = read_kept_corrections(tmp_path / "output")
    assert [(one.anchor.item_id, one.field) for one in kept] == [(item, "reviewed")]


def test_the_queue_is_worked_off_by_keys(browser: Browser, address: str, tmp_path: Path) -> None:
    with open_page(browser, f"{address}/queue") as page:
        page.locator("#who").fill("张三")
        page.locator("#who").blur()
        expect(page.locator("#left")).to_have_text("12")
        for n in range(12):
            page.keyboard.press("r")
            expect(page.locator("#left")).to_have_text(str(11 - n))
            if n < 11:
                expect(page.locator(".doubt-item:not([hidden]) .item")).to_be_focused()
        expect(page.locator("#finished")).to_be_visible()
        wait_until_sent(page)
    reviewed = {
        item_id
        for one in read_records(tmp_path / "output")
        for edit in one.edits
        for item_id in edit.item_ids
    }
    assert len(reviewed) == 12


def test_without_the_network_nothing_is_lost(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with open_page(browser, f"{address}/queue", allowed=("ERR_",)) as page:
        page.locator("#who").fill("张三")
        page.locator("#who").blur()
        page.context.set_offline(True)
        page.keyboard.press("r")
        expect(page.locator("#failed .conflict")).to_be_visible()
        page.context.set_offline(False)
        page.locator("#failed button").click()
        wait_until_sent(page)
        assert len(read_kept_corrections(tmp_path / "output")) == 1
        # What was sent only by the second try is taken back all the same.
        page.keyboard.press("u")
        expect(page.locator("#left")).to_have_text("12")
        page.wait_for_timeout(50)
        wait_until_sent(page)
    assert read_kept_corrections(tmp_path / "output") == []


def test_a_file_is_sent_and_followed(browser: Browser, address: str) -> None:
    with open_page(browser, address) as page:
        new = DOUBTFUL.replace("海山区", "河湾区").encode()
        page.locator("#files").set_input_files(
            FilePayload(name="河湾.txt", mimeType="text/plain", buffer=new)
        )
        page.locator("#drop button").click()
        link = page.get_by_role("link", name="河湾区2024年重点工作计划")
        expect(link).to_be_visible(timeout=30_000)
