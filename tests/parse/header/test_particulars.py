"""The particulars of a document: the cases of tests/cases/header.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest

from pipeline.parse.header import Header, find_header
from pipeline.parse.normalize import make_shadow
from tests.case_files import TextCase, read_cases

CASES = read_cases("header.md")
FIRST_ITEM = "‖"


def header_of(text: str, page_title: str = "") -> tuple[Header, str]:
    """The header of a text, and the text; ‖ is where the first item begins, else at the end."""
    shadow = make_shadow(text.replace(FIRST_ITEM, ""))
    first = text.find(FIRST_ITEM)
    particulars = {"title": page_title} if page_title else {}
    return find_header(shadow, first if first >= 0 else len(text), particulars), shadow.text


def shown(header: Header, text: str) -> Iterator[str]:
    """The lines that a case expects of a header."""
    for one in fields(header):
        name, value = one.name, getattr(header, one.name)
        if name == "end":
            name, value = "behind", text[value:].strip()[:6].split("\n")[0] if value else None
        elif name in ("signature", "unread_number"):
            value = text[slice(*value)].replace("\n", "⏎") if value else None
        elif name in ("unread_dates", "mended_dates"):
            value = ", ".join(text[slice(*span)] for span in value)
        if value:
            yield f"{name}: {value}"


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_header(case: TextCase) -> None:
    lines = "\n".join(shown(*header_of(case.text)))
    assert (lines or "none") == case.expected


def test_there_are_cases() -> None:
    assert len(CASES) >= 40
