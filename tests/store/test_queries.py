"""Which items a search finds in which order, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.store import Hit, Query, Store, load_notices, search
from tests.case_tables import read_cases
from tests.stores import plan


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three years of one plan, loaded in another order."""
    with Store(tmp_path_factory.mktemp("store") / "s.sqlite") as made:
        notices = [plan(year, path=f"{year}.txt") for year in (2011, 2013, 2012)]
        load_notices(notices, made)
        yield made


def shown(hit: Hit) -> str:
    return f"{hit.item['label'][0]}-{hit.item['year']}"


@pytest.mark.parametrize(
    "case", read_cases("search_ranks"), ids=lambda case: "-".join(filter(None, case.values()))
)
def test_ranks_and_filters(store: Store, case: dict[str, Any]) -> None:
    texts = {key: case[key] or None for key in ("role", "unit", "leader", "region")}
    years = tuple(map(int, case["years"].split()))
    query = Query(tuple(case["words"].split()), years, **texts)
    result = search(store, query, int(case["limit"] or 20))
    assert " ".join(map(shown, result.hits)) == case["hits"]
    assert (result.total, result.is_more) == (int(case["total"]), False)


def test_names_rank_before_contents(tmp_path: Path) -> None:
    notice = plan()
    first, *others = notice.items
    first = replace(first, content=f"{first.content}会同住建部门。")
    with Store(tmp_path / "s.sqlite") as made:
        load_notices([notice.model_copy(update={"items": (first, *others)})], made)
        hits = search(made, Query(("住建",))).hits
    assert [(hit.item["label"], hit.field) for hit in hits] == [
        ("2、", "host_units"), ("1、", "content"),
    ]  # fmt: skip


def test_counting_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.queries.COUNTED", 9)
    assert search(store, Query(("财政",)), 2).total == 9
    assert not search(store, Query(("财政",)), 2).is_more
    monkeypatch.setattr("pipeline.store.queries.COUNTED", 8)
    few = search(store, Query(("财政",)), 2)
    assert (few.total, few.is_more) == (8, True)
    assert search(store, Query(("财政",)), None).total == 9
