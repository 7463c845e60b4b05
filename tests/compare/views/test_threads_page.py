"""A series as a page, in a browser where there is one; and its tables."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline.compare.series import Series, find_series
from pipeline.compare.threads import follow_items
from pipeline.compare.views.overview_tables import OverviewTable
from pipeline.compare.views.thread_cards import make_thread_cards
from pipeline.compare.views.thread_tables import make_thread_tables
from pipeline.compare.views.threads_page import threads_page
from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from tests.compare.small_series import plan
from tests.compare.views.browser import (
    find_faults,
    is_narrow_enough,
    needs_browser,
    open_all,
    open_page,
)
from tests.conftest import source

SHOWN = "article.card:not([hidden])"
NAMES = ("school", "river"), ("river", "bus"), ("river", "bus", "park")


def years(rivers: tuple[int, int, int] = (5, 5, 5), ends: tuple[str, ...] = ()) -> Series:
    """Three years of a plan: how many rivers are to be cleaned in each, and by when."""
    notices = []
    for n, names in enumerate(NAMES):
        one = plan(2016 + n, *names)
        text = re.sub(r"\d+条,推行", f"{rivers[n]}条,推行", one.source.text)
        if ends:
            text = text.replace("区水务局。", f"区水务局。\n完成时限:{ends[n]}。")
        notices.append(parse_notice(source(text), one.notice_id))
    (series,) = find_series(notices)
    return series


def show(series: Series) -> str:
    return threads_page(series, make_thread_cards(series, follow_items(series)), {})


def tables(series: Series) -> dict[str, OverviewTable]:
    cards = make_thread_cards(series, follow_items(series))
    made = make_thread_tables(cards, [one.year or 0 for one in series.notices], {})
    return {one.title: one for one in made}


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    series = years()
    path = tmp_path / "threads.html"
    path.write_text(show(series), "utf-8")
    return path


def test_a_card_a_thread_with_a_mark_for_each_year() -> None:
    series = years()
    page = show(series)
    assert page.count("<article") == 4
    strips = re.findall(r'class="year \w+">([^<]*)<', page)
    assert len(strips) == 4 * 3
    assert "2016 有" in strips
    assert "2018 无" in strips
    assert not re.search(r"src=|https?:|@import|url\(|<link|\sstyle=|\son\w+=", page)


def test_threads_that_go_on_come_first_and_know_their_fate() -> None:
    series = years()
    cards = make_thread_cards(series, follow_items(series))
    assert [(card.title, card.fate) for card in cards] == [
        ("整治黑臭水体", "continuing"),
        ("优化公交线网", "continuing"),
        ("新建口袋公园", "new"),
        ("建设智慧校园", "ended"),
    ]
    assert len({card.anchor for card in cards}) == 4


def test_hosts_by_year() -> None:
    table = tables(years())["单位历年承担事项"]
    assert table.heads == ("单位", "2016年", "2017年", "2018年")
    assert ("区水务局", "1", "1", "1") in table.rows
    assert ("区城管局", "—", "—", "1") in table.rows


def test_figures_side_by_side() -> None:
    """A figure that did not change keeps its value; where the demand is missing there is none."""
    rows = {row[1]: row[3:] for row in tables(years((5, 5, 8)))["历年指标对照"].rows}
    assert rows["整治黑臭水体"] == ("5条", "5条", "8条")
    rows = {row[1]: row[3:] for row in tables(years((5, 8, 8)))["历年指标对照"].rows}
    assert rows["整治黑臭水体"] == ("5条", "8条", "8条")
    rows = {row[1]: row[3:] for row in tables(years((15, 5, 8)))["历年指标对照"].rows}
    assert rows["整治黑臭水体"] == ("15条", "5条", "8条")
    assert rows["优化公交线网"] == ("—", "3条", "4条")


def test_the_same_words_over_years() -> None:
    rows = tables(years())["多年文字不变的事项"].rows
    assert ((1,), "整治黑臭水体", "区水务局", "2016—2018年", "3个年度") in rows


def test_deadlines_that_slipped() -> None:
    series = years(ends=("6月底前", "6月底前", "9月底前"))
    (row,) = tables(series)["完成时限推迟的事项"].rows
    assert row[1:] == ("整治黑臭水体", "6月底前", "6月底前", "9月底前", "92天（约3个月）")


def test_one_plan_alone() -> None:
    (series,) = find_series([plan(2016, "school")])
    assert show(series).count("<article") == 1


def test_what_a_plan_says_is_escaped() -> None:
    one: Notice = plan(2016, "school")
    item = replace(one.items[0], title="<script>alert(1)</script>'\"&", label="<b>")
    (series,) = find_series([one.model_copy(update={"items": (item,)})])
    page = show(series)
    assert "<script>alert" not in page
    assert "<b>&lt;b&gt;" not in page


@needs_browser
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(browser: Browser | None, page_file: Path, width: int) -> None:
    with open_page(browser, page_file, width) as page:
        assert find_faults(page) == []
        open_all(page)
        assert find_faults(page) == []
        assert is_narrow_enough(page)


@needs_browser
def test_a_thread_is_found_and_opened_by_its_address(
    browser: Browser | None, page_file: Path
) -> None:
    with open_page(browser, page_file, 390, query="?kinds=ended") as page:
        assert page.locator(SHOWN).locator("h3").all_inner_texts() == ["建设智慧校园"]
        page.get_by_role("button", name="重置").click()
        page.wait_for_url(lambda url: "?" not in url)
        page.locator("input[name=q]").fill("微循环 站台")
        assert page.locator(SHOWN).count() == 1
        # So few are opened, for the words are inside.
        assert page.locator(f"{SHOWN} .one-year").first.is_visible()
