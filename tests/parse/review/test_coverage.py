"""The name of every line outside items and headings."""

from __future__ import annotations

from typing import get_args

import pytest

from pipeline.model import PartName
from tests.case_tables import read_cases
from tests.conftest import parse

TEXTS = list(dict.fromkeys(row["text"] for row in read_cases("coverage")))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_parts(text: str) -> None:
    notice = parse(text)
    found = {(notice.source.text[p.span.start : p.span.end], str(p.name)) for p in notice.parts}
    found |= {
        (notice.source.text[p.span.start : p.span.end], "")
        for p in notice.problems
        if p.code == "unread-text" and p.span
    }
    wanted = {(row["line"], row["part"]) for row in read_cases("coverage") if row["text"] == text}
    assert wanted <= found


def test_every_part_has_a_case() -> None:
    assert {row["part"] for row in read_cases("coverage")} == {*get_args(PartName), ""}
