"""Read the tables of cases in tests/cases: one row a case, breaks and tabs in a cell as escapes."""

from __future__ import annotations

import csv

from tests.conftest import ROOT


def read_cases(name: str) -> list[dict[str, str]]:
    """The rows of a table of cases."""
    text = (ROOT / "tests" / "cases" / f"{name}.csv").read_text("utf-8")
    return [
        {key: cell.replace("\\n", "\n").replace("\\t", "\t") for key, cell in row.items()}
        for row in csv.DictReader(text.splitlines())
    ]
