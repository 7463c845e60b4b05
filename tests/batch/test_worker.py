"""A source that hangs, kills or floods its process costs that source alone."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import pipeline.parse.notice
from pipeline import cli
from pipeline.batch import jobs, limits, worker
from pipeline.batch.jobs import Job
from pipeline.batch.worker import Worker
from pipeline.errors import PipelineError, ResourceError, SourceError, hold_errors
from pipeline.model import Notice, Source
from pipeline.read.allowance import take_more_memory, take_more_time
from tests.conftest import has_chinese_font, need
from tests.read import writers
from tests.read.samples import plain
from tests.read.test_pdf import SCANNED, scan


class Result(NamedTuple):
    """What a job gives: some words, or an error."""

    words: str
    error: PipelineError | None = None


def hang(_: Job) -> None:
    for _number in itertools.count():
        pass


def hang_in_a_library(_: Job) -> None:
    re.fullmatch("(?:a|aa)*b", "a" * 60)


def take_memory(_: Job) -> None:
    pieces = []
    while True:
        pieces.append(bytes(2**26))


def raise_signal(number: int) -> Callable[[Job], None]:
    return lambda _: os.kill(os.getpid(), number)


def leave(_: Job) -> None:
    os._exit(7)


def panic(_: Job) -> None:
    raise GeneratorExit


def work_with(fault: Callable[[Job], None]) -> Callable[[Job], Iterator[Result]]:
    """Work that tells its process, and meets a fault at jobs that are called "bad"."""

    def work(job: Job) -> Iterator[Result]:
        yield Result(str(os.getpid()))
        errors: list[PipelineError] = []
        if job.relative == "bad":
            with hold_errors(job.path, errors.append):
                fault(job)
        for error in errors:
            yield Result("held", error)
        yield Result("done")

    return work


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file take little time and memory."""
    monkeypatch.setattr(limits, "_SECONDS", 1.0)
    monkeypatch.setattr(limits, "_MEMORY", 2**29)


