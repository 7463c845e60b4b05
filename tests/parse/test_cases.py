"""Every case of tests/cases: a text in, its items out."""

from __future__ import annotations

import re

import pytest

from pipeline.batch.verify import find_notice_faults
from pipeline.model import Item
from tests.conftest import ROOT, parse

CASES = ROOT / "tests" / "cases"
_CASE = re.compile(r"## (.+?)\n```\n(.*?)\n```\n```\n(.*?)\n```", re.DOTALL)
_FOUND = [
    found.groups()
    for path in sorted(CASES.glob("*.md"))
    for found in _CASE.finditer(path.read_text("utf-8"))
]


def shown(item: Item, opening: str) -> str:
    """An item as the cases write it."""
    lists = [
        "、".join(n.name for n in names)
        for names in (item.leaders, item.host_units, item.co_host_units)
    ]
    words = opening if item.content.startswith(opening) else item.content[:12]
    return " | ".join([str(item.label), words, *lists])


@pytest.mark.parametrize(("title", "text", "expected"), _FOUND, ids=[case[0] for case in _FOUND])
def test_case(title: str, text: str, expected: str) -> None:
    notice = parse(text)
    want = [" | ".join(cell.strip() for cell in line.split("|")) for line in expected.split("\n")]
    openings = [line.split(" | ")[1] for line in want] + [""] * len(notice.items)
    assert [shown(*pair) for pair in zip(notice.items, openings, strict=False)] == want, title
    assert list(find_notice_faults(notice)) == []


def test_there_are_cases() -> None:
    assert len(_FOUND) >= 13
