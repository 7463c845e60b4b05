"""One failure never ends a run: whatever a step raises is the error of its source."""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

import pipeline.dataset.table_set
import pipeline.parse.notice
import pipeline.read.sources
from pipeline import cli
from pipeline.batch.source_files import find_jobs
from pipeline.dataset import dataset_writer
from pipeline.dataset.record_files import record_bytes
from pipeline.errors import PipelineError, SourceError, UnexpectedError, hold_errors
from pipeline.model import Notice, Source
from pipeline.read.kinds import Kind, kind_of
from tests.conftest import run_jobs
from tests.read.samples import SAMPLES, archive, plain

MARK = "甲市人民政府办公室"


class Panic(BaseException):
    """An exception as a library written in another language raises it."""


def fail(*_: object, **__: object) -> NoReturn:
    raise Panic(*["planted\nfault"])


@pytest.mark.parametrize("name", SAMPLES)
def test_a_fault_in_any_reader_is_its_source_s_error(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = SAMPLES[name]()

    def planted(found: bytes) -> Kind:
        kind = kind_of(found)
        if found != data:
            return kind
        return replace(
            kind,
            read=kind.read and fail,
            members=kind.members and fail,
        )

    monkeypatch.setattr(pipeline.read.sources, "kind_of", planted)
    (tmp_path / f"1.{name.split(maxsplit=1)[0]}").write_bytes(data)
    (tmp_path / "2.txt").write_bytes(another("六十"))
    sources = [str(tmp_path / f"1.{name.split(maxsplit=1)[0]}"), str(tmp_path / "2.txt")]
    assert cli.main(["parse", *sources, "-o", str(tmp_path / "out")]) == 1
    assert len(list((tmp_path / "out" / "json").iterdir())) == 1
    told = capsys.readouterr().err
    assert f"1.{name.split(maxsplit=1)[0]}: unexpected error at " in told
    assert "Panic: planted fault; please report" in told
    assert "Traceback" not in told


def test_a_fault_at_one_member_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def planted(found: bytes) -> Kind:
        kind = kind_of(found)
        return replace(kind, read=fail) if found.startswith(b"<!DOCTYPE") else kind

    monkeypatch.setattr(pipeline.read.sources, "kind_of", planted)
    (tmp_path / "a.zip").write_bytes(archive())
    outcomes = list(run_jobs(find_jobs([tmp_path]).jobs))
    errors = [one.error for one in outcomes if one.error]
    assert len([one for one in outcomes if one.notice]) == 1
    assert [type(error) for error in errors] == [UnexpectedError]
    assert "a.zip!/通知.html" in errors[0].place


def test_a_fault_while_parsing_is_its_source_s_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pipeline.parse.notice.parse_notice

    def planted(source: Source, notice_id: str) -> Notice:
        if "坏" in source.text:
            raise RecursionError
        return whole(source, notice_id)

    monkeypatch.setattr(pipeline.parse.notice, "parse_notice", planted)
    (tmp_path / "1.txt").write_text("坏", "utf-8")
    (tmp_path / "2.txt").write_bytes(plain())
    outcomes = list(run_jobs(find_jobs([tmp_path]).jobs))
    errors = [one.error for one in outcomes if one.error]
    assert [one.error is None for one in outcomes] == [False, True]
    assert errors[0].fact.endswith("RecursionError")


@pytest.mark.parametrize(
    ("fault", "fact"),
    [
        (MemoryError, "needs more memory than it may take; "),
        (RecursionError, "unexpected error at dataset/dataset_writer.py:"),
    ],
)
def test_a_record_that_cannot_be_written_is_its_source_s_error(
    tmp_path: Path,
    fault: type[Exception],
    fact: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = record_bytes

    def planted(notice: Notice) -> bytes:
        if "坏" in notice.source.text:
            raise fault
        return whole(notice)

    monkeypatch.setattr(dataset_writer, "record_bytes", planted)
    (tmp_path / "1.txt").write_text("坏", "utf-8")
    (tmp_path / "2.txt").write_bytes(plain())
    assert cli.main(["parse", str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert f"1.txt: {fact}" in capsys.readouterr().err
    assert len(list((tmp_path / "out" / "json").iterdir())) == 1


def test_an_error_keeps_no_data_of_its_source(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_bytes(b"\xff\xff\xff")
    (outcome,) = run_jobs(find_jobs([tmp_path]).jobs)
    error = outcome.error
    assert error
    assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)


@pytest.mark.parametrize(
    "label", ["1" * 5000, "１" * 5000, "九" * 5000, f"（{'三' * 5000}）", f"第{'1' * 5000}项"]
)
@pytest.mark.parametrize(
    "shape", ["{label}、甲局负责。", "序号\t任务\t责任单位\n{label}\t甲事\t甲局\n"]
)
def test_a_number_of_5000_digits_is_no_number(tmp_path: Path, label: str, shape: str) -> None:
    text = (
        plain().decode() + "\n" + shape.format(label=label) + f"\n2024年{label}月{label}日前完成。"
    )
    (tmp_path / "1.txt").write_text(text, "utf-8")
    outcomes = run_jobs(find_jobs([tmp_path]).jobs)
    numbers = [item.number for one in outcomes if one.notice for item in one.notice.items]
    assert numbers
    assert all(number is None or number < 10**9 for number in numbers)


def test_an_interrupt_ends_a_run() -> None:
    held: list[PipelineError] = []
    with pytest.raises(KeyboardInterrupt), hold_errors("a", held.append):
        raise KeyboardInterrupt
    assert held == []


def test_an_expected_error_stays_as_it_is() -> None:
    held: list[PipelineError] = []
    error = SourceError("a.pdf", "is damaged", "get it again")
    with hold_errors("b", held.append):
        raise error
    assert held == [error]


def test_an_unexpected_error_survives_pickling() -> None:
    error = UnexpectedError.of("a.pdf", ValueError("x"))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), str(again), again.place) == (UnexpectedError, str(error), "a.pdf")


@pytest.mark.parametrize(
    ("kind", "failing"),
    [
        ("csv", "pipeline.export.export_folder.notice_rows"),
        ("jsonl", "pipeline.export.export_folder.find_mentions"),
        ("parquet", "pipeline.export.export_folder.notice_rows"),
        ("xlsx", "pipeline.ledger.content.in_force"),
    ],
)
def test_a_fault_while_exporting_leaves_one_notice_out(
    kind: str, failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "1.txt").write_bytes(plain())
    (tmp_path / "2.txt").write_bytes(another("六十"))
    out = tmp_path / "out"
    assert cli.main(["parse", str(tmp_path), "-o", str(out)]) == 0
    module, name = failing.rsplit(".", 1)
    whole = getattr(importlib.import_module(module), name)

    def planted(notice: Notice) -> object:
        return fail() if notice.notice_id.startswith("1-") else whole(notice)

    monkeypatch.setattr(failing, planted)
    assert cli.main(["export", str(out), "--to", kind]) == 1
    told = capsys.readouterr().err
    assert "unexpected error" in told
    assert "fengong: 1-" in told
    assert "Traceback" not in told
    assert (out / ("ledger.xlsx" if kind == "xlsx" else kind)).exists()


def test_a_fault_while_writing_a_dataset_is_its_source_s_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = vars(pipeline.dataset.table_set)["notice_rows"]

    def planted(notice: Notice) -> object:
        return fail() if notice.notice_id.startswith("1-") else whole(notice)

    monkeypatch.setattr(pipeline.dataset.table_set, "notice_rows", planted)
    (tmp_path / "1.txt").write_bytes(plain())
    (tmp_path / "2.txt").write_bytes(another("六十"))
    assert cli.main(["parse", str(tmp_path), "-o", str(tmp_path / "out")]) == 1
    assert "1.txt: unexpected error" in capsys.readouterr().err
    assert [one.name[:2] for one in (tmp_path / "out" / "json").iterdir()] == ["2-"]


def another(count: str) -> bytes:
    """A plan whose second task has another number: the same items would be a duplicate."""
    return plain().replace("五十".encode(), count.encode())


def two_plans(folder: Path) -> Path:
    """A folder of two plans, 1.txt and 2.txt."""
    folder.mkdir()
    (folder / "1.txt").write_bytes(plain())
    (folder / "2.txt").write_bytes(another("六十"))
    return folder


def plant(monkeypatch: pytest.MonkeyPatch, failing: str, is_bad: Callable[..., bool]) -> None:
    """Let a function fail where its arguments are bad ones."""
    module, name = failing.rsplit(".", 1)
    whole = getattr(importlib.import_module(module), name)

    def planted(*args: object, **options: object) -> object:
        return fail() if is_bad(*args) else whole(*args, **options)

    monkeypatch.setattr(failing, planted)


def correct_title(notice_id: str, out: Path) -> list[str]:
    """The command that corrects the title of a notice's first item."""
    change = ["--set", "title=改好了", "--who", "某"]
    return ["correct", f"{notice_id}#1", *change, "-o", str(out)]


def is_first(notice: Notice) -> bool:
    return notice.notice_id.startswith("1-")


def has_first(_table: str, rows: Sequence[Mapping[str, object]]) -> bool:
    return any(str(row.get("notice_id")).startswith("1-") for row in rows)


@pytest.mark.parametrize(
    ("failing", "is_bad"),
    [
        ("pipeline.dataset.table_set.notice_rows", is_first),
        ("pipeline.dataset.table_set.find_mentions", is_first),
        ("pipeline.dataset.table_set.table_to_csv", has_first),
        ("pipeline.dataset.output_tables.read_own_record", lambda path: path.name[:2] == "1-"),
    ],
)
def test_a_fault_with_a_kept_record_leaves_its_rows_out(
    failing: str, is_bad: Callable[..., bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    sources, out = two_plans(tmp_path / "in"), tmp_path / "out"
    parse = ["parse", str(sources), "-o", str(out)]
    assert cli.main(parse) == 0
    whole = (out / "items.csv").read_bytes()
    # A table that was changed by hand is made anew, of all records.
    (out / "items.csv").write_bytes(whole + b"x")
    (sources / "3.txt").write_bytes(another("七十"))
    with monkeypatch.context() as patch:
        plant(patch, failing, is_bad)
        assert cli.main(parse) == 1
        told = capsys.readouterr().err
        assert told.count("unexpected error at dataset/") == 1
        assert f"{sources / '1.txt'}: unexpected error" in told
        listed = (out / "notices.csv").read_text("utf-8-sig")
        assert ("\n1-" in listed, "\n2-" in listed, "\n3-" in listed) == (False, True, True)
        assert len(list((out / "json").iterdir())) == 3
    assert cli.main(parse) == 0
    assert (out / "items.csv").read_bytes().startswith(whole)
    assert cli.main(["verify", str(out)]) == 0


def test_a_fault_with_a_moved_correction_is_its_source_s_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources, out = two_plans(tmp_path / "in"), tmp_path / "out"
    parse = ["parse", str(sources), "-o", str(out)]
    assert cli.main(parse) == 0
    (record,) = (out / "json").glob("1-*.json")
    correct = correct_title(record.stem, out)
    assert cli.main(correct) == 0
    # Another text gives another id: the correction moves to it.
    (sources / "1.txt").write_bytes(another("八十"))
    with monkeypatch.context() as patch:
        plant(patch, "pipeline.dataset.output_tables.read_record", lambda _: True)
        assert cli.main(parse) == 1
        told = f"{sources / '1.txt'}: unexpected error at dataset/output_tables.py"
        assert told in capsys.readouterr().err
        assert len(list((out / "json").iterdir())) == 2
        assert "改好了" not in (out / "items.csv").read_text("utf-8-sig")
    assert cli.main(parse) == 0
    assert "改好了" in (out / "items.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    "failing", ["pipeline.cli.record_tables.in_force", "pipeline.cli.parse_command.render_items"]
)
def test_a_fault_in_the_summary_leaves_one_notice_out(
    failing: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sources = two_plans(tmp_path / "in")
    plant(monkeypatch, failing, is_first)
    assert cli.main(["parse", str(sources), "-o", str(tmp_path / "out")]) == 1
    told = capsys.readouterr()
    assert f"{sources / '1.txt'}: unexpected error at cli/" in told.err
    assert "1 failed" in told.err
    assert told.out.count("重点工作任务分工") == 1


def is_row_of_first(*values: object) -> bool:
    return any("1-" in str(value)[:400] for value in values if isinstance(value, (dict, list)))


@pytest.mark.parametrize(
    ("command", "failing", "is_bad"),
    [
        ("export --to csv", "pipeline.export.csv_files.table_to_csv", is_row_of_first),
        ("export --to jsonl", "pipeline.export.jsonl_files.plain_row", is_row_of_first),
        ("export --to parquet", "pipeline.export.parquet_sinks._day", is_row_of_first),
        ("export --to xlsx", "pipeline.ledger.content._identity", lambda _, one: is_first(one)),
        ("export --to xlsx", "pipeline.ledger.content.in_force", is_first),
        ("names", "pipeline.decisions.name_list.in_force", is_first),
        ("names", "pipeline.decisions.name_list.resolve", lambda name, *_: name == "市财政局"),
        ("names --propose", "pipeline.decisions.name_list.in_force", is_first),
        (
            "names --propose",
            "pipeline.decisions.name_list._propose",
            lambda one, _: one.name == "市财政局",
        ),
        ("threads", "pipeline.cli.threads_command.in_force", is_first),
        ("threads", "pipeline.cli.threads_command.follow_items", lambda *_: True),
        ("verify", "pipeline.batch.verify.find_notice_faults", is_first),
        ("verify", "pipeline.dataset.table_set.notice_rows", is_first),
        ("verify", "pipeline.dataset.table_set.find_mentions", is_first),
        ("verify", "pipeline.dataset.table_set.table_to_csv", has_first),
    ],
)
def test_a_fault_with_one_notice_or_name_leaves_the_others(
    command: str, failing: str, is_bad: Callable[..., bool], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out = tmp_path / "out"
    assert cli.main(["parse", str(two_plans(tmp_path / "in")), "-o", str(out)]) == 0
    plant(monkeypatch, failing, is_bad)
    capsys.readouterr()
    name, *options = command.split()
    assert cli.main([name, str(out), *options]) == 1
    told = capsys.readouterr()
    lines = f"{told.out}{told.err}".splitlines()
    assert sum("unexpected error at " in line for line in lines) == 1
    assert not any("differs" in line for line in lines)


def test_a_damaged_record_leaves_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["parse", str(two_plans(tmp_path / "in")), "-o", str(out)]) == 0
    (record,) = (out / "json").glob("1-*.json")
    record.write_text("{}")
    formats = [["export", str(out), "--to", kind] for kind in ("csv", "jsonl", "parquet", "xlsx")]
    for command in (*formats, ["names", str(out)], ["threads", str(out)], ["verify", str(out)]):
        capsys.readouterr()
        assert cli.main(command) == 1
        told = capsys.readouterr()
        assert f"{told.out}{told.err}".count("is no record") == 1
    for kind in ("csv", "jsonl", "parquet", "ledger.xlsx"):
        assert (out / kind).exists()
    assert "differs" not in told.out


def test_a_judgement_that_fails_leaves_its_record_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources, out = two_plans(tmp_path / "in"), tmp_path / "out"
    parse = ["parse", str(sources), "-o", str(out)]
    assert cli.main(parse) == 0
    judged = tmp_path / "judged.csv"
    judged.write_text(
        "place,name,body,decision,who,why\n,市大数据局,甲市数据局,same,某,\n", "utf-8"
    )
    records = {path.name[:2]: path for path in (out / "json").iterdir()}
    before = records["1-"].read_bytes()
    with monkeypatch.context() as patch:
        plant(patch, "pipeline.decisions.overlay.decide", lambda notice, *_: is_first(notice))
        assert cli.main(["names", str(out), "--judge", str(judged)]) == 1
    assert f"{sources / '1.txt'}: unexpected error at decisions/" in capsys.readouterr().err
    assert records["1-"].read_bytes() == before
    assert "甲市数据局" in records["2-"].read_text("utf-8")
    assert cli.main(parse) == 0
    assert "甲市数据局" in records["1-"].read_text("utf-8")


@pytest.mark.parametrize("failing", ["concerned.decide overlay.decide", "concerned.patch_dataset"])
def test_a_correction_that_fails_is_told_and_kept(
    failing: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sources, out = two_plans(tmp_path / "in"), tmp_path / "out"
    parse = ["parse", str(sources), "-o", str(out)]
    assert cli.main(parse) == 0
    (record,) = (out / "json").glob("1-*.json")
    correct = correct_title(record.stem, out)
    is_lost = "decide" in failing
    with monkeypatch.context() as patch:
        for one in failing.split():
            plant(patch, f"pipeline.decisions.{one}", lambda *_: True)
        assert cli.main(correct) == (1 if is_lost else 0)
    assert capsys.readouterr().err.count("unexpected error at decisions/") == 2 * is_lost
    assert ("改好了" in (out / "items.csv").read_text("utf-8-sig")) != is_lost
    assert cli.main(parse) == 0
    assert "改好了" in (out / "items.csv").read_text("utf-8-sig")
    assert len(list((out / "json").iterdir())) == 2
    assert cli.main(["verify", str(out)]) == 0


@pytest.mark.parametrize(
    "failing", ["pipeline.cli.search_command._render_hit", "pipeline.store.queries.make_hit"]
)
def test_a_fault_with_one_hit_leaves_the_others(
    failing: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    assert cli.main(["parse", str(two_plans(tmp_path / "in")), "-o", str(out)]) == 0
    assert cli.main(["load", str(out)]) == 0

    def is_of_first(hit: object, *_: object) -> bool:
        row = getattr(hit, "item", hit)
        return isinstance(row, dict) and row["item_id"].startswith("1-")

    plant(monkeypatch, failing, is_of_first)
    capsys.readouterr()
    assert cli.main(["search", "智慧", "--store", str(out / "fengong.sqlite")]) == 1
    told = capsys.readouterr()
    assert told.err.count("unexpected error at ") == 1
    assert "2 items" in told.err
    assert "    2-" in told.out


@pytest.mark.parametrize("kind", ["text", "json", "csv", "html", "md"])
@pytest.mark.parametrize("failing", ["diff_notices", "_render", "in_force"])
def test_a_fault_while_comparing_is_told(
    kind: str, failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out = tmp_path / "out"
    assert cli.main(["parse", str(two_plans(tmp_path / "in")), "-o", str(out)]) == 0
    plant(monkeypatch, f"pipeline.cli.diff_command.{failing}", lambda *_: True)
    records = sorted(map(str, (out / "json").iterdir()))
    capsys.readouterr()
    assert cli.main(["diff", *records, "--format", kind]) == 1
    told = capsys.readouterr()
    assert told.err.count("unexpected error at cli/diff_command.py") == 1
    assert told.out == ""


def test_a_fault_while_reading_a_ledger_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["parse", str(two_plans(tmp_path / "in")), "-o", str(out)]) == 0
    assert cli.main(["export", str(out), "--to", "xlsx"]) == 0
    plant(monkeypatch, "pipeline.ledger.content.in_force", is_first)
    book = out / "ledger.xlsx"
    assert cli.main(["ledger", "read", str(book), "-o", str(out)]) == 1
    assert f"{book}: unexpected error at ledger/" in capsys.readouterr().err
    assert not (out / "progress.csv").exists()
