"""Several processes give the results of jobs in the jobs' order, and lose none."""

from __future__ import annotations

import errno
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.batch.cores import count_cores
from pipeline.batch.jobs import Job
from pipeline.batch.pool import Pool
from pipeline.errors import PipelineError, ResourceError

LARGE = 2**21


class Result(NamedTuple):
    """What a job gives."""

    words: str
    error: PipelineError | None = None


def work(job: Job) -> Iterator[Result]:
    """Work by a job's name: dies, yields much, takes some time, or nothing of it."""
    number, kind = job.relative.split("-")
    chance = random.Random(number)  # noqa: S311
    if chance.random() < 0.1:
        time.sleep(chance.random() / 100)
    yield Result(number)
    if kind == "large":
        yield Result("x" * LARGE)
    if kind == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "ends":
        os._exit(3)
    yield Result("done")


def make_jobs(seed: int, count: int) -> list[Job]:
    chance = random.Random(seed)  # noqa: S311
    kinds = chance.choices(("plain", "large", "killed", "ends", "left"), (90, 4, 1, 1, 10), k=count)
    return [Job(f"/sources/{n}", f"{n}-{kind}") for n, kind in enumerate(kinds)]


def run(jobs: list[Job], count: int) -> list[tuple[str, list[str]]]:
    """The jobs as they come, each with the first letters of its results, an error last."""
    done = []
    with Pool(work, count, lambda: None) as pool:
        for job, found, results in pool.run(
            jobs, lambda one: None if one.relative.endswith("left") else "x"
        ):
            told = []
            assert (found is None) == job.relative.endswith("left")
            try:
                for one in results:
                    told.append(one.words[:5])  # noqa: PERF401 - those before an error stay
            except ResourceError as error:
                told.append(error.fact)
            done.append((job.relative, told))
    return done


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("seed", range(3))
def test_all_jobs_come_in_their_order(seed: int, count: int) -> None:
    jobs = make_jobs(seed, 300)
    for relative, told in (done := run(jobs, count)):
        number, kind = relative.split("-")
        expected = {
            "plain": [number, "done"],
            "large": [number, "xxxxx", "done"],
            "left": [],
            "killed": [number, "ends the process that reads it (SIGKILL)"],
            "ends": [number, "ends the process that reads it (exit code 3)"],
        }[kind]
        assert told == [one[:5] for one in expected[:-1]] + expected[-1:], relative
    assert [relative for relative, _ in done] == [job.relative for job in jobs]


@pytest.mark.parametrize("count", [1, 2])
def test_what_choosing_raises_comes_after_the_jobs_before(count: int) -> None:
    jobs = [Job(f"/sources/{n}", f"{n}-plain") for n in range(200)]
    done = []

    def choose(job: Job) -> str:
        if job.relative == "150-plain":
            message = "no such job"
            raise LookupError(message)
        return "x"

    def use(pool: Pool[Result]) -> None:
        for job, _, results in pool.run(jobs, choose):
            done.append((job.relative, len(list(results))))

    with Pool(work, count, lambda: None) as pool, pytest.raises(LookupError):
        use(pool)
    assert done == [(f"{n}-plain", 2) for n in range(len(done))]
    assert 100 < len(done) <= 150


@pytest.mark.parametrize("count", [1, 2])
def test_what_failed_in_one_run_is_not_met_in_the_next(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def use(jobs: list[Job], fail_at: int = -1) -> list[str]:
        done = []
        for number, (job, _, results) in enumerate(pool.run(jobs, str)):
            assert [one.words for one in results][1:] == ["done"]
            done.append(job.relative)
            if number == fail_at:
                raise MemoryError
        return done

    def fork_in_vain() -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    runs = [[Job(f"/sources/{n}", f"{n}-plain") for n in range(at, at + 3)] for at in range(3)]
    with Pool(work, count, lambda: None) as pool:
        with pytest.raises(MemoryError):
            use(runs[0], fail_at=0)
        pool.end()
        assert use(runs[1]) == [job.relative for job in runs[1]]
        pool.end()
        with monkeypatch.context() as planted:
            planted.setattr(os, "fork", fork_in_vain)
            with pytest.raises(BlockingIOError):
                use(runs[0])
        pool.end()
        assert use(runs[2]) == [job.relative for job in runs[2]]


def test_nothing_to_do() -> None:
    assert run([], 2) == []


def test_cores_by_quota(tmp_path: Path) -> None:
    groups, limits = tmp_path / "cgroup", tmp_path / "limits"
    assert count_cores(groups, limits) >= 1
    (limits / "a" / "b").mkdir(parents=True)
    groups.write_text("0::/a/b\n")
    (limits / "a" / "b" / "cpu.max").write_text("max 100000\n")
    free = count_cores(groups, limits)
    (limits / "a" / "cpu.max").write_text("100000 100000\n")
    assert count_cores(groups, limits) == 1 <= free
    (limits / "a" / "b" / "cpu.max").write_text("50000 100000\n")
    assert count_cores(groups, limits) == 1
    (limits / "a" / "cpu.max").write_text("no numbers\n")
    (limits / "a" / "b" / "cpu.max").unlink()
    assert count_cores(groups, limits) == free
