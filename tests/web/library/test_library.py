"""The library: what it lists is what the files say, and a change shows at once."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from pipeline.store.desk_copy import DeskCopy
from pipeline.web.library import ItemFilter, Library, NotFoundError, RequestError, Snapshot
from pipeline.web.library import library as library_module
from tests.web.outputs import run, write_plan


@pytest.fixture(scope="module")
def snapshot(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    library = Library(made, tmp_path_factory.mktemp("cache"))
    yield library.current()
    library.close()


@pytest.fixture
def output(made: Path, tmp_path: Path) -> Path:
    """A copy of the OUTPUT that a test may change."""
    return Path(shutil.copytree(made, tmp_path / "output"))


@pytest.fixture
def library(output: Path, tmp_path: Path) -> Iterator[Library]:
    library = Library(output, tmp_path / "cache")
    yield library
    library.close()


def _table(output: Path, name: str) -> list[dict[str, str]]:
    with (output / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _all_pages(snapshot: Snapshot, wanted: ItemFilter, size: int, **more: str) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        page = snapshot.items(wanted, after, size, **more)  # type: ignore[arg-type]
        found += [row.item_id for row in page.rows]
        after = page.following
        if after is None:
            return found


def test_cells_are_those_of_the_table(snapshot: Snapshot, made: Path) -> None:
    rows = snapshot.items(ItemFilter()).rows
    listed = {row.item_id: {k: str(v or "") for k, v in row.cells.items()} for row in rows}
    assert listed == {row["item_id"]: row for row in _table(made, "items")}


@pytest.mark.parametrize("is_anew", [False, True])
def test_a_copy_that_was_removed_is_made_anew(
    library: Library, output: Path, tmp_path: Path, *, is_anew: bool
) -> None:
    """Also where another program has made a file of this name since."""
    library.current().load()
    (copy,) = (tmp_path / "cache").glob("*.sqlite")
    for one in (tmp_path / "cache").iterdir():
        one.rename(tmp_path / one.name)
    if is_anew:
        copy.write_bytes(b"")
    rows = library.current().items(ItemFilter()).rows
    assert {row.item_id for row in rows} == {row["item_id"] for row in _table(output, "items")}
    assert copy.stat().st_size


@pytest.mark.parametrize("order", ["best", "doubtful"])
@pytest.mark.parametrize("words", ["", "财政", "财政 预算"])
@pytest.mark.parametrize("size", [1, 4, 50])
def test_pages_have_each_item_once(snapshot: Snapshot, order: str, words: str, size: int) -> None:
    wanted = ItemFilter(words=words)
    found = _all_pages(snapshot, wanted, size, order=order)
    assert len(found) == len(set(found)) == snapshot.facets(wanted).total > 0
    assert found == _all_pages(snapshot, wanted, 100, order=order)


def test_facets_lead_to_as_many_items_as_they_say(snapshot: Snapshot) -> None:
    facets = snapshot.facets(ItemFilter())
    assert facets.total == 18
    for name, values in facets.values.items():
        assert values
        for value, items in values:
            wanted = (
                ItemFilter(years=(int(value),)) if name == "year" else ItemFilter(**{name: value})  # type: ignore[arg-type]
            )
            assert len(_all_pages(snapshot, wanted, 100)) == items, (name, value)
            assert snapshot.facets(wanted).total == items


def test_words_are_marked_in_their_sentence(snapshot: Snapshot) -> None:
    row = snapshot.items(ItemFilter(words="ＧＤＰ 核算", years=(2011,))).rows[0]
    assert row.field == "content"
    assert row.sentence == "做好GDP（地区生产总值）核算，增长率100%以上。"
    assert [row.sentence[a:b] for a, b in row.marks] == ["GDP", "核算"]


def test_most_doubtful_items_come_first(snapshot: Snapshot) -> None:
    rows = snapshot.items(ItemFilter(), size=18, order="doubtful").rows
    assert [row.doubt for row in rows] == [1] * 6 + [0] * 12
    doubtful = snapshot.items(ItemFilter(doubt="any")).rows
    assert {row.item_id for row in doubtful} == {row.item_id for row in rows[:6]}
    assert all(row.cells["problems"] == "missing-host" for row in doubtful)
    assert {plan.doubts for plan in snapshot.plans()} == {1}


def test_record_is_that_of_the_file(snapshot: Snapshot, made: Path) -> None:
    for plan in snapshot.plans():
        view = snapshot.notice(plan.notice_id)
        data = (made / "json" / f"{plan.notice_id}.json").read_bytes()
        assert snapshot.record(plan.notice_id) == data
        assert json.loads(view.record.model_dump_json()) == json.loads(data)
        assert snapshot.notice(plan.notice_id) is view


def test_correction_shows_at_once_and_no_other_notice_is_loaded(
    library: Library, output: Path
) -> None:
    before = library.current()
    item_id = before.items(ItemFilter(words="食堂", years=(2011,))).rows[0].item_id
    old = before.notice(item_id.partition("#")[0])
    copies = sorted((output.parent / "cache").glob("*.sqlite"))
    with closing(sqlite3.connect(copies[0])) as connection:
        versions = dict(connection.execute("SELECT notice_id, id FROM versions"))
    run("correct", item_id, "--set", "title=建设新食堂", "-o", output, "--who", "张")
    now = library.current()
    assert now.version != before.version
    changed = now.items(ItemFilter(words="新食堂")).rows
    assert [(row.item_id, row.state) for row in changed] == [(item_id, "corrected")]
    view = now.notice(old.record.notice_id)
    assert view.version != old.version
    assert view.item(item_id).title == "建设新食堂"  # type: ignore[union-attr]
    assert view.reviews[item_id].state == "corrected"
    plan = now.plan_by_id[old.record.notice_id]
    assert (plan.corrected, plan.doubts) == (1, 1)
    with closing(sqlite3.connect(copies[0])) as connection:
        after = dict(connection.execute("SELECT notice_id, id FROM versions"))
    assert {one for one in after if after[one] != versions.get(one)} == {old.record.notice_id}
    # An earlier snapshot still answers.
    assert len(before.plans()) == 6
    assert len(before.items(ItemFilter()).rows) == 18


def test_item_found_right_is_not_doubtful_any_more(library: Library, output: Path) -> None:
    doubtful = library.current().items(ItemFilter(doubt="missing-host")).rows
    run("correct", doubtful[0].item_id, "--reviewed", "-o", output, "--who", "张")
    now = library.current()
    left = now.items(ItemFilter(doubt="any"), order="doubtful").rows
    assert {row.item_id for row in left} == {row.item_id for row in doubtful[1:]}
    assert [row.item_id for row in now.items(ItemFilter(state="reviewed")).rows] == [
        doubtful[0].item_id
    ]
    plan = now.plan_by_id[doubtful[0].notice_id]
    assert (plan.doubts, plan.reviewed) == (0, 1)
    assert now.notice(plan.notice_id).reviews[doubtful[0].item_id].state == "reviewed"
    run("correct", doubtful[1].notice_id, "--reviewed", "-o", output, "--who", "张")
    now = library.current()
    assert now.facets(ItemFilter(state="reviewed")).total == 4
    assert now.facets(ItemFilter(doubt="any")).total == 4
    view = now.notice(doubtful[1].notice_id)
    assert {one.state for one in view.reviews.values()} == {view.review.state} == {"reviewed"}


def test_lists_are_brought_up_to_a_change_when_one_is_asked_for(
    library: Library, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = library.current().items(ItemFilter()).rows[:2]
    followed: list[int] = []
    follow = DeskCopy.follow

    def count(*given: Any, **more: Any) -> object:
        followed.append(len(followed))
        return follow(*given, **more)

    monkeypatch.setattr(DeskCopy, "follow", count)
    run("correct", first.item_id, "--set", "leaders=王强", "-o", output, "--who", "张")
    before = library.refresh()
    run("correct", second.item_id, "--set", "leaders=王强", "-o", output, "--who", "张")
    now = library.refresh()
    assert now is library.current()
    item = now.notice(second.item_id.partition("#")[0]).item(second.item_id)
    assert item is not None
    assert [one.name for one in item.leaders] == ["王强"]
    assert not followed
    corrected = {first.item_id, second.item_id}
    assert {one.item_id for one in now.items(ItemFilter(state="corrected")).rows} == corrected
    # An earlier look does not lead the lists back.
    assert {one.item_id for one in before.items(ItemFilter(state="corrected")).rows} == corrected
    assert followed == [0]


def test_a_record_that_is_newer_than_its_manifest_is_not_taken_for_the_older_one(
    library: Library, output: Path
) -> None:
    first, second = library.current().items(ItemFilter()).rows[:2]
    run("correct", first.item_id, "--set", "leaders=王强", "-o", output, "--who", "张")
    before = library.refresh()
    run("correct", second.item_id, "--set", "leaders=王强", "-o", output, "--who", "张")
    # The file of the record is that of the second correction already.
    assert [one.fact for one in before.errors] == ["is another one than the manifest says"]
    run("correct", second.item_id, "--undo", "leaders", "-o", output, "--who", "张")
    now = library.refresh()
    found = now.items(ItemFilter(state="corrected")).rows
    assert [one.item_id for one in found] == [first.item_id]
    assert now.facets(ItemFilter(state="corrected")).total == 1
    assert now.errors == ()


def test_whoever_has_changed_nothing_waits_for_no_list_that_is_being_loaded(
    library: Library, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "_LATE_SECONDS", -1000)
    ready = library.listed()
    item_id = ready.items(ItemFilter()).rows[0].item_id
    run("correct", item_id, "--set", "leaders=王强", "-o", output, "--who", "张")
    now = library.refresh()
    begun, may_end = Event(), Event()
    follow = DeskCopy.follow

    def wait(*given: Any, **more: Any) -> object:
        begun.set()
        may_end.wait(20)
        return follow(*given, **more)

    monkeypatch.setattr(DeskCopy, "follow", wait)
    loading = Thread(target=library.load_lists)
    loading.start()
    assert begun.wait(20)
    assert library.listed() is ready
    assert library.listed(now.number) is now
    may_end.set()
    loading.join()
    assert library.listed() is now


def test_ready_lists_are_a_moment_older_but_for_whoever_changed_something(
    library: Library, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "_LATE_SECONDS", 1000)
    ready = library.listed()
    item_id = ready.items(ItemFilter()).rows[0].item_id
    told: list[int] = []
    library.tell_changes_to(lambda: told.append(library.looked))
    run("correct", item_id, "--set", "leaders=王强", "-o", output, "--who", "张")
    assert library.listed() is library.listed(ready.number) is ready
    now = library.current()
    assert now.number == library.looked == ready.number + 1
    assert told == [now.number]
    assert library.listed(now.number) is now
    # A number of a desk that was started again is no state of this one.
    assert library.listed(999) is now
    library.load_lists()
    assert library.listed() is now
    # What was written long before somebody looks is waited for.
    monkeypatch.setattr(library_module, "_LATE_SECONDS", -1000)
    run("correct", item_id, "--set", "leaders=王明", "-o", output, "--who", "张")
    assert library.listed() is library.current() is not now


def test_notice_that_is_gone_is_listed_no_more(made: Path, tmp_path: Path) -> None:
    plans, output = tmp_path / "plans", tmp_path / "output"
    path = write_plan(plans, "盐田", 2010)
    write_plan(plans, "盐田", 2011)
    run("parse", plans, "-o", output)
    library = Library(output, tmp_path / "cache")
    assert library.current().facets(ItemFilter()).total == 6
    path.unlink()
    run("parse", plans, "-o", output)
    assert library.current().facets(ItemFilter()).total == 3
    # Another OUTPUT in the same place has nothing of the first one.
    shutil.rmtree(output)
    shutil.copytree(made, output)
    assert len(library.refresh().plans()) == 6
    assert library.current().facets(ItemFilter()).total == 18
    library.close()


def test_second_of_two_equal_notices_is_listed_and_not_counted(tmp_path: Path) -> None:
    plans, output = tmp_path / "plans", tmp_path / "output"
    path = write_plan(plans, "盐田", 2010)
    shutil.copy(path, plans / "再发.txt")
    run("parse", plans, "-o", output)
    library = Library(output, tmp_path / "cache")
    snapshot = library.current()
    assert sorted(bool(plan.duplicate) for plan in snapshot.plans()) == [False, True]
    assert snapshot.facets(ItemFilter()).total == 3
    for plan in snapshot.plans():
        assert len(snapshot.notice(plan.notice_id).notice.items) == 3
    library.close()


def test_empty_folder_has_no_plans(tmp_path: Path) -> None:
    library = Library(tmp_path / "none", tmp_path / "cache")
    snapshot = library.current()
    assert snapshot.plans() == ()
    assert snapshot.items(ItemFilter(words="财政")).rows == ()
    assert snapshot.facets(ItemFilter()).total == 0
    assert snapshot.table("units") == ()
    library.close()


def test_damaged_copy_is_made_anew(library: Library, output: Path, tmp_path: Path) -> None:
    assert library.current().facets(ItemFilter()).total == 18
    library.close()
    for path in (tmp_path / "cache").iterdir():
        path.write_bytes(b"no database" * 100)
    again = Library(output, tmp_path / "cache")
    assert again.current().facets(ItemFilter()).total == 18
    again.close()


def test_record_that_cannot_be_read_is_told(library: Library, output: Path) -> None:
    broken = next((output / "json").iterdir())
    broken.write_bytes(b"{")
    snapshot = library.current()
    assert [broken.name in str(error) for error in snapshot.errors] == [True]
    assert len(snapshot.plans()) == 5


@pytest.mark.parametrize("after", ["x", "1", "1-", "1-x", "-1-1", "0-99999999999999999999", "٣-٣"])
def test_wrong_cursor_is_refused(snapshot: Snapshot, after: str) -> None:
    with pytest.raises(RequestError, match="cursor"):
        snapshot.items(ItemFilter(), after)


def test_unknown_notice_is_refused(snapshot: Snapshot) -> None:
    for notice_id in ("x", "../datapackage", ""):
        with pytest.raises(NotFoundError):
            snapshot.notice(notice_id)
        with pytest.raises(NotFoundError):
            snapshot.record(notice_id)
