"""Every page of the desk: no English is left in a Chinese page, and paper has what is read, without what is for screens."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser

from tests.compare.views.browser import needs_browser, start_browser
from tests.web.bodies.small_plans import small_output
from tests.web.browsing import open_page, serve_desk
from tests.web.desk_client import open_desk, root_of
from tests.web.every_page import BODY, list_pages, make_full_output
from tests.web.names.small_names import names_output
from tests.web.years.small_outputs import years_output

__all__ = ["names_output", "small_output", "years_output"]
pytestmark = [needs_browser, pytest.mark.tries]
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
