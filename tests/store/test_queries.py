"""Which items a search finds in which order, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import parse_notice
from pipeline.batch.jobs import notice_id
from pipeline.store import Hit, Query, Store, load_notices, search
from tests.case_tables import read_cases
from tests.conftest import source
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


def test_a_unit_is_found_by_every_name_that_it_had(tmp_path: Path) -> None:
    text = "盐田区{year}年重点工作任务分解\n一、推进工作。完善机制。\n责任单位：{unit}\n"
    units = {2021: "区大数据局", 2025: "区数据局", 2012: "区消防大队", 2020: "区消防救援大队"}
    notices = []
    for year, unit in units.items():
        path = f"{year}.txt"
        read = source(text.format(year=year, unit=unit)).model_copy(update={"path": path})
        notices.append(parse_notice(read, notice_id(path, read.sha256)))
    with Store(tmp_path / "s.sqlite") as made:
        load_notices(notices, made)

        def years(unit: str) -> list[int]:
            return [hit.item["year"] for hit in search(made, Query(unit=unit)).hits]

        for name in ("区大数据局", "区数据局", "盐田区数据局", "区大数据管理局"):
            assert years(name) == [2025, 2021], name
        for name in ("区消防大队", "区消防救援大队", "盐田区公安消防大队"):
            assert years(name) == [2020, 2012], name
        assert years("罗湖区数据局") == years("市数据局") == years("区财政局") == []
