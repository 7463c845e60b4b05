"""Read the cases in tests/cases that show one step of parsing: a text and its result, line by line.

A file has parts (`# step`), and a part has cases: `## title`, the text between ~~~ and ~~~, and below
it the expected lines. In texts · is an ideographic blank and ⇥ a tab.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.conftest import ROOT

_PART = re.compile(r"^# (.+?)\n(.*?)(?=^# |\Z)", re.DOTALL | re.MULTILINE)
_CASE = re.compile(r"^## (.+?)\n~~~\n(.*?)\n~~~\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_SIGNS = str.maketrans({"·": "\u3000", "⇥": "\t"})


class Case(NamedTuple):
    """A case's title, its text, and the lines that its step is expected to give."""

    title: str
    text: str
    lines: list[str]


def read_cases(name: str, part: str) -> list[Case]:
    """The cases of one part of a file in tests/cases."""
    text = (ROOT / "tests" / "cases" / name).read_text("utf-8")
    bodies = dict(_PART.findall(text))
    return [
        Case(title, words.translate(_SIGNS), [line for line in expected.splitlines() if line])
        for title, words, expected in _CASE.findall(bodies[part])
    ]


def one_line(words: str) -> str:
    """Words as a case writes them: line breaks as ⏎, tabs as ⇥."""
    return words.replace("\n", "⏎").replace("\t", "⇥")
