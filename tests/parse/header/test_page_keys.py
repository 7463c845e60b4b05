"""Values beside a page's own keys: the cases of tests/cases/parse/page_keys.csv."""

from __future__ import annotations

import pytest

from pipeline.parse.header.page_keys import find_keyed_values
from pipeline.text import fold
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("parse/page_keys.csv"), ids=str)
def test_values(row: dict[str, str]) -> None:
    text = row["text"].replace("⏎", "\n")
    values = find_keyed_values(fold(text), len(text))
    shown = "; ".join(f"{name}={text[slice(*span)]}" for name, span in values.items())
    assert shown == row["values"]


def test_a_key_behind_the_end_is_not_read() -> None:
    text = "成文日期:2021-03-05 发布日期:2021-03-08"
    assert find_keyed_values(text, text.index("发布")) == {"issued_on": (5, 15)}
    assert find_keyed_values(text, 10) == {"issued_on": (5, 10)}
