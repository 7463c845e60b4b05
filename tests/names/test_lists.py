"""Lists of units: where they are split, what stays whole, what marks and brackets say."""

from __future__ import annotations

import pytest

from pipeline.names.lists import NameInList, split_names
from pipeline.text import fold
from tests.case_tables import read_cases


def shown(text: str, name: NameInList) -> str:
    """A name as the cases write it: with <its mark> and {its plate}."""
    mark = f"<{name.mark}>" if name.mark else ""
    plate = f"{{{text[slice(*name.plate)]}}}" if name.plate else ""
    return text[name.start : name.end] + mark + plate


@pytest.mark.parametrize("row", read_cases("lists"), ids=lambda row: row["text"])
def test_split(row: dict[str, str]) -> None:
    folded = fold(row["text"])
    found = split_names(folded, 0, len(folded))
    assert "、、".join(shown(folded, name) for name in found.names) == row["names"]
    assert found.open_ended == (row["open_ended"] == "yes")


@pytest.mark.parametrize("row", read_cases("lists"), ids=lambda row: row["text"])
def test_positions_are_those_of_the_whole_text(row: dict[str, str]) -> None:
    folded = fold(row["text"])
    alone = split_names(folded, 0, len(folded))
    inside = split_names(f"由{folded}负责", 1, len(folded) + 1)
    assert [(name.start + 1, name.end + 1) for name in alone.names] == [
        (name.start, name.end) for name in inside.names
    ]


def test_a_list_is_read_alike_wherever_it_is() -> None:
    listed = "区发改局(区统计局)、各街道办等部门"
    here = split_names(listed, 0, len(listed))
    there = split_names(f"由{listed}负责", 1, 1 + len(listed))
    assert there.open_ended
    assert here.open_ended
    assert [(one.start - 1, one.end - 1) for one in there.names] == [
        (one.start, one.end) for one in here.names
    ]
    assert (here.names[0].plate, there.names[0].plate) == ((5, 9), (6, 10))
