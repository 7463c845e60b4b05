"""Loads: versions, one transaction a load, two writers, the same in SQLite and PostgreSQL."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset.dataset_writer import write_dataset
from pipeline.dataset.manifest import MANIFEST
from pipeline.decisions.anchors import anchor_of
from pipeline.decisions.correction import Correction
from pipeline.decisions.correction_fits import apply_corrections
from pipeline.model import Notice
from pipeline.store import Query, Store, load_notices, load_output, search
from tests.stores import PLAN, counts, place, plan, postgres, rows

__all__ = ["place", "postgres"]


def test_loading_again_changes_nothing(place: str) -> None:
    with Store(place) as store:
        assert counts(load_notices([plan()], store)) == (1, 0, 0, 0)
        before = rows(store, "SELECT * FROM versions")
        assert counts(load_notices([plan()], store)) == (0, 0, 1, 0)
        assert rows(store, "SELECT * FROM versions") == before
        assert rows(store, "SELECT COUNT(*) FROM items") == [(3,)]


def test_a_record_read_anew_is_a_new_version(place: str) -> None:
    first = plan()
    better = first.model_copy(update={"region": "盐田区某地"})
    with Store(place) as store:
        load_notices([first], store)
        assert counts(load_notices([better], store)) == (0, 1, 0, 0)
        told = store.versions(first.notice_id)
        assert [(one["version"], one["retired_at"]) for one in told] == [(1, None), (2, None)]
        assert store.record(first.notice_id) == better
        assert store.record(first.notice_id, 1) == first
        assert rows(store, "SELECT region FROM notices") == [("盐田区某地",)]
        assert len(search(store, Query(("智慧食堂",))).hits) == 1
        # Going back is a version too: what was loaded when stays told.
        load_notices([first], store)
        assert [one["version"] for one in store.versions(first.notice_id)] == [1, 2, 3]


def test_two_records_of_one_notice_in_a_load(place: str) -> None:
    first = plan()
    better = first.model_copy(update={"region": "某区"})
    with Store(place) as store:
        assert counts(load_notices([first, better, first, better], store)) == (1, 3, 0, 0)
        assert [one["version"] for one in store.versions(first.notice_id)] == [1, 2, 3, 4]
        assert rows(store, "SELECT region FROM notices") == [("某区",)]
        assert search(store, Query(("智慧食堂",))).total == 1


def test_a_record_under_another_s_name(tmp_path: Path) -> None:
    write_dataset([plan()], tmp_path / "out")
    record = next((tmp_path / "out" / "json").iterdir())
    record.rename(record.with_name("other-00c0ffee.json"))
    (tmp_path / "out" / MANIFEST).unlink()
    with Store(tmp_path / "s.sqlite") as store:
        loaded = load_output(tmp_path / "out", store)
    assert counts(loaded) == (0, 0, 0, 0)
    assert "holds the record 'a-" in str(loaded.held[0])


def test_a_new_text_retires_the_old_one(place: str, tmp_path: Path) -> None:
    document, out = tmp_path / "plan.txt", tmp_path / "out"
    with Store(place) as store:
        for count in (5, 6):
            document.write_text(PLAN.format(year=2011, count=count), "utf-8")
            assert cli.main(["parse", str(document), "-o", str(out)]) == 0
            told = counts(load_output(out, store))
        assert told == (1, 0, 0, 1)
        assert len(search(store, Query(("智慧食堂",))).hits) == 1
        assert not search(store, Query(("5家",))).hits
        assert len(search(store, Query(("6家",))).hits) == 1
        versions = rows(store, "SELECT retired_at IS NOT NULL FROM versions ORDER BY id")
        assert [bool(one) for (one,) in versions] == [True, False]
        # The first text comes back: its version is current again, and the other retired.
        document.write_text(PLAN.format(year=2011, count=5), "utf-8")
        assert cli.main(["parse", str(document), "-o", str(out)]) == 0
        assert counts(load_output(out, store)) == (0, 1, 0, 1)
        assert len(search(store, Query(("5家",))).hits) == 1
        assert rows(store, "SELECT COUNT(*) FROM versions") == [(2,)]


def test_a_load_that_fails_leaves_nothing(place: str) -> None:
    def broken() -> Iterator[Notice]:
        yield plan(2011)
        yield plan(2012, path="b.txt")
        raise KeyboardInterrupt

    with Store(place) as store:
        load_notices([plan(2010, path="c.txt")], store)
        with pytest.raises(KeyboardInterrupt):
            load_notices(broken(), store)
        assert rows(store, "SELECT year FROM notices") == [(2010,)]
        assert rows(store, "SELECT COUNT(*) FROM versions") == [(1,)]
        assert not search(store, Query(years=(2011,))).hits
        assert counts(load_notices([plan(2011)], store)) == (1, 0, 0, 0)


def _load(place: str, output: str) -> None:
    with Store(place) as store:
        load_output(Path(output), store)


def test_two_writers_lose_nothing(place: str, tmp_path: Path) -> None:
    outputs = []
    for half in (0, 1):
        made = [plan(2000 + n, path=f"{half}-{n}.txt") for n in range(20)]
        outputs.append(tmp_path / f"out{half}")
        write_dataset([*made, plan(2020, path="both.txt")], outputs[-1])
    spawned = multiprocessing.get_context("spawn")
    writers = [spawned.Process(target=_load, args=(place, str(out))) for out in outputs]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with Store(place) as store:
        assert rows(store, "SELECT COUNT(*) FROM notices") == [(41,)]
        assert rows(store, "SELECT COUNT(*) FROM items") == [(123,)]
        assert rows(store, "SELECT COUNT(*) FROM versions") == [(41,)]
        assert search(store, Query(("智慧食堂",)), None).total == 41


def test_values_in_force(place: str) -> None:
    notice = plan()
    item = notice.items[1]
    about = ("host_units", "区城管局、区住建局", "张", "2024-06-30", "原文有误", "区住建局")
    laid, _ = apply_corrections(notice, [Correction(anchor_of(notice, item), *about)])
    with Store(place) as store:
        load_notices([laid], store)
        found = search(store, Query(unit="区城管局", role="host")).hits
        assert [hit.item["item_id"] for hit in found] == [item.item_id]
        assert found[0].item["corrected"] == "host_units"
        told = rows(store, 'SELECT field, read, value, who, "when", why FROM corrections')
        assert told == [("host_units", "区住建局", about[1], "张", "2024-06-30", "原文有误")]
        assert store.record(notice.notice_id) == laid
        hosts = store.frame("assignments", item_id=item.item_id, role="host")
        assert hosts["name"].tolist() == ["区城管局", "区住建局"]
        assert hosts["start"].isna().all()


def test_references_hold(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        load_notices([plan(2010 + n, path=f"{n}.txt") for n in range(3)], store)
        load_notices([plan(2011).model_copy(update={"path": "1.txt", "region": "某区"})], store)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        raw.execute("INSERT INTO item_words(item_words) VALUES ('integrity-check')")


def test_units_are_those_that_are_current(place: str, tmp_path: Path) -> None:
    """A body that nobody names any more goes, and so does a name that is no more its own."""
    document, out = tmp_path / "plan.txt", tmp_path / "out"
    with Store(place) as store:
        document.write_text(PLAN.format(year=2011, count=5), "utf-8")
        assert cli.main(["parse", str(document), "-o", str(out)]) == 0
        load_output(out, store)
        names = rows(store, "SELECT name FROM unit_names WHERE canonical LIKE '%发展%'")
        assert sorted(names) == [("区发改局",), ("区发改局(区统计局)",), ("区统计局",)]
        decisions = tmp_path / "j.csv"
        for body in ("甲局", "乙局"):
            decisions.write_text(
                f"place,name,body,decision,who,why\n,区住建局,{body},same,张,\n", "utf-8"
            )
            assert cli.main(["names", str(out), "--judge", str(decisions)]) == 0
            load_output(out, store)
        names = rows(store, "SELECT canonical FROM unit_names WHERE name = '区住建局'")
        assert names == [("乙局",)]
        document.write_text(
            PLAN.format(year=2011, count=5).replace("区发改局(区统计局)", "区教育局"), "utf-8"
        )
        assert cli.main(["parse", str(document), "-o", str(out)]) == 0
        load_output(out, store)
        bodies = {one for (one,) in rows(store, "SELECT canonical FROM units")}
        named = {one for (one,) in rows(store, "SELECT canonical FROM assignments")}
        assert bodies == named - {None}
        assert "甲局" not in bodies


def test_outputs_without_a_manifest_retire_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        for n in (1, 2):
            out = tmp_path / f"out{n}"
            write_dataset([plan(2010 + n, path=f"{n}.txt")], out)
            (out / ".fengong.json").unlink()
            assert counts(load_output(out, store)) == (1, 0, 0, 0)
        assert len(store.frame("notices")) == 2


def test_what_two_outputs_hold_is_retired_by_the_last(tmp_path: Path) -> None:
    both = tmp_path / "both.txt"
    both.write_text(PLAN.format(year=2011, count=5), "utf-8")
    mine = tmp_path / "mine.txt"
    mine.write_text(PLAN.format(year=2012, count=5), "utf-8")
    outs = [tmp_path / "a", tmp_path / "b"]
    for out in outs:
        assert cli.main(["parse", str(both), str(mine), "-o", str(out)]) == 0
    with Store(tmp_path / "s.sqlite") as store:
        for out in outs:
            load_output(out, store)
        assert cli.main(["parse", str(mine), "-o", str(outs[0])]) == 0
        assert counts(load_output(outs[0], store)) == (0, 0, 1, 0)
        assert counts(load_output(outs[1], store)) == (0, 0, 2, 0)
        assert cli.main(["parse", str(mine), "-o", str(outs[1])]) == 0
        assert counts(load_output(outs[1], store)) == (0, 0, 1, 1)
        assert rows(store, "SELECT year FROM notices") == [(2012,)]
