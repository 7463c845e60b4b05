"""A browser for tests of pages; skipped where a machine has none, but never where CI is set."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="needs a chromium on this machine"
)


@contextmanager
def start_browser() -> Iterator[Browser | None]:
    """A browser, or None where the machine has none; its tests are skipped."""
    if CHROMIUM is None:
        yield None
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def open_page(
    browser: Browser | None, path: Path, width: int, *, query: str = "", dark: bool = False
) -> Iterator[Page]:
    """Open a file as a page; at the end no script may have failed or been refused."""
    assert browser, "CI is set, but this machine has no chromium"
    said: list[str] = []
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri() + query)
    yield page
    page.close()
    assert said == []


def find_faults(page: Page) -> list[tuple[str, str]]:
    """What axe finds wrong with a page as it is now, each with the first place."""
    violations = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in violations]


def is_narrow_enough(page: Page) -> bool:
    """Whether nothing on the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def open_all(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
