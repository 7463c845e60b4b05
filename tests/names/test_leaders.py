"""Lists of leaders: persons and their posts."""

from __future__ import annotations

import pytest

from pipeline.names.leaders import is_person, split_leaders
from pipeline.names.lists import NameInList
from tests.case_tables import read_cases


def shown(text: str, name: NameInList) -> str:
    """A person as the cases write it: with <the post>."""
    post = f"<{text[slice(*name.post)].strip()}>" if name.post else ""
    return text[name.start : name.end] + post


@pytest.mark.parametrize("row", read_cases("leaders"), ids=lambda row: row["text"])
def test_leaders(row: dict[str, str]) -> None:
    text = f"领导:{row['text']}"
    found = split_leaders(text, 3, len(text))
    assert "、、".join(shown(text, name) for name in found.names) == row["names"]
    assert found.open_ended == (row["open_ended"] == "yes")
    assert is_person(row["text"]) == (row["is_person"] == "yes")
