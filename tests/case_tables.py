"""Cases as data: the tables of tests/cases, a row a case."""

from __future__ import annotations

import csv
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"


def read_cases(name: str) -> list[dict[str, str]]:
    """The rows of a table by their heads."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split_cells(lines: str) -> list[list[str]]:
    """Rows of cells: a row a line, the cells parted by bars."""
    return [line.split("|") for line in lines.split("\n")] if lines else []
