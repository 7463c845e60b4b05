"""Bodies, years and names in a browser: keys, links and pictures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.dataset.manifest import DECIDED_PAIRS, JUDGEMENTS
from pipeline.decisions.judgements import read_judgements
from tests.compare.views.browser import needs_browser, start_browser
from tests.web.bodies.small_plans import FINANCE, small_output
from tests.web.browsing import open_page, serve_desk
from tests.web.names.small_names import PLACE, names_output
from tests.web.years.small_outputs import years_output

__all__ = ["names_output", "small_output", "years_output"]
pytestmark = [needs_browser, pytest.mark.tries]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser | None]:
    with start_browser() as one:
        yield one


def press(page: Page, key: str) -> None:
    """Press a key once the page's script, which runs before its load is over, listens."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def test_names_are_judged_with_keys_alone(
    browser: Browser | None, names_output: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    shutil.copytree(names_output, output)
    with serve_desk(output) as address, open_page(browser, f"{address}/names") as page:
        page.get_by_role("link", name="逐个认定").press("Enter")
        expect(page.locator("h1")).to_have_text("公安局")
        # Without a name nothing is sent; what is typed into a field is no key.
        press(page, "1")
        page.locator("#who").fill("张三")
        page.locator("#who").press("2")
        page.locator("#who").fill("张三")
        page.locator("#who").blur()
        assert not (output / JUDGEMENTS).exists()
        page.locator("input[type=radio]:checked").focus()
        press(page, "ArrowDown")
        press(page, "1")
        expect(page.locator("h1")).to_have_text("区标准化院")
        assert [one[:4] for one in read_judgements(output / JUDGEMENTS)] == [
            (PLACE, "公安局", "盐田区公安局", "same")
        ]
        # The name is remembered from page to page, and the first candidate has the focus.
        expect(page.locator("#who")).to_have_value("张三")
        press(page, "2")
        expect(page.get_by_role("status")).to_contain_text("“区标准化院”：认定已保存")
        press(page, "u")
        expect(page.get_by_role("status")).to_contain_text("“区标准化院”：认定已撤回")
        press(page, "3")
        page.wait_for_url(f"{address}/names")
        decisions = [one.decision for one in read_judgements(output / JUDGEMENTS)]
        assert decisions == ["same", "unsure"]


def test_n_and_p_go_to_other_names(browser: Browser | None, names_output: Path) -> None:
    with (
        serve_desk(names_output) as address,
        open_page(
            browser, f"{address}/names/case?{urlencode({'name': '公安局', 'of': PLACE})}"
        ) as page,
    ):
        press(page, "n")
        expect(page.locator("h1")).to_have_text("区标准化院")
        press(page, "p")
        expect(page.locator("h1")).to_have_text("公安局")


def test_a_link_is_refused_with_the_name_remembered(
    browser: Browser | None, years_output: Path, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    shutil.copytree(years_output, output)
    with serve_desk(output) as address, open_page(browser, f"{address}/years") as page:
        page.locator("a.arrow").first.click()
        # What is clicked before its script is there remembers no name.
        page.wait_for_load_state()
        page.locator("#who").fill("张三")
        page.locator("#who").blur()
        page.get_by_role("button", name="不同").first.click()
        expect(page.locator("details.refused")).to_have_count(1)
        expect(page.locator("#who")).to_have_value("张三")
        assert (output / DECIDED_PAIRS).read_text("utf-8-sig").count("张三") == 1


def test_pictures_can_be_read(browser: Browser | None, small_output: Path) -> None:
    with (
        serve_desk(small_output) as address,
        open_page(browser, f"{address}/bodies/body?{urlencode({'name': FINANCE})}") as page,
    ):
        boxes = [one.bounding_box() for one in page.locator(".network .node-label").all()]
        found = [(box["x"], box["y"], box["width"], box["height"]) for box in boxes if box]
        assert len(found) == 6
        for one, other in combinations(found, 2):
            assert not _meet(one, other)
        # A bar's parts are as long as the counts: of 2011 one item hosted and two co-hosted.
        bar = page.locator("[aria-labelledby=years] tbody tr").first
        hosted, co_hosted = (
            bar.locator(f".bar-{kind}").bounding_box() for kind in ("hosted", "co-hosted")
        )
        assert hosted is not None
        assert co_hosted is not None
        assert co_hosted["width"] == pytest.approx(2 * hosted["width"], rel=0.1)


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes (x, y, width, height) have a place in common."""
    return all(one[n] < other[n] + other[n + 2] and other[n] < one[n] + one[n + 2] for n in (0, 1))
