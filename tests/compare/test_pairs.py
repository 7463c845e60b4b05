"""Comparisons of published plans held against answers made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.compare.diff import diff_notices
from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from pipeline.read import read_source

Edge = tuple[int, int]


def _read(folder: Path) -> tuple[Notice, dict[str, int]]:
    """A document's record, and its items' places in the answer by how they begin."""
    notice = parse_notice(read_source(next(folder.glob("doc.*"))), folder.name)
    gold = json.loads((folder / "gold.json").read_text("utf-8"))["items"]
    places = {}
    for item in notice.items:
        place = (n for n, one in enumerate(gold) if item.content.startswith(one["starts"]))
        places[item.item_id] = next(place, -1)
    return notice, places


# The least F1 of each pair's links, as measured; plans that name no owner have no items to link yet.
LEAST = {"canzhuo-2015-2016": 0.94, "feiji-22-23": 0.88}
LEAST_KINDS = 0.9


def _edges(corpus: Path, answer: dict[str, Any]) -> tuple[dict[Edge, str], dict[Edge, str]]:
    """The links of two plans, as made and as in the answer: pairs of items -> kind of link."""
    (before, old), (after, new) = (_read(corpus / answer[k]) for k in ("previous", "current"))
    made = {
        (old[one.previous], new[one.current]): link.kind
        for link in diff_notices(before, after).links
        for one in link.evidence
    }
    gold = {
        (p, q): link["kind"]
        for link in answer["links"]
        for p in link["previous"]
        for q in link["current"]
    }
    return dict(made), gold


@pytest.mark.parametrize("pair", LEAST)
def test_published_pairs(corpus: Path, pair: str) -> None:
    path = corpus.parent / "pairs" / f"{pair}.json"
    made, gold = _edges(corpus, json.loads(path.read_text("utf-8")))
    both = made.keys() & gold.keys()
    assert 2 * len(both) / (len(made) + len(gold)) >= LEAST[pair]
    assert sum(made[edge] == gold[edge] for edge in both) / len(both) >= LEAST_KINDS
