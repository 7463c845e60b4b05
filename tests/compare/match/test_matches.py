"""Small lists of demands and the matches that they must have, with their scores."""

from __future__ import annotations

import pytest

from pipeline.compare.match import Demand, Match, find_matches
from tests.compare.cases import read_blocks

CASES = read_blocks("matches")


def parse_demand(line: str) -> Demand:
    path, units, title, content = (cell.strip() for cell in line.split("|"))
    names = tuple(units.split("、")) if units else ()
    return Demand(title, content, (path,) if path else (), names)


def show(match: Match) -> str:
    """A match as the cases write it, items counted from 1."""
    before, after = (",".join(str(n + 1) for n in side) for side in (match.previous, match.current))
    scores = (
        f"{one.score:.3f} {one.words:.3f} {one.path:.3f} {one.units:.3f}" for one in match.pairs
    )
    return f"{match.kind} {before} -> {after}: {'; '.join(scores)}"


@pytest.mark.parametrize("title", CASES)
def test_matches(title: str) -> None:
    before, after, expected = CASES[title]
    matches = find_matches(
        [parse_demand(line) for line in before], [parse_demand(line) for line in after]
    )
    assert [show(match) for match in matches] == expected