def job(name: str) -> Job:
    return Job(f"/sources/{name}", name)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("fault", "fact"),
    [
        (hang, "takes more than 1 s to read and parse"),
        (hang_in_a_library, "takes more than 1 s to read and parse"),
        (raise_signal(signal.SIGABRT), "ends the process that reads it (SIGABRT)"),
        (raise_signal(signal.SIGSEGV), "ends the process that reads it (SIGSEGV)"),
        (raise_signal(signal.SIGKILL), "ends the process that reads it (SIGKILL)"),
        (leave, "ends the process that reads it (exit code 7)"),
        (panic, "ends the process that reads it (exit code 1)"),
    ],
)
def test_a_fault_costs_its_job(
    fault: Callable[[Job], None], fact: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Worker(work_with(fault)) as one:
        first, second = (list(one.run(job(name))) for name in ("a", "b"))
        results: list[Result] = []
        with pytest.raises(ResourceError) as caught:
            results += one.run(job("bad"))
        third = list(one.run(job("c")))
    assert first == second
    assert (caught.value.place, caught.value.fact) == ("/sources/bad", fact)
    assert caught.value.remedy
    assert [one.words for one in third][1:] == ["done"]
    assert third != first, "the same process"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("fault", [hang, leave])
def test_a_fault_costs_one_of_the_jobs_given_together(fault: Callable[[Job], None]) -> None:
    given = [job(name) for name in (*"abcdefghijk", "bad", *"lmn")]
    processes, failed = [], []
    with Worker(work_with(fault)) as one:
        for index, each in enumerate(given):
            try:
                first, *others = one.run(each, given[index + 1 :])
            except ResourceError as error:
                failed.append(error.place)
            else:
                assert [result.words for result in others] == ["done"]
                processes.append(first.words)
    assert failed == ["/sources/bad"]
    assert len(set(processes[:11])) == len(set(processes[11:])) == 1
    assert processes[0] != processes[-1]
    assert len(processes) == 14


def test_jobs_given_together_are_each_limited_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_SECONDS", 1.8)
    given = [job("bad"), job("bad"), job("bad")]
    with Worker(work_with(work_long)) as one:
        told = [[*one.run(each, given[n + 1 :])][-1].words for n, each in enumerate(given)]
    assert told == ["done"] * 3


def test_results_beyond_what_a_pipe_holds_come_whole() -> None:
    def work(one: Job) -> Iterator[Result]:
        for number in range(4):
            yield Result(f"{one.relative}{number}" * 200_000)

    given = [job(name) for name in "abcdefghij"]
    with Worker(work) as one:
        for index, each in enumerate(given):
            found = [result.words[:2] for result in one.run(each, given[index + 1 :])]
            assert found == [f"{each.relative}{number}" for number in range(4)]


def test_a_job_out_of_turn_gets_a_new_process() -> None:
    first, second, third = (job(name) for name in "abc")
    with Worker(work_with(leave)) as one:
        (before, _) = one.run(first, [second])
        (after, _) = one.run(third)
    assert before != after


def test_jobs_are_split_by_number_and_by_bytes(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(2**18))
    (tmp_path / "small").write_bytes(b"1")
    small, large = (Job(str(tmp_path / name), name) for name in ("small", "large"))
    told = [len(some) for some in worker.split_jobs([small] * 70 + [large, large, small])]
    assert told == [32, 32, 7, 1, 1]
    assert list(worker.split_jobs([])) == []


def test_results_before_a_fault_are_kept() -> None:
    results = []
    with Worker(work_with(leave)) as one:
        results_of_it = one.run(job("bad"))
        results.append(next(results_of_it).words)
        with pytest.raises(ResourceError):
            next(results_of_it)
    assert results[0].isdigit()


@pytest.mark.usefixtures("short")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory")
def test_want_of_memory_is_an_error_and_a_new_process() -> None:
    with Worker(work_with(take_memory)) as one:
        first = list(one.run(job("a")))
        bad = list(one.run(job("bad")))
        third = list(one.run(job("b")))
    assert bad[0] == first[0]
    assert isinstance(bad[1].error, ResourceError)
    assert bad[1].error.fact == "needs more memory than it may take"
    assert third[0] != first[0]


@pytest.mark.parametrize("count", [1, 2])
def test_a_child_that_dies_with_nothing_to_do_costs_no_job(count: int) -> None:
    given = [job(name) for name in "ab"[:count]]
    with Worker(work_with(leave)) as one:
        for index, each in enumerate(given):
            first, _ = one.run(each, given[index + 1 :])
        process = int(first.words)
        os.kill(process, signal.SIGKILL)
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        after, done = one.run(job("c"))
    assert done.words == "done"
    assert after.words != first.words


def test_no_child_outlives_its_worker() -> None:
    with Worker(work_with(hang)) as one:
        (result, _) = one.run(job("a"))
    with pytest.raises(ProcessLookupError):
        os.kill(int(result.words), 0)


def test_a_child_is_made_once_a_library_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fork, forbidden = os.fork, [1, 2, 3]

    def fork_when_allowed() -> int:
        if forbidden:
            forbidden.pop()
            raise RuntimeError
        return fork()

    monkeypatch.setattr(os, "fork", fork_when_allowed)
    with Worker(work_with(leave)) as one:
        assert list(one.run(job("a")))
    assert not forbidden


def test_a_child_that_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = sorted(Path("/dev/fd").iterdir())
    with pytest.raises(BlockingIOError), Worker(work_with(leave)) as one:
        list(one.run(job("a")))
    assert sorted(Path("/dev/fd").iterdir()) == before
    assert not list(tmp_path.iterdir())


def test_a_child_that_is_stopped_while_it_ends_does_not_go_on_as_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = os.getpid()
    remove = shutil.rmtree

    def remove_and_be_stopped(folder: str, *, ignore_errors: bool) -> None:
        remove(folder, ignore_errors=ignore_errors)
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(shutil, "rmtree", remove_and_be_stopped)
    try:
        with Worker(work_with(leave)) as one:
            assert list(one.run(job("a")))
            status = one.end()
    finally:
        if os.getpid() != parent:
            (tmp_path / "escaped").touch()
            os.kill(os.getpid(), signal.SIGKILL)
    assert status == 0
    assert not (tmp_path / "escaped").exists()


def test_a_child_is_replaced_by_what_it_took_and_not_by_what_its_parent_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "_MOST_RESIDENT", 2**27)
    parents = b"1" * 2**28

    def take(_: Job) -> None:
        assert len(b"1" * 2**28) == len(parents)

    with Worker(work_with(take)) as one:
        (before, _), (after, _), (last, _) = (one.run(job(name)) for name in ("a", "bad", "b"))
    assert before.words == after.words != last.words


