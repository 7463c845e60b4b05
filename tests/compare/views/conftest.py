"""Fixtures of the tests of views."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.compare.views.browser import start_browser


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser | None]:
    """One browser for all pages: starting it takes longer than a test."""
    with start_browser() as one:
        yield one
