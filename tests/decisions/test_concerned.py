"""One correction writes only what it concerns, with the bytes that writing everything gives."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset import dataset_patch, table_set
from pipeline.dataset.aggregate_patch import TooManyRecordsError
from pipeline.dataset.record_files import read_own_record, read_records
from pipeline.dataset.table_set import Block
from pipeline.decisions import concerned, overlay
from pipeline.decisions.changes import Author, Change, apply_changes
from pipeline.model import Notice
from tests.cli.test_command import files

PLAN = """{place}{year}年重点工作计划

一、重点任务
1、建设智慧食堂{n}家。方便老人,
"就餐"。
牵头区领导：{leader}；主办单位：{host}；
协办单位：区财政局、各街道办。
2、改造老旧小区{n}个。改造管网,路灯。
主办单位：区住建局；协办单位：{host}(区统计局)。
3、编制财政预算{n}次。完成时限：6月底前。
{last}
"""
PLACES, LEADERS = ("盐田区", "南山区"), ("王强", "李明(副区长)", "张伟")
UNITS = ("区民政局", "区教育局", "区水务局", "区某某局", "各街道办", "=区局", "区发改局(区统计局)")
SEEDS = 6


def build(folder: Path) -> Path:
    """An OUTPUT of a few plans that share bodies and leaders."""
    rng = random.Random(7)  # noqa: S311
    sources = folder / "raw"
    sources.mkdir()
    for n in range(8):
        last = rng.choice(("", "主办单位：区财政局。"))
        values = {"host": rng.choice(UNITS[:4]), "leader": rng.choice(LEADERS), "last": last}
        text = PLAN.format(place=rng.choice(PLACES), year=2009 + n % 4, n=n, **values)
        (sources / f"{n}.txt").write_text(text, "utf-8")
    assert cli.main(["parse", str(sources), "-o", str(folder / "out")]) == 0
    return folder / "out"


def pick(rng: random.Random, output: Path, made: list[tuple[str, str]]) -> list[str]:
    """The arguments of a random correction, or of taking one back."""
    if made and rng.random() < 0.3:
        item_id, field = made.pop(rng.randrange(len(made)))
        return [item_id, "--undo", field]
    notice = rng.choice(list(read_records(output)))
    hosts, others = ("、".join(rng.sample(UNITS, rng.randint(0, 3))) for _ in range(2))
    field, value = rng.choice(
        [
            ("host_units", hosts),
            ("co_host_units", others),
            ("leaders", "、".join(rng.sample((*LEADERS, "赵新(区长)"), rng.randint(0, 2)))),
            ("title", 'a,"b"'),
            ("deadline", "9月底前"),
            ("year", str(rng.randint(2000, 2020))),
            ("title", "新题"),
        ]
    )
    is_item = field in ("host_units", "co_host_units", "leaders", "deadline") or value != "新题"
    item_id = rng.choice(notice.items).item_id if is_item and field != "year" else notice.notice_id
    made[:] = [*(one for one in made if one != (item_id, field)), (item_id, field)]
    return [item_id, "--set", f"{field}={value}"]


def whole(output: Path) -> dict[str, bytes]:
    """The files of an OUTPUT when all of it is written anew."""
    copy = output.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(output, copy)
    overlay.apply_anew(copy, list(read_records(copy)))
    return files(copy)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_same_bytes_as_writing_everything(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, rng = build(tmp_path), random.Random(seed)  # noqa: S311

    def refuse(*_: object) -> None:
        pytest.fail("everything was written")

    made: list[tuple[str, str]] = []
    for _ in range(25):
        arguments = [*pick(rng, output, made), "-o", str(output), "--who", "张"]
        with monkeypatch.context() as patched:
            patched.setattr(concerned, "apply_anew", refuse)
            code = cli.main(["correct", *arguments])
        assert code == 0
        assert files(output) == whole(output)
    assert cli.main(["verify", str(output)]) == 0


def test_only_the_record_concerned_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = build(tmp_path)
    first, second = list(read_records(output))[:2]
    read: list[str] = []

    def note(path: Path) -> Notice:
        read.append(path.stem)
        return read_own_record(path)

    monkeypatch.setattr(concerned, "read_own_record", note)
    item_id = second.items[1].item_id
    before = (output / "json" / f"{first.notice_id}.json").stat().st_mtime_ns
    assert cli.main(["correct", item_id, "--set", "title=新", "-o", str(output), "--who", "a"]) == 0
    assert read == [second.notice_id]
    assert (output / "json" / f"{first.notice_id}.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("table", ["items.csv", "units.csv", "datapackage.json"])
def test_a_table_that_other_hands_changed_is_made_anew(tmp_path: Path, table: str) -> None:
    output = build(tmp_path)
    item_id = next(read_records(output)).items[0].item_id
    (output / table).write_bytes(b"spoilt")
    args = ["--set", "host_units=区水务局", "-o", str(output), "--who", "a"]
    assert cli.main(["correct", item_id, *args]) == 0
    assert cli.main(["verify", str(output)]) == 0
    assert files(output) == whole(output)


def test_too_many_records_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_patch, "_patch_tables", _give_up)
    output = build(tmp_path)
    item_id = next(read_records(output)).items[0].item_id
    args = ["--set", "host_units=区水务局", "-o", str(output), "--who", "a"]
    assert cli.main(["correct", item_id, *args]) == 0
    assert files(output) == whole(output)


def _give_up(*_: object) -> None:
    raise TooManyRecordsError


def test_two_sources_with_the_same_bytes(tmp_path: Path) -> None:
    """A correction of one of them is no correction of the other, whichever is read."""
    output = build(tmp_path)
    sources = tmp_path / "raw"
    shutil.copy(sources / "0.txt", sources / "twin.txt")
    assert cli.main(["parse", str(sources), "-o", str(output)]) == 0
    twins = [
        one
        for one in read_records(output)
        if Path(one.source.path or "").name in ("0.txt", "twin.txt")
    ]
    for one, value in zip(twins, ("区水务局", "区教育局"), strict=True):
        args = ["--set", f"co_host_units={value}", "-o", str(output), "--who", "a"]
        assert cli.main(["correct", one.items[0].item_id, *args]) == 0
    now = {one.notice_id: one for one in read_records(output)}
    told = [now[one.notice_id].items[0].corrected[0].names[0].name for one in twins]
    assert told == ["区水务局", "区教育局"]


def test_only_the_rows_of_a_corrected_item_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = build(tmp_path)
    notice = next(read_records(output))
    made: list[int] = []
    make = table_set.make_blocks

    def count(one: Notice) -> dict[str, Block]:
        made.append(len(one.items))
        return make(one)

    monkeypatch.setattr(dataset_patch, "make_blocks", count)
    by = Author("张三", "2024-06-30")
    change = Change(notice.items[1].item_id, "host_units", "区水务局")
    assert apply_changes(output, [change], by).made
    assert made == [1, 1]
    patched = files(output)
    overlay.apply_anew(output, list(read_records(output)))
    assert files(output) == patched


def test_many_items_of_a_notice_replace_each_table_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raw").mkdir()
    items = (
        f"{n}、改造道路{n}条。\n主办单位：区住建局；完成时限：{n}月底前。\n" for n in range(1, 9)
    )
    (tmp_path / "raw" / "plan.txt").write_text(
        "盐田区2011年重点工作计划\n" + "".join(items), "utf-8"
    )
    output = tmp_path / "out"
    assert cli.main(["parse", str(tmp_path / "raw"), "-o", str(output)]) == 0
    replaced: list[str] = []
    replace = dataset_patch._Tables.replace

    def note(self: dataset_patch._Tables, table: str, *rows: object) -> None:
        replaced.append(table)
        replace(self, table, *rows)  # type: ignore[arg-type]

    monkeypatch.setattr(dataset_patch._Tables, "replace", note)
    read = next(read_records(output)).items
    changes = [
        Change(read[n].item_id, field, value)
        for n in (1, 4, 6)
        for field, value in (("host_units", "区水务局、区教育局"), ("deadline", "12月底前"))
    ]
    assert apply_changes(output, changes, Author("张三", "2024-06-30")).made
    assert {"items", "assignments"} <= set(replaced)
    assert len(replaced) == len(set(replaced))
    patched = files(output)
    overlay.apply_anew(output, list(read_records(output)))
    assert files(output) == patched
