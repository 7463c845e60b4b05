"""The cases of the comparison's modules: tables and blocks of tests/cases/compare."""

from __future__ import annotations

import csv
import re

from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases" / "compare"
_CASE = re.compile(r"^## (.+)\n((?:```\n(?:.*\n)*?```\n)+)", re.MULTILINE)
_BLOCK = re.compile(r"^```\n((?:.*\n)*?)```\n", re.MULTILINE)


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of cases."""
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_blocks(name: str) -> dict[str, list[list[str]]]:
    """The cases of a Markdown file: heading -> the lines of each of its blocks."""
    text = (CASES / f"{name}.md").read_text("utf-8")
    return {
        case[1]: [block.splitlines() for block in _BLOCK.findall(case[2])]
        for case in _CASE.finditer(text)
    }
