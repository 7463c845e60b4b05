"""Parsing on a cluster, whose workers are threads of this process: the same OUTPUT as on one core."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import get_ident
from types import SimpleNamespace

import fsspec
import pyarrow.parquet as pq
import pytest
from distributed import LocalCluster
from distributed.scheduler import KilledWorker
from moto.server import ThreadedMotoServer

import pipeline.parse.notice
from pipeline import cli
from pipeline.batch.cluster import fitness, listing, run, storage, work
from pipeline.batch.cluster.fitness import Expected, Fitness, check_fitness, expect_own
from pipeline.batch.cluster.storage import Storage
from pipeline.batch.jobs import Job
from pipeline.errors import ClusterError, LexiconError, OutputError
from pipeline.model import Notice, Source
from tests.batch.test_processes import files_of
from tests.read.samples import plain

pytestmark = pytest.mark.filterwarnings(
    # The libraries of the cluster and of the store of objects close their sockets late.
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::DeprecationWarning",
)
ORIGINS = (
    "path,url,part_of\n页/a.html,https://www.example.gov.cn/a.html,\n"
    "页/附件.txt,https://www.example.gov.cn/b.txt,页/a.html\n"
)
PAGE = "<html><body><p>关于印发工作要点的通知</p><p>一、推进政务公开。（责任单位：区政务办）</p></body></html>"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(listing, "_MOST_SOURCES", 5)
    monkeypatch.setattr(run, "_CONNECT_SECONDS", 2)
    monkeypatch.setenv("FENGONG_LANG", "en")
    yield
    # In another test a child process would have the folder of this one, and what it planted.
    for one in work._KEPT.values():
        one.pool.end()
    work._KEPT.clear()


@pytest.fixture
def plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sources of all kinds, which is named as it is seen from the current folder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "plans"
    for name in ("一", "一-二", "页", "页/a_files"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number in range(4):
        text = f"{plain().decode()}\n附注{number}。"
        (folder / ("一" if number % 2 else "一-二") / f"深盐办[2011]{number}号.txt").write_text(
            text, "utf-8"
        )
    (folder / "again.txt").write_bytes(
        b"\xef\xbb\xbf" + (folder / "一" / "深盐办[2011]1号.txt").read_bytes()
    )
    (folder / "broken.docx").write_bytes(b"PK\x03\x04" + b"x" * 80)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8")
    (folder / "页" / "a.html").write_text(PAGE, "utf-8")
    (folder / "页" / "a_files" / "x.txt").write_bytes(plain())
    (folder / "页" / "附件.txt").write_text("一、清理河道。（责任单位：区水务局）", "utf-8")
    (folder / "SOURCES.csv").write_text(ORIGINS, "utf-8")
    with zipfile.ZipFile(folder / "two.zip", "w") as archive:
        archive.writestr("a.txt", f"{plain().decode()}\n甲。")
        archive.writestr("b.jpg", b"\xff\xd8")
        archive.writestr("c.docx", b"PK\x03\x04")
    return Path("plans")


def parse(scheduler: str, source: object, out: object) -> int:
    return cli.main(["cluster", "parse", str(source), "-o", str(out), "--scheduler", scheduler])


def gather(out: object, output: Path) -> int:
    return cli.main(["cluster", "gather", str(out), "-o", str(output), "--jobs", "1"])


def parse_here(source: object, output: Path) -> int:
    return cli.main(["parse", str(source), "-o", str(output), "--jobs", "1"])


def errors_in(told: str) -> list[str]:
    return [
        one for one in told.splitlines() if "; " in one and "plans/" in one and "skipped" not in one
    ]


def partition_files(out: Path) -> dict[str, int]:
    return {
        path.relative_to(out).as_posix(): path.stat().st_mtime_ns
        for path in out.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


def test_what_is_gathered_is_what_one_core_makes(
    scheduler: str, plans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = pipeline.parse.notice.parse_notice

    def planted(source: Source, notice_id: str) -> Notice:
        if source.text.startswith("断"):
            os.abort()
        return whole(source, notice_id)

    monkeypatch.setattr(pipeline.parse.notice, "parse_notice", planted)
    (plans / "kills.txt").write_text("断" + plain().decode(), "utf-8")
    assert parse_here(plans, Path("here")) == 1
    told = errors_in(capsys.readouterr().err)
    assert any("ends the process that reads it (SIGABRT)" in one for one in told)
    assert parse(scheduler, plans, "parts") == 1
    assert sorted(errors_in(capsys.readouterr().err)) == sorted(told)
    assert gather("parts", Path("there")) == 1
    assert errors_in(capsys.readouterr().err) == told
    assert files_of(Path("here")) == files_of(Path("there"))
    notices = pq.read_table("parts/notices")
    assert pq.read_table("parts/items").num_rows == sum(notices["items"].to_pylist()) > 0


def test_only_what_is_missing_is_made_again(
    scheduler: str, plans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Path("parts")
    parse(scheduler, plans, out)
    manifest = (out / "manifest.json").read_bytes()
    before = partition_files(out)
    capsys.readouterr()
    parse(scheduler, plans, out)
    assert re.search(r"\d batches, 0 of them new", capsys.readouterr().err)
    assert partition_files(out) == before
    assert (out / "manifest.json").read_bytes() == manifest
    lost = next(iter((out / "records").iterdir()))
    lost.write_bytes(b"")
    (out / "items" / f"{lost.stem}.parquet.0f.part").write_bytes(b"")
    parse(scheduler, plans, out)
    assert "1 of them new" in capsys.readouterr().err
    assert partition_files(out).keys() == before.keys()
    changed = plans / "一" / "深盐办[2011]1号.txt"
    changed.write_text(changed.read_text("utf-8") + "尾。", "utf-8")
    parse(scheduler, plans, out)
    assert "1 of them new" in capsys.readouterr().err
    after = partition_files(out)
    assert len(after) == len(before)
    # Of one partition all files have another name, and the earlier ones are gone.
    new = {name.rpartition("/")[2].partition(".")[0] for name in after.keys() - before.keys()}
    assert len(new) == 1
    # An OUTPUT is brought up to date as well.
    gather(out, Path("there"))
    parse_here(plans, Path("here"))
    assert files_of(Path("here")) == files_of(Path("there"))


def test_batches_of_a_worker_share_a_process_until_the_tables_are_others(tmp_path: Path) -> None:
    jobs = []
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(plain() + name.encode())
        jobs.append(Job(str(tmp_path / name), name))

    def parse_one(job: Job, fitness: Fitness, storage: Storage) -> int:
        report = work._make_partition((listing.Listed(job, 1, ""),), storage, fitness)
        assert (report.records, report.is_new) == (1, True)
        pool = work._KEPT[get_ident()].pool
        (child,) = [one._child for one in pool._workers]
        assert child
        return child.pid

    storage, own = Storage(str(tmp_path / "parts")), expect_own().fitness
    first, second = (parse_one(job, own, storage) for job in jobs)
    assert first == second
    third = parse_one(jobs[0], own._replace(parser="other"), storage)
    assert third != first
    with pytest.raises(OSError, match="No such process"):
        os.kill(first, 0)


def test_a_batch_that_fails_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[list[listing.Listed]] = [[], []]
    for name in "abcdef":
        (tmp_path / name).write_bytes(plain() + name.encode())
        job = Job(str(tmp_path / name), f"{name}.txt")
        batches[name > "c"].append(listing.Listed(job, 1, ""))

    def fail(*_: object) -> None:
        raise MemoryError

    storage, own = Storage(str(tmp_path / "parts")), expect_own().fitness
    with monkeypatch.context() as planted:
        planted.setattr(work, "_collect", fail)
        with pytest.raises(MemoryError):
            work._make_partition(batches[0], storage, own)
    assert get_ident() not in work._KEPT
    for batch in reversed(batches):
        assert work._make_partition(batch, storage, own).records == 3


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a store of objects as Amazon's, on this machine."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


def use_store(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()


def test_a_store_of_objects_gives_what_a_folder_of_its_name_gives(
    scheduler: str, plans: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_store(store, monkeypatch)
    objects = fsspec.filesystem("s3")
    objects.mkdir("plans")
    for path in plans.rglob("*"):
        if path.is_file():
            objects.pipe_file(path.as_posix(), path.read_bytes())
    objects.mkdir("made")
    assert parse(scheduler, "s3://plans", "s3://made/parts") == 1
    assert gather("s3://made/parts", Path("there")) == 1
    parse_here(plans, Path("here"))
    assert files_of(Path("here")) == files_of(Path("there"))


@pytest.mark.parametrize("kind", ["bucket", "endpoint"])
def test_a_store_that_refuses(
    kind: str,
    scheduler: str,
    plans: Path,
    store: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    use_store(store if kind == "bucket" else nobody, monkeypatch)
    monkeypatch.setattr("s3fs.core.S3FileSystem.retries", 1)
    assert parse(scheduler, plans, "s3://nowhere/parts") == 1
    told = capsys.readouterr().err
    assert re.search(
        r"s3://nowhere/parts\S*: (does not exist|cannot be used \(.+\)); check the", told
    )
    assert parse(scheduler, "s3://nowhere/plans", "parts") == 1
    told = capsys.readouterr().err
    assert re.search(
        r"s3://nowhere/plans: (has no files|does not exist|cannot be used \(.+\)); ", told
    )
    assert not Path("parts").exists()


def test_a_disk_that_is_full_costs_the_batches_that_it_refuses(
    scheduler: str,
    plans: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = storage._write_local
    refused: list[Path] = []

    def write(path: Path, data: bytes) -> None:
        if path.parent.name == "items" and len(refused) < 1:
            refused.append(path)
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(path, data)

    monkeypatch.setattr(storage, "_write_local", write)
    assert parse(scheduler, plans, "parts") == 1
    told = capsys.readouterr().err
    fact = "cannot be used (No space left on device); check rights and free space"
    assert f"parts/items/{refused[0].name}: {fact}" in told
    assert "not complete: run the same command again" in told
    assert gather("parts", Path("there")) == 1
    assert "parts: is not complete; run fengong cluster parse again" in capsys.readouterr().err
    assert parse(scheduler, plans, "parts") == 1
    assert "1 of them new" in capsys.readouterr().err
    assert json.loads(Path("parts/manifest.json").read_bytes())["is_complete"]


def test_a_file_that_changes_while_it_is_read(
    scheduler: str, plans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = pipeline.parse.notice.parse_notice
    growing = plans / "again.txt"

    def planted(source: Source, notice_id: str) -> Notice:
        if source.path == str(growing):
            with growing.open("ab") as file:
                file.write("又一行。".encode())
        return whole(source, notice_id)

    monkeypatch.setattr(pipeline.parse.notice, "parse_notice", planted)
    assert parse(scheduler, plans, "parts") == 1
    told = capsys.readouterr().err
    assert f"{growing}: changes while it is read; run it again when nobody writes into it" in told
    monkeypatch.undo()


def test_an_output_that_is_something_else(
    scheduler: str, plans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("other").mkdir()
    Path("other/own.txt").touch()
    Path("file").touch()
    for out, fact in (
        ("other", "has files that are not of fengong cluster (own.txt …)"),
        ("file", "is a file"),
    ):
        assert parse(scheduler, plans, out) == 1
        assert f"{out}: {fact}; name " in capsys.readouterr().err
    assert gather("other", Path("there")) == 1
    assert (
        "other: has no partitions of fengong cluster; name the output of" in capsys.readouterr().err
    )
    Path("other/manifest.json").write_text("{}", "utf-8")
    assert gather("other", Path("there")) == 1
    assert "is no manifest of fengong cluster" in capsys.readouterr().err


def test_damaged_partitions_are_not_gathered(
    scheduler: str, plans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parse(scheduler, plans, "parts")
    lines = next(Path("parts/records").iterdir())
    lines.write_bytes(lines.read_bytes().replace(b"0", b"1", 1))
    capsys.readouterr()
    assert gather("parts", Path("there")) == 1
    told = capsys.readouterr().err
    assert (
        f"parts/records/{lines.name}: is not as it was written; remove partitions/{lines.stem}.json"
        in told
    )
    Path(f"parts/partitions/{lines.stem}.json").write_bytes(b"{}")
    assert gather("parts", Path("there")) == 1
    assert (
        f"partitions/{lines.stem}.json: is missing or damaged; run fengong"
        in capsys.readouterr().err
    )
    assert not Path("there").exists()


def test_workers_that_would_give_other_records(
    scheduler: str, plans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = expect_own()
    other = Expected(own.fitness._replace(version="9.0"), own.tables)
    monkeypatch.setattr(run, "expect_own", lambda: other)
    assert parse(scheduler, plans, "parts") == 1
    told = capsys.readouterr().err
    assert re.search(r"worker tcp://127\.0\.0\.1:\d+: has fengong \S+, this is 9\.0; install", told)
    monkeypatch.setattr(run, "expect_own", lambda: own._replace(tables=(("verbs.csv", b"x\n"),)))
    assert parse(scheduler, plans, "parts") == 1
    assert "has the words of other tables in use" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("has", "fact"),
    [
        (ModuleNotFoundError("No module named 'pipeline'"), "has no such fengong (No module"),
        (
            LexiconError("verbs.csv", "is in use", "x"),
            "has the words of other tables in use (is in use)",
        ),
        (OSError("gone"), "does not answer (gone)"),
        (Fitness("1", "p", "l", ("pyarrow",)), "lacks pyarrow"),
        (Fitness("1", "p", "m", ()), "has other word tables (checksum m, here l)"),
        (Fitness("1", "q", "l", ()), "has another parser or other libraries (q, here p)"),
    ],
)
def test_unfit_workers_are_named(has: Fitness | Exception, fact: str) -> None:
    with pytest.raises(ClusterError) as caught:
        check_fitness("tcp://a:1", has, Fitness("1", "p", "l", ()))
    assert str(caught.value).startswith(f"worker tcp://a:1: {fact}")
    check_fitness("tcp://a:1", Fitness("1", "p", "l", ()), Fitness("1", "p", "l", ()))


def test_a_cluster_that_is_not_there(
    plans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "_CONNECT_SECONDS", 0.2)
    assert parse("tcp://127.0.0.1:9", plans, "parts") == 1
    assert "tcp://127.0.0.1:9: no scheduler answers there (" in capsys.readouterr().err
    words = ["cluster", "parse", str(plans), "-o", "parts", "--scheduler-file"]
    assert cli.main([*words, "none.json"]) == 1
    assert "none.json: cannot be read (No such file or directory); " in capsys.readouterr().err
    Path("bad.json").write_text("[]", "utf-8")
    assert cli.main([*words, "bad.json"]) == 1
    assert "bad.json: names no scheduler; " in capsys.readouterr().err


def test_a_scheduler_without_workers(plans: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LocalCluster(
        n_workers=0,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as empty:
        assert parse(empty.scheduler_address, plans, "parts") == 1
    assert "has no workers; start some: dask worker" in capsys.readouterr().err


def test_a_batch_that_kills_its_workers_is_given_up(
    scheduler: str, plans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = work._make_partition

    def die(batch: tuple[listing.Listed, ...], *others: object) -> work.BatchReport:
        if one := next((each for each in batch if each.job.path.name == "two.zip"), None):
            raise KilledWorker(one.job.relative, SimpleNamespace(address="tcp://a:1"), 3)
        return whole(batch, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "_make_partition", die)
    assert parse(scheduler, plans, "parts") == 1
    told = capsys.readouterr().err
    assert "the workers of its batch died each time; look at the logs of the workers" in told
    assert "not complete" in told


def test_files_of_other_systems_are_written_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_WHOLE_AT_ONCE", frozenset())
    one = Storage("memory://other/parts")
    for data in (b"1", b"23"):
        one.write("items/a.parquet", data)
        assert one.read("items/a.parquet") == data
        assert one.find_size("items/a.parquet") == len(data)
    assert one.list_names("items") == ["a.parquet"]
    (grown,) = one.read_full([f"{one.root}/items/a.parquet"])
    assert grown == b"23"
    one.remove("items/a.parquet")
    one.remove("items/a.parquet")
    assert one.find_size("items/a.parquet") is None
    with pytest.raises(OutputError, match="cannot be used"):
        Storage("nosuch://x")


def test_the_extra_is_missing(
    plans: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pipeline.cli.cluster_command.find_spec", lambda _: None)
    assert parse("tcp://127.0.0.1:9", plans, "parts") == 1
    assert (
        "fengong cluster: working on a cluster needs the extra cluster; install it"
        in capsys.readouterr().err
    )


def test_tables_of_a_user_are_kept_for_a_worker() -> None:
    kept = fitness._keep((("verbs.csv", b"verb,role,source\n"),))
    assert [path.read_bytes() for path in kept.iterdir()] == [b"verb,role,source\n"]
    assert fitness._hash_tables(None) != fitness._hash_tables(kept)
