"""A fault with one notice's rows leaves this notice out whole; the rest of a load is done."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from pipeline import cli
from pipeline.dataset.dataset_writer import write_dataset
from pipeline.dataset.record_files import record_path
from pipeline.errors import StoreError, UnexpectedError
from pipeline.model import Notice
from pipeline.store import Query, Store, load_notices, load_output, search
from pipeline.store.insert import Portion, insert_many
from pipeline.store.record_rows import record_rows
from pipeline.store.schema import ASSIGNMENTS, ITEMS, TABLES
from tests.stores import counts, place, plan, postgres, rows

__all__ = ["place", "postgres"]

# The year of the notice that fails.
BAD = 2012


class Panic(BaseException):
    """An exception as a library written in another language raises it."""


def plans(count: int = 5) -> list[Notice]:
    return [plan(year, count, f"{year}.txt") for year in (2011, BAD, 2013)]


def is_bad(value: object) -> bool:
    """Whether a value is of the notice that fails: its record, its rows, or a text of it."""
    return str(BAD) in str(value)


def plant(monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    """Let a function fail where one of its arguments is of the notice that fails."""
    module, name = failing.rsplit(".", 1)
    owner: Any
    try:
        owner = importlib.import_module(module)
    except ModuleNotFoundError:
        outer, _, inner = module.rpartition(".")
        owner = getattr(importlib.import_module(outer), inner)
    whole = getattr(owner, name)

    def planted(*args: object, **options: object) -> object:
        if any(map(is_bad, args)):
            raise Panic(*["planted"])
        return whole(*args, **options)

    monkeypatch.setattr(owner, name, planted)


def content(store: Store) -> dict[str, set[tuple[object, ...]]]:
    """All rows of a store without the ids, which follow from the order of loading, and the times."""
    left_out = {"id", "version_id", "loaded_at", "retired_at", "version"}
    return {
        table.name: set(rows(store, f'SELECT {heads} FROM "{table.name}"'))  # noqa: S608
        for table in TABLES.values()
        if table.name != "about"
        for heads in [", ".join(f'"{one.name}"' for one in table.c if one.name not in left_out)]
    }


def found(store: Store) -> list[tuple[object, ...]]:
    """How many items the index finds: each of a plan has one of these words."""
    return [(sum(search(store, Query((word,))).total for word in ("食堂", "小区", "预算")),)]


@pytest.mark.parametrize(
    "failing",
    [
        "pipeline.store.load.record_bytes",
        "pipeline.store.load_batches.make_storable",
        "pipeline.store.load_batches.record_rows",
        "pipeline.store.load_batches.in_force",
        "pipeline.store.load_batches._portion",
        "pipeline.store.index.SqliteIndex.prepare",
        "pipeline.store.index.PostgresIndex.prepare",
        "pipeline.store.write_batches.insert_many",
    ],
)
def test_a_fault_leaves_one_notice_out(
    place: str, failing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if ("Sqlite" in failing) == ("://" in place) and "index" in failing:
        pytest.skip("the other database's index")
    good = [one for one in plans() if one.year != BAD]
    with Store(place) as store, monkeypatch.context() as patch:
        plant(patch, failing)
        loaded = load_notices(plans(), store)
        assert counts(loaded) == (2, 0, 0, 0)
        assert [type(one) for one in loaded.held] == [UnexpectedError]
        assert loaded.held[0].place == plans()[1].notice_id
        assert "unexpected error at " in loaded.held[0].fact
        with Store(tmp_path / "clean.sqlite") as clean:
            load_notices(good, clean)
            assert content(store) == content(clean)
            assert found(store) == found(clean)
    with Store(place) as store, Store(tmp_path / "all.sqlite") as clean:
        assert counts(load_notices(plans(), store)) == (1, 0, 2, 0)
        load_notices(plans(), clean)
        assert content(store) == content(clean)
        assert found(store) == found(clean)


@pytest.mark.parametrize(
    "failing",
    [
        "pipeline.store.load_batches.record_rows",
        "pipeline.store.write_batches.insert_many",
        "pipeline.store.write_batches.remove_notices",
    ],
)
def test_a_notice_that_cannot_be_replaced_keeps_its_version(
    place: str, failing: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    write_dataset(plans(), output)
    before, ids = plans(), [one.notice_id for one in plans()]

    def change(notice: Notice) -> Notice:
        first, *others = notice.items
        more = replace(first, content=f"{first.content}又及。")
        return notice.model_copy(update={"items": (more, *others)})

    write_dataset(map(change, before), output)
    with Store(place) as store, monkeypatch.context() as patch:
        load_notices(before, store)
        plant(patch, failing)
        loaded = load_output(output, store)
        assert counts(loaded) == (0, 2, 0, 0)
        assert [one.place for one in loaded.held] == [ids[1]]
        assert [len(store.versions(one)) for one in ids] == [2, 1, 2]
        assert store.record(ids[1]) == before[1]
        assert rows(store, "SELECT COUNT(*) FROM items WHERE content LIKE '%又及。'") == [(2,)]
        assert rows(store, "SELECT COUNT(*) FROM items") == found(store) == [(9,)]
    with Store(place) as store:
        assert counts(load_output(output, store)) == (0, 1, 2, 0)


def test_a_notice_that_cannot_be_retired_stays(
    place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    write_dataset(plans(), output)
    with Store(place) as store:
        load_output(output, store)
        write_dataset([plan(2014, path="2014.txt")], output)
        with monkeypatch.context() as patch:
            plant(patch, "pipeline.store.load.remove_notices")
            loaded = load_output(output, store)
        assert counts(loaded) == (1, 0, 0, 2)
        assert [one.place for one in loaded.held] == [plans()[1].notice_id]
        assert rows(store, "SELECT DISTINCT year FROM items ORDER BY year") == [(BAD,), (2014,)]
        assert rows(store, "SELECT COUNT(*) FROM items") == found(store)


def twice(made: dict[Any, list[dict[str, Any]]]) -> None:
    made[ITEMS].append(made[ITEMS][0] | {"id": made[ITEMS][0]["id"] - 500})


def without_title(made: dict[Any, list[dict[str, Any]]]) -> None:
    made[ITEMS][0]["title"] = None


def half_a_pair(made: dict[Any, list[dict[str, Any]]]) -> None:
    made[ASSIGNMENTS][0]["name"] = "甲\ud800"


def too_great(made: dict[Any, list[dict[str, Any]]]) -> None:
    made[ITEMS][0]["number"] = 2**80


def no_value(made: dict[Any, list[dict[str, Any]]]) -> None:
    made[ITEMS][0]["label"] = object()


@pytest.mark.parametrize("spoil", [twice, without_title, half_a_pair, too_great, no_value])
@pytest.mark.parametrize("earlier", [(), (2010,)], ids=["empty store", "later load"])
def test_rows_that_the_database_refuses_leave_one_notice_out(
    place: str, spoil: Callable[[Any], None], earlier: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def planted(notice: Notice, version_id: int, last_item: int) -> Any:
        made = record_rows(notice, version_id, last_item)
        if notice.year == BAD:
            spoil(made)
        return made

    monkeypatch.setattr("pipeline.store.load_batches.record_rows", planted)
    with Store(place) as store:
        load_notices([plan(year, path=f"{year}.txt") for year in earlier], store)
        loaded = load_notices(plans(), store)
        assert counts(loaded) == (2, 0, 0, 0)
        assert [type(one) for one in loaded.held] == [UnexpectedError]
        assert str(loaded.held[0]).startswith(f"{plans()[1].notice_id}: unexpected error at store/")
        years = [(year,) for year in (*earlier, 2011, 2013)]
        assert rows(store, "SELECT year FROM notices ORDER BY year") == years
        assert rows(store, f"SELECT 1 FROM versions WHERE title LIKE '%{BAD}%'") == []  # noqa: S608
        assert rows(store, "SELECT COUNT(*) FROM items") == found(store)


@pytest.mark.parametrize("words", ["database or disk is full", "disk I/O error"])
def test_a_failure_of_the_database_takes_all_back(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(connection: Connection, portion: Portion) -> None:
        if portion.table == "items" and is_bad(portion.rows):
            raise sqlite3.OperationalError(words)
        insert_many(connection, portion)

    monkeypatch.setattr("pipeline.store.write_batches.insert_many", planted)
    with Store(tmp_path / "s.sqlite") as store:
        with pytest.raises(StoreError, match=words):
            load_notices(plans(), store)
        with pytest.raises(StoreError, match="holds no notices"):
            store.versions("x")


def test_records_that_cannot_be_read_are_held(place: str, tmp_path: Path) -> None:
    output = tmp_path / "out"
    write_dataset(plans(), output)
    ids = [one.notice_id for one in plans()]
    record_path(output, ids[0]).write_text("{}")
    record_path(output, ids[1]).write_bytes(record_path(output, ids[2]).read_bytes())
    with Store(place) as store:
        loaded = load_output(output, store)
        assert counts(loaded) == (1, 0, 0, 0)
        assert [one.place.rpartition("/")[2] for one in loaded.held] == [
            f"{one}.json" for one in ids[:2]
        ]


@pytest.mark.parametrize(
    "command",
    [("load",), ("export", "--to", "sqlite"), ("export", "--to", "sqlite", "--notice")],
    ids=["load", "export", "export of chosen notices"],
)
def test_the_commands_name_what_is_held(
    command: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    output = tmp_path / "out"
    write_dataset(plans(), output)
    ids = [one.notice_id for one in plans()]
    plant(monkeypatch, "pipeline.store.load_batches.record_rows")
    name, *options = command
    if "--notice" in options:
        options += " --notice ".join(ids).split()
    assert cli.main([name, str(output), *options]) == 1
    told = capsys.readouterr().err
    assert f"{ids[1]}: unexpected error at store/load_batches.py:" in told
    assert "please report this line" in told
    assert "2 added, 1 held" in told
