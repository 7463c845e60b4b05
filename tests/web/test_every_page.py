"""Every page of the desk and of a copy: axe finds no fault in either language, in wide and narrow windows, light
and dark; no English is left in a Chinese page; paper has what is read, without what is for screens."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from tests.compare.views.browser import needs_browser, start_browser
from tests.web.bodies.small_plans import small_output
from tests.web.browsing import open_page, serve_desk, write_copy
from tests.web.desk_client import open_desk, root_of
from tests.web.every_page import BODY, find_faults_of_looks, list_pages, make_full_output
from tests.web.names.small_names import names_output
from tests.web.years.small_outputs import years_output

__all__ = ["names_output", "small_output", "years_output"]
pytestmark = [needs_browser, pytest.mark.tries]
LANGUAGES = ("zh", "en")
# Pages that lists lead to: the list, and where its first link is.
_LEADING = (
    ("/years?all=true", "//tbody//th/a/@href"),
    ("/years", "//a[@class='arrow']/@href"),
)
# What has no Chinese name: formats, keys, the switch to English, file names, what a plan says itself.
_PATH = re.compile(r"(?:/[\w.-]+)+")
_LATIN = re.compile(
    r"\b(?:CSV|JSON|XLSX|English|Ctrl|Esc|OUTPUT|MB|curl|pandas|OpenAPI|API|Sheet1|script|alert|"
    r"Authorization: Bearer|[\w-]+-[0-9a-f]{8}|fengong(?: ledger collect)?|judgements\.csv|decided_pairs\.csv|[\w-]*\.(?:txt|pdf|docx|xlsx|html))\b"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser | None]:
    with start_browser() as one:
        yield one


@pytest.fixture(scope="module")
def full(
    tmp_path_factory: pytest.TempPathFactory,
    small_output: Path,
    years_output: Path,
    names_output: Path,
) -> Path:
    others = [one.parent / "sources" for one in (small_output, years_output, names_output)]
    return make_full_output(tmp_path_factory.mktemp("full"), others)


@pytest.fixture(scope="module")
def address(full: Path) -> Iterator[str]:
    with serve_desk(full, uploads=full.parent / "uploads", inbox=full.parent) as one:
        yield one


def open_pages(page: Page, address: str, full: Path) -> Iterator[str]:
    """Open every page one after the other, those that others lead to, and forms as they are written."""
    for path in list_pages(full):
        page.goto(address + path)
        yield path
    page.goto(f"{address}/years?all=true")
    page.locator("tbody th a").first.click()
    yield "series"
    page.locator("table.threads th a").first.click()
    yield "thread"
    page.goto(f"{address}/years")
    page.locator("a.arrow").first.click()
    yield "comparison"
    page.goto(f"{address}/names")
    page.locator("tbody th a").first.click()
    yield "name"
    page.goto(f"{address}/queue")
    page.keyboard.press("e")
    page.locator("form.edit textarea").first.wait_for()
    yield "queue, editing"
    page.goto(address)
    page.get_by_role("link", name="海山区2024年重点工作计划").first.click()
    page.locator("#counts").filter(has_text="·").wait_for()
    page.keyboard.press("?")
    yield "keys"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("form.edit textarea").first.wait_for()
    yield "notice, editing"


def test_faults_are_found(browser: Browser | None) -> None:
    with open_page(browser, "about:blank") as page:
        page.set_content(
            "<html lang=zh><title>x</title><style>@media (prefers-color-scheme: dark) { p { color: #eee } }"
            "@media (max-width: 400px) { h1 { width: 500px } }</style><main><h1>x</h1><p>some words</p><input></main>"
        )
        found = {(where, fault[0]) for where, fault in find_faults_of_looks(page, "zh")}
    assert found == {
        ("1280 light", "label"),
        ("390", "wider than the window"),
        ("390 light", "label"),
        ("390 dark", "color-contrast"),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_faults(
    browser: Browser | None, address: str, full: Path, language: str
) -> None:
    found = []
    with open_page(browser, address, language=language, allowed=("404",)) as page:
        for name in open_pages(page, address, full):
            found += [(name, *one) for one in find_faults_of_looks(page, language)]
            page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_copy_has_faults(
    browser: Browser | None, full: Path, tmp_path: Path, language: str
) -> None:
    folder = tmp_path / "copy"
    write_copy(full, folder, language)
    pages = [folder / f"{name}.html" for name in ("index", "search", "bodies", "leaders", "years")]
    for group in ("notices", "bodies", "leaders", "years"):
        pages += sorted((folder / group).glob("*.html"))[:1]
    found = []
    with open_page(browser, pages[0].as_uri(), language=language) as page:
        for one in pages:
            page.goto(one.as_uri())
            found += [(one.name, *fault) for fault in find_faults_of_looks(page, language)]
    assert len(pages) == 9
    assert found == []


def test_a_chinese_page_has_no_english(full: Path, tmp_path: Path) -> None:
    found = []
    with open_desk(full, tmp_path / "cache", "zh", uploads=tmp_path) as client:
        pages = list_pages(full)
        for start, link in _LEADING:
            pages += root_of(client.get(start).text).xpath(link)[:1]
        for path in pages:
            root = root_of(client.get(path).text)
            for one in root.xpath("//script | //datalist | //kbd | //code | //*[@lang='en']"):
                one.drop_tree()
            words = re.findall(r"[A-Za-z]{2,}", _LATIN.sub("", _PATH.sub("", root.text_content())))
            found += [(path, word) for word in words]
    assert len(pages) == len(list_pages(full)) + len(_LEADING)
    assert found == []


def test_pages_are_printed_without_what_is_for_screens(
    browser: Browser | None, address: str, full: Path
) -> None:
    doubtful = next(one for one in list_pages(full) if "doubtful" in one)
    with open_page(browser, address, dark=True) as page:
        for path, expected in (
            (doubtful, ["推进第3号社区食堂建设", "协办单位", "内容像是没有读完"]),
            ("/", ["海山区2024年重点工作计划", "存疑"]),
            (f"/bodies/body?name={BODY}", ["历年承担", "推进中"]),
        ):
            page.goto(address + path)
            page.emulate_media(media="print")
            # Paper is white, whatever the screen is.
            assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
            page.emulate_media(media="null")
            text = _text_of(page.pdf(format="A4"))
            assert [one for one in expected if one not in text] == []
            assert "名称认定" not in text
            assert "显示" not in text


def _text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    pages = [document[n].get_textpage().get_text_bounded() for n in range(len(document))]
    return "".join("".join(pages).split())
