"""Read the cases of tests/cases: tables of values, and texts with the lines that they give."""

from __future__ import annotations

import csv
import re
from typing import NamedTuple

from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases"
_CASE = re.compile(r"^## ([^\n]+)\n```\n(.*?)\n```\n\n```\n(.*?)\n```$", re.DOTALL | re.MULTILINE)


class TextCase(NamedTuple):
    """A case: its heading, the text that is read (⇥ is a tab), and the expected lines."""

    title: str
    text: str
    expected: str


def read_cases(name: str) -> list[TextCase]:
    """The cases of a file of tests/cases, in order."""
    page = (CASES / name).read_text("utf-8")
    return [
        TextCase(title, text.replace("⇥", "\t"), expected)
        for title, text, expected in _CASE.findall(page)
    ]


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of tests/cases, by the names in its first line."""
    return list(csv.DictReader((CASES / name).read_text("utf-8").splitlines()))
