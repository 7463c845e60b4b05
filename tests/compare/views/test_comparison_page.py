"""A comparison as a page, in a browser where there is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline.compare.diff import diff_notices
from pipeline.compare.views.comparison_page import to_page
from pipeline.compare.views.page_frame import hash_source
from pipeline.model import Notice
from tests.compare.small_years import HEAD, NEW, OLD, notice
from tests.compare.views.browser import (
    find_faults,
    is_narrow_enough,
    needs_browser,
    open_all,
    open_page,
)

Years = tuple[Notice, Notice]
SHOWN = "article.card:not([hidden])"


@pytest.fixture
def page_file(years: Years, tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(to_page(diff_notices(*years), *years), "utf-8")
    return path


def test_the_page_is_whole_and_asks_for_nothing(years: Years) -> None:
    page = to_page(diff_notices(*years), *years)
    assert not re.search(r"src=|https?:|@import|url\(|<link|\sstyle=|\son\w+=", page)
    assert page.count("<article") == 4
    assert "增长<del>8%</del>" in page
    assert "增长<ins>10%</ins>" in page
    for kind in ("same", "reworded", "added", "dropped"):
        assert f'data-kind="{kind}"' in page
    assert '<option value="区财政局">' in page


def test_the_policy_allows_the_page_s_own_style_and_script_alone(years: Years) -> None:
    page = to_page(diff_notices(*years), *years)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "unsafe" not in policy[1]
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert f"{name} '{hash_source(text)}'" in policy[1]


def test_the_page_escapes_what_a_plan_says() -> None:
    text = HEAD.format(y=2016) + OLD.replace("智慧校园", "<script>alert(1)</script>'\"&校园")
    one, two = notice(text, "a"), notice(HEAD.format(y=2017) + NEW, "b")
    page = to_page(diff_notices(one, two), one, two)
    assert "<script>alert" not in page


def test_unchanged_cards_are_folded_and_every_card_has_an_address(years: Years) -> None:
    page = to_page(diff_notices(*years), *years)
    cards = re.findall(
        r'<article [^>]*id="(\w+)"[^>]*data-kind="(\w+)".*?<details(.*?)>', page, re.DOTALL
    )
    assert {kind: bool(is_open) for _, kind, is_open in cards} == {
        "same": False, "added": True, "reworded": True, "dropped": True,
    }  # fmt: skip
    assert sorted(anchor for anchor, *_ in cards) == ["c1", "c2", "c3", "p3"]
    for anchor, *_ in cards:
        assert f'class="permalink" href="#{anchor}"' in page


@needs_browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(
    browser: Browser | None, page_file: Path, width: int, *, dark: bool
) -> None:
    with open_page(browser, page_file, width, dark=dark) as page:
        assert find_faults(page) == []
        open_all(page)
        assert find_faults(page) == []
        assert is_narrow_enough(page)


@needs_browser
@pytest.mark.parametrize("width", [1280, 390])
def test_filters_are_in_the_address(browser: Browser | None, page_file: Path, width: int) -> None:
    with open_page(browser, page_file, width) as page:
        assert page.locator(SHOWN).count() == 4
        page.locator("select[name=unit]").select_option("区财政局")
        page.locator("input[name=q]").fill("登记　社会组织")
        assert page.locator(SHOWN).count() == 1
        query = "?" + page.url.partition("?")[2]
        page.locator("input[name=q]").fill("登记 校园")
        assert page.locator(SHOWN).count() == 0
        assert page.locator(".nothing-found").is_visible()
    with open_page(browser, page_file, width, query=query) as page:
        assert page.locator(SHOWN).count() == 1
        assert page.locator("output").inner_text() == "显示 1 / 4"
        page.get_by_role("button", name="重置").click()
        page.wait_for_url(lambda url: "?" not in url)
        assert page.locator(SHOWN).count() == 4


@needs_browser
def test_the_address_of_a_card_opens_it_in_spite_of_filters(
    browser: Browser | None, page_file: Path
) -> None:
    with open_page(browser, page_file, 390, query="?kinds=added#c1") as page:
        assert page.locator(SHOWN).count() == 2
        assert page.locator("#c1 .current .text").is_visible()
        assert not page.locator("#c2 .text").is_visible()


@needs_browser
def test_cards_are_grouped_by_unit(browser: Browser | None, page_file: Path) -> None:
    with open_page(browser, page_file, 1280) as page:
        assert page.locator("#items h2").all_inner_texts() == ["重点改革项目 4 组"]
        page.locator("select[name=group]").select_option("unit")
        heads = page.locator("#items h2").all_inner_texts()
        assert "区教育局 1 组" in heads
        assert "区财政局 1 组" in heads
        page.locator("select[name=group]").select_option("section")
        assert page.locator("#items h2").all_inner_texts() == ["重点改革项目 4 组"]


@needs_browser
def test_a_filtered_print_tells_by_what(browser: Browser | None, page_file: Path) -> None:
    with open_page(browser, page_file, 1280, query="?unit=区教育局") as page:
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        told = page.locator("header .told")
        assert told.inner_text() == "筛选结果（单位：区教育局）：1 组，全部 4 组。"
        assert page.locator("#items h2:visible").all_inner_texts() == ["重点改革项目 1 组"]
        assert not page.locator(".filters").is_visible()
        assert page.locator("#c1 .current .text").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert not page.locator("#c1 .current .text").is_visible()


@needs_browser
def test_the_page_by_keyboard(browser: Browser | None, page_file: Path) -> None:
    """The first key goes past everything; a kind is switched and a card opened without a mouse."""
    with open_page(browser, page_file, 1280) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        page.keyboard.press("Enter")
        assert page.locator("#c1 .current .text").is_visible()
        page.locator("input[value=added]").focus()
        page.keyboard.press("Space")
        assert page.locator(SHOWN).count() == 3