def test_a_child_that_ignores_its_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    def ignore(_: Job) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        hang(_)

    monkeypatch.setattr(worker, "_CLEANING", 0.1)
    with Worker(work_with(ignore)) as one:
        # Whoever leaves the context in the middle of a job leaves the child at work.
        process = int(next(one.run(job("bad"))).words)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_child_has_no_file_of_its_parent(tmp_path: Path) -> None:
    def look(bad: Job) -> None:
        targets = [str(one.resolve()) for one in Path("/dev/fd").iterdir()]
        fact = " ".join(one for one in targets if str(tmp_path) in one)
        raise SourceError(bad.path, fact, "close it")

    (tmp_path / "lock").touch()
    with (tmp_path / "lock").open("rb"), Worker(work_with(look)) as one:
        error = list(one.run(job("bad")))[1].error
    assert error
    assert error.fact == ""


def test_a_run_goes_on_after_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = pipeline.parse.notice.parse_notice

    def planted(source: Source, notice_id: str) -> Notice:
        if "坏" in source.text:
            os.write(2, b"a library complains")
            os.abort()
        return whole(source, notice_id)

    monkeypatch.setattr(pipeline.parse.notice, "parse_notice", planted)
    for name, text in (("1", plain()), ("2", "坏".encode()), ("3", plain() + "\n附注。".encode())):
        (tmp_path / f"{name}.txt").write_bytes(text)
    out = tmp_path / "out"
    assert cli.main(["parse", str(tmp_path), "-o", str(out)]) == 1
    told = capfd.readouterr().err
    assert f"{tmp_path / '2.txt'}: ends the process that reads it (SIGABRT); " in told
    assert "complains" not in told
    assert [one.name[:2] for one in sorted((out / "json").iterdir())] == ["1-", "3-"]


def test_a_run_that_is_killed_leaves_no_child_with_its_lock(tmp_path: Path) -> None:
    script = (
        "import os,signal,sys;import pipeline.parse.notice as n;from pipeline import cli;"
        "n.parse_notice=lambda *_:os.kill(os.getppid(),signal.SIGKILL);cli.main(sys.argv[1:])"
    )
    (tmp_path / "1.txt").write_bytes(plain())
    args = ["parse", str(tmp_path), "-o", str(tmp_path / "out")]
    done = subprocess.run([sys.executable, "-c", script, *args], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert cli.main(args) == 0


def work_long(_: Job) -> None:
    until = time.process_time() + 1.0
    while time.process_time() < until:
        pass


def take_much(_: Job) -> None:
    bytes(2**29)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("work", [work_long, take_much])
def test_a_reader_may_take_more_than_the_size_of_its_file_allows(
    work: Callable[[Job], None],
) -> None:
    def ask_and_work(one: Job) -> None:
        take_more_time(2.0)
        take_more_memory(2**30)
        work(one)

    with Worker(work_with(ask_and_work)) as one:
        assert [result.words for result in one.run(job("bad"))][1:] == ["done"]


def test_nothing_is_limited_by_asking_for_more() -> None:
    take_more_time(1.0)
    take_more_memory(2**20)
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


@pytest.mark.filterwarnings("default")  # the recognition library's own
def test_a_scan_is_recognised_within_the_limits_of_its_file(tmp_path: Path) -> None:
    need(has_chinese_font(), "a Chinese font, to draw the scan with")
    (tmp_path / "scan.pdf").write_bytes(scan(writers.pdf([*SCANNED])))
    jobs.load_parser()
    with Worker(jobs.run_job) as one:
        (outcome,) = one.run(Job(str(tmp_path / "scan.pdf"), "scan.pdf"))
    assert outcome.notice
    assert outcome.notice.source.text.split("\n") == SCANNED
