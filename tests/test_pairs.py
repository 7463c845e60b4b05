"""Comparisons of published plans held against answers made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.diff import diff_notices
from pipeline.model import Notice
from pipeline.parse import parse_notice
from pipeline.read import read_source


def _read(folder: Path) -> tuple[Notice, dict[str, int]]:
    """A document's record, and its items' places in the answer by how they begin."""
    notice = parse_notice(read_source(next(folder.glob("doc.*"))), folder.name)
    gold = json.loads((folder / "gold.json").read_text("utf-8"))["items"]
    places = {}
    for item in notice.items:
        place = (n for n, one in enumerate(gold) if item.content.startswith(one["starts"]))
        places[item.item_id] = next(place, -1)
    return notice, places


def test_published_pairs(corpus: Path) -> None:
    right = found = wanted = kinds = 0
    for path in sorted((corpus.parent / "pairs").glob("*.json")):
        answer: dict[str, Any] = json.loads(path.read_text("utf-8"))
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
        both = made.keys() & gold.keys()
        right, found, wanted = right + len(both), found + len(made), wanted + len(gold)
        kinds += sum(made[edge] == gold[edge] for edge in both)
    assert 2 * right / (found + wanted) >= 0.94
    assert kinds / right >= 0.9
