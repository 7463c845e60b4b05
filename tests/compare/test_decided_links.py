"""Matches as people decided: pairs of positions that are confirmed, joined or refused."""

from __future__ import annotations

import pytest

from pipeline.compare.decided_links import DecidedPairs, obey
from pipeline.compare.match import Match, MatchKind, Pair
from pipeline.decisions.anchors import Anchor
from pipeline.decisions.pair_decisions import PairDecision, PairFit
from tests.compare.cases import read_table
from tests.compare.small_items import item


def _parse_edges(text: str) -> list[tuple[int, int]]:
    """Pairs of positions: "0-1 2-2" -> (0, 1), (2, 2)."""
    return [(int(one[0]), int(one[2])) for one in text.split()]


def _make_match(text: str) -> Match:
    edges = _parse_edges(text)
    kind: MatchKind = (
        "one" if len(edges) == 1 else "split" if len({p for p, _ in edges}) == 1 else "merged"
    )
    return Match(kind, tuple(Pair(p, q, 0.5, 0.5, 0.5, 0.5) for p, q in edges))


def _decide(text: str, decision: str) -> dict[frozenset[str], PairFit]:
    found = {}
    for p, q in _parse_edges(text):
        anchors = (Anchor(f"a#{p}", "", "", ""), Anchor(f"b#{q}", "", "", ""))
        one = PairDecision(*anchors, decision, "张", "2024-01-01", "")
        found[one.ids] = PairFit(one, "in force", (f"b#{q}", f"a#{p}"))
    return found


@pytest.mark.parametrize("row", read_table("decided_links"), ids=lambda row: row["case"])
def test_matches_obey_decisions(row: dict[str, str]) -> None:
    before, after = ([item(item_id=f"{side}#{n}") for n in range(4)] for side in "ab")
    matches = [_make_match(one) for one in row["matches"].split(";") if one]
    pairs = DecidedPairs(_decide(row["same"], "same") | _decide(row["different"], "different"))
    made = obey(matches, before, after, pairs)
    shown = [
        f"{match.kind} " + " ".join(f"{pair.previous}-{pair.current}" for pair in match.pairs)
        for match in made.matches
    ]
    assert "; ".join(shown) == row["expected"]
    assert " ".join(sorted(one.effect for one in made.decided)) == row["effects"]
