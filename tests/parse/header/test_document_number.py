"""A document's own number: the cases of tests/cases/parse/document_numbers.csv."""

from __future__ import annotations

import pytest

from pipeline.parse.header.document_number import find_document_number
from pipeline.parse.normalize import normalize_text
from tests.case_files import read_rows


@pytest.mark.parametrize("row", read_rows("parse/document_numbers.csv"), ids=str)
def test_number(row: dict[str, str]) -> None:
    text = row["text"].replace("⏎", "\n")
    at = text.find("文号:") + len("文号:")
    keyed = {"document_number": (at, len(text))} if row["keyed"] == "yes" else {}
    found = find_document_number(normalize_text(text), len(text), keyed)
    unread = text[slice(*found.unread)] if found.unread else ""
    assert (found.number or "", unread) == (row["number"], row["unread"])
