"""Records with values that a database cannot count, index or write: stored or held, never a crash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.dataset.dataset_writer import write_dataset
from pipeline.model import Notice
from pipeline.store import Query, Store, load_notices, record_rows, schema, search, storable
from tests.stores import counts, place, plan, postgres, rows

__all__ = ["place", "postgres"]


def change_item(notice: Notice, **update: Any) -> Notice:
    """The notice with its first item changed."""
    first, *others = notice.items
    return notice.model_copy(update={"items": (replace(first, **update), *others)})


def with_names(notice: Notice, count: int) -> Notice:
    """The notice with so many hosts in its first item."""
    one = notice.items[0].assignments[1]
    name = one.names[0]
    many = tuple(replace(name, name=f"单位{n}", canonical=None) for n in range(count))
    assignment = replace(one, names=many)
    return change_item(notice, host_units=many, assignments=(assignment,))


def test_a_nul_is_shown_as_a_mark_and_kept_in_the_record(place: str) -> None:
    other = plan(2012, path="b.txt")
    damaged = change_item(plan(), content="甲\0乙食堂 \\u0000", title="丙\0丁")
    with Store(place) as store:
        assert counts(load_notices([damaged, other], store)) == (2, 0, 0, 0)
        assert store.record(damaged.notice_id) == damaged
        told = rows(store, "SELECT title, content FROM items WHERE year = 2011 ORDER BY id DESC")
        assert told[0] == ("丙\ufffd丁", "甲\ufffd乙食堂 \\u0000")
        assert search(store, Query(("乙食堂",))).total == 1
        assert counts(load_notices([damaged], store)) == (0, 0, 1, 0)


def test_a_great_number_is_stored(place: str) -> None:
    with Store(place) as store:
        load_notices([change_item(plan(), number=2**31 + 7)], store)
        assert rows(store, "SELECT MAX(number) FROM items") == [(2**31 + 7,)]
        assert store.frame("items")["number"].max() == 2**31 + 7


@pytest.fixture
def few_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an item have fewer numbers for its rows: a record that fills them takes half a minute."""
    assert storable.ITEM_STEP is record_rows.ITEM_STEP is schema.ITEM_STEP
    for module in (storable, record_rows):
        monkeypatch.setattr(module, "ITEM_STEP", 900)


@pytest.mark.usefixtures("few_numbers")
@pytest.mark.parametrize(
    ("damage", "fact"),
    [
        (lambda one: change_item(one, number=2**63), "#1 is beyond what a store counts"),
        (lambda one: one.model_copy(update={"year": 10**9}), "the year 1000000000 is beyond"),
        (lambda one: with_names(one, 900), "#1 has 900 names, a store keeps 899"),
        (
            lambda one: with_names(one, 1).model_copy(
                update={"items": (_long_name(with_names(one, 1)),)}
            ),
            "an index keeps 2,500",
        ),
    ],
)
def test_what_no_store_keeps_is_held(place: str, damage: Any, fact: str) -> None:
    first, other = plan(), plan(2012, path="b.txt")
    with Store(place) as store:
        loaded = load_notices([damage(first), other], store)
        assert counts(loaded) == (1, 0, 0, 0)
        assert [one.place for one in loaded.held] == [first.notice_id]
        assert fact in loaded.held[0].fact
        assert rows(store, "SELECT year FROM notices") == [(2012,)]
        # An earlier version stays current.
        assert counts(load_notices([first], store)) == (1, 0, 0, 0)
        assert len(load_notices([damage(first)], store).held) == 1
        assert store.record(first.notice_id) == first
        assert len(store.frame("notices")) == 2


@pytest.mark.usefixtures("few_numbers")
def test_an_item_of_the_most_names_has_a_number_for_each(place: str) -> None:
    with Store(place) as store:
        loaded = load_notices([with_names(plan(), 899), plan(2012, path="b.txt")], store)
        assert counts(loaded) == (2, 0, 0, 0)
        both = "FROM assignments JOIN items ON items.item_id = assignments.item_id"
        assert rows(store, f"SELECT COUNT(*) {both}")[0][0] > 899
        strange = f"SELECT COUNT(*) {both} WHERE assignments.id / 900 <> items.id"
        assert rows(store, strange) == [(0,)]


def test_a_database_counts_the_last_assignment_of_the_last_year() -> None:
    greatest = schema.id_range(9999)[1] * schema.ITEM_STEP + schema.ITEM_STEP - 1
    assert greatest < 2**63


def _long_name(notice: Notice) -> Any:
    one = notice.items[0].assignments[0]
    names = (replace(one.names[0], name="".join(map(chr, range(0x4E00, 0x5200)))),)
    return replace(notice.items[0], assignments=(replace(one, names=names),))


def test_the_command_lists_what_is_held(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    held = change_item(plan(), number=2**70)
    write_dataset([held, plan(2012, path="b.txt")], out)
    assert cli.main(["load", str(out), "--store", place]) == 1
    told = capsys.readouterr().err
    assert f"{held.notice_id}: the number of {held.notice_id}#1 is beyond" in told
    assert "1 added, 1 held" in told


def test_an_item_of_many_names(place: str) -> None:
    many = with_names(plan(), 12_000)
    with Store(place) as store:
        load_notices([many, plan(2012, path="b.txt")], store)
        assert rows(store, "SELECT COUNT(*) FROM assignments WHERE role = 'host'") == [(12_005,)]
        last = search(store, Query(unit="单位11999"))
        assert [hit.item["item_id"] for hit in last.hits] == [f"{many.notice_id}#1"]
        assert search(store, Query(("食堂",), unit="单位11999")).total == 1
        assert search(store, Query(unit="区住建局", years=(2011,))).total == 1


def test_an_older_store_is_not_touched(place: str) -> None:
    with Store(place) as store:
        load_notices([plan()], store)
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE about SET value = '1' WHERE name = 'schema'")
        with pytest.raises(Exception, match="has schema 1, this version knows 4; load into a new"):
            load_notices([plan(2012)], store)
