"""A desk over an OUTPUT for tests: a client in one language, and what a page says."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from lxml import html

from pipeline.web.app import create_app
from pipeline.web.settings import DeskSettings

ADDRESS = "http://127.0.0.1:8400"


def open_desk(output: Path, cache: Path, language: str = "en", **settings: Any) -> TestClient:
    """A client of a desk; redirects are not followed."""
    app = create_app(DeskSettings(output, cache=cache, **settings))
    headers = {"accept-language": language}
    return TestClient(app, base_url=ADDRESS, follow_redirects=False, headers=headers)


def root_of(page: str) -> Any:
    """The root element of a page."""
    return html.fromstring(page)


def table(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading with this id, as texts without runs of blanks."""
    (section,) = root_of(page).xpath(f'//*[@aria-labelledby="{heading}"]')
    return _rows(section)


def first_table(page: str) -> list[list[str]]:
    """The rows of the first table of a page."""
    return _rows(root_of(page))


def _rows(part: Any) -> list[list[str]]:
    found = part.xpath(".//table")[0]
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
        for row in found.xpath(".//tbody/tr")
    ]


def texts(page: str, path: str) -> list[str]:
    """The texts of the elements that an XPath finds, without runs of blanks."""
    return [" ".join(one.text_content().split()) for one in root_of(page).xpath(path)]


def downloaded(data: bytes) -> list[dict[str, Any]]:
    """The rows of a table that was downloaded as CSV."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
