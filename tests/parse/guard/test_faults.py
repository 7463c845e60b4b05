"""What the guard finds odd about names and words, by their characters alone."""

from __future__ import annotations

from typing import Literal, cast

import pytest

from pipeline.parse.guard.item_faults import (
    find_content_fault,
    find_deadline_fault,
    find_path_fault,
    find_title_fault,
    holds_several,
)
from pipeline.parse.guard.name_faults import find_fault
from tests.case_tables import read_cases


@pytest.mark.parametrize("row", read_cases("guard_names"), ids=lambda row: str(row["name"]))
def test_name(row: dict[str, str]) -> None:
    role = cast("Literal['leader', 'unit']", row["role"])
    fault = find_fault(row["name"], role, known=bool(row["known"]))
    assert (fault or "") == row["fault"]


@pytest.mark.parametrize(
    "row", read_cases("guard_words"), ids=lambda row: f"{row['kind']} {row['text']}"
)
def test_words(row: dict[str, str]) -> None:
    assert _find(row["kind"], row["text"], row["content"]) == row["fault"]


def _find(kind: str, text: str, content: str) -> str:
    if kind == "title":
        return find_title_fault(text, content) or ""
    if kind == "content":
        return find_content_fault(text) or ""
    if kind == "path":
        return find_path_fault(tuple(text.split("⏎"))) or ""
    if kind == "deadline":
        return find_deadline_fault(text) or ""
    return "一项里像是有几项" if holds_several(text.replace("⏎", "\n")) else ""
