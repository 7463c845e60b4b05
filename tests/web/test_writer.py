"""Corrections of many people become few writes, and none is lost."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.dataset.in_force import in_force
from pipeline.dataset.manifest import file_hash
from pipeline.dataset.record_files import read_own_record, read_records, record_path
from pipeline.decisions import concerned
from pipeline.decisions.changes import Author, Change
from pipeline.decisions.corrections import read_kept_corrections
from pipeline.errors import CorrectionError
from pipeline.model import Notice
from pipeline.web.review import writer as writing
from pipeline.web.review.writer import Task, Writer, choose_together
from pipeline.web.waiting import Waiting

BY = Author("张三", "2024-06-30")


def task(*changes: tuple[str, str]) -> Task:
    return Task([Change(item, field, "x") for item, field in changes], BY, Future())


@pytest.mark.parametrize(
    ("tasks", "together"),
    [
        ([("a#1", "title"), ("a#2", "title"), ("b#1", "title")], [0, 1, 2]),
        ([("a#1", "title"), ("a#1", "title"), ("a#2", "title")], [0]),
        ([("a#1", "split"), ("a#2", "title"), ("b#1", "title")], [0, 2]),
        ([("a#1", "title"), ("a#2", "delete"), ("a#3", "title"), ("b#1", "title")], [0, 3]),
        ([("a#1", "reviewed"), ("b#1", "reviewed")], [0, 1]),
    ],
)
def test_what_depends_on_an_earlier_change_waits(
    tasks: list[tuple[str, str]], together: list[int]
) -> None:
    all_tasks = [task(one) for one in tasks]
    now, later = choose_together(all_tasks)
    assert [all_tasks.index(one) for one in now] == together
    assert [*sorted(map(all_tasks.index, now)), *map(all_tasks.index, later)] == sorted(
        [*range(len(tasks))], key=lambda n: (n not in together, n)
    )


def test_all_of_many_corrections_are_kept_in_few_writes(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [item.item_id for one in read_records(output) for item in one.items]
    sizes: list[int] = []
    write = writing.write_tasks

    def count(where: Path, tasks: list[Task], waiting: Waiting, *more: object) -> object:
        sizes.append(len(tasks))
        return write(where, tasks, waiting, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "write_tasks", count)
    one = Writer(output, lambda: None)
    changes = [(item, f"王{n}") for item in items for n in range(3)]

    def correct(change: tuple[str, str]) -> object:
        return one.write([Change(change[0], "leaders", change[1])], BY)

    with ThreadPoolExecutor(8) as people:
        assert list(people.map(correct, changes)) == [[]] * len(changes)
    one.close()
    kept = {each.anchor.item_id: each.value for each in read_kept_corrections(output)}
    assert set(kept) == set(items)
    assert sum(sizes) == len(changes)
    assert max(sizes) > 1


def test_a_fault_of_one_person_stops_nobody_else(output: Path) -> None:
    item = next(iter(read_records(output))).items[0].item_id
    one = Writer(output, lambda: None)
    with ThreadPoolExecutor(2) as people:
        wrong = people.submit(one.write, [Change(item, "nothing", "x")], BY)
        right = people.submit(one.write, [Change(item, "leaders", "王强")], BY)
        with pytest.raises(CorrectionError):
            wrong.result()
        assert right.result() == []
    one.close()


def test_where_a_write_fails_each_is_tried_alone(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [item.item_id for one in read_records(output) for item in one.items][:2]
    write = writing.write_tasks

    def fail_together(where: Path, tasks: list[Task], waiting: Waiting, *more: object) -> object:
        if len(tasks) > 1 or tasks[0].changes[0].value == "bad":
            raise OSError(28, "No space left on device")
        return write(where, tasks, waiting, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "write_tasks", fail_together)
    one = Writer(output, lambda: None)
    tasks = [
        Task([Change(items[0], "leaders", "bad")], BY, Future()),
        Task([Change(items[1], "leaders", "王强")], BY, Future()),
    ]
    one._write_together(tasks)
    assert isinstance(tasks[0].done.exception(), OSError)
    assert tasks[1].done.result() == []
    one.close()


def test_a_kept_record_is_not_read_again(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record, other = list(read_records(output))[:2]
    path = record_path(output, record.notice_id)
    kept = {(record.notice_id, file_hash(path)): record, (other.notice_id, "an older one"): other}
    read: list[Path] = []

    def read_and_tell(path: Path) -> Notice:
        read.append(path)
        return read_own_record(path)

    monkeypatch.setattr(concerned, "read_own_record", read_and_tell)
    one = Writer(output, lambda: None, lambda *key: kept.get(key))
    for each in (record, other):
        assert one.write([Change(each.items[0].item_id, "leaders", "王强")], BY) == []
    one.close()
    assert read == [record_path(output, other.notice_id)]
    for each in (record, other):
        now = read_own_record(record_path(output, each.notice_id))
        assert [name.name for name in in_force(now).items[0].leaders] == ["王强"]
