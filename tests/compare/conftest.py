"""Fixtures of the comparisons' tests."""

from __future__ import annotations

import pytest

from pipeline.model import Notice
from tests.compare.small_years import HEAD, NEW, OLD, notice


@pytest.fixture
def years() -> tuple[Notice, Notice]:
    return notice(HEAD.format(y=2016) + OLD, "a"), notice(HEAD.format(y=2017) + NEW, "b")
