"""What a run does where workers die, and where they are new and know no tables of the user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.batch.cluster import run
from pipeline.batch.cluster.fitness import Fitness, expect_own
from pipeline.errors import ClusterError
from tests.batch.cluster.processes import ClusterProcesses
from tests.batch.test_processes import files_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class _Client:
    """A client of workers by their addresses, each with the fitness that it has."""

    def __init__(self, workers: dict[str, Fitness]) -> None:
        self.workers = workers
        self.status = "running"
        self.cancelled: list[object] = []

    def nthreads(self) -> dict[str, int]:
        return dict.fromkeys(self.workers, 1)

    def run(self, *_: object, **__: object) -> dict[str, Fitness]:
        return self.workers

    def submit(self, *_: object, workers: list[str], **__: object) -> tuple[str, ...]:
        return (*workers, str(len(workers)))

    def cancel(self, futures: list[object], **_: object) -> None:
        self.cancelled += futures


def start(workers: dict[str, Fitness]) -> tuple[Any, _Client]:
    """A run of one batch that was given to the fit ones of some workers."""
    client = _Client(workers)
    made: Any = run._Run(client, [()], "parts", expect_own())
    made._check_workers()
    made._give()
    return made, client


def test_batches_of_fit_workers_that_died_go_to_others() -> None:
    own = expect_own().fitness
    unfit = own._replace(version="9.0")
    made, client = start({"tcp://fit": own, "tcp://unfit": unfit})
    assert list(made._given) == [("tcp://fit", "1")]
    made._look_after()
    assert client.cancelled == []
    client.workers = {}
    made._look_after()
    assert client.cancelled == []
    client.workers = {"tcp://unfit": unfit, "tcp://new": own}
    made._look_after()
    assert client.cancelled == [("tcp://fit", "1")]
    assert (made._waiting, made._given) == ([0], {})
    made._give()
    assert list(made._given) == [("tcp://new", "1")]


def test_a_run_ends_where_all_fit_workers_died() -> None:
    own = expect_own().fitness
    made, client = start({"tcp://fit": own, "tcp://unfit": own._replace(version="9.0")})
    client.workers = {"tcp://unfit": client.workers["tcp://unfit"]}
    with pytest.raises(ClusterError, match=r"worker tcp://unfit: has fengong 9\.0, this is"):
        made._look_after()


def test_workers_that_are_new_are_sent_the_tables_of_a_user(tmp_path: Path) -> None:
    tables, sources = tmp_path / "tables", tmp_path / "in"
    for folder in (tables, sources):
        folder.mkdir()
    (tables / "labels.csv").write_text("label,role,field,source\n扛旗单位,lead,,test\n", "utf-8")
    (sources / "a.txt").write_text(
        "甲区2024年重点工作分工方案\n一、推进政务公开。\n扛旗单位：区教育局\n二、整治河道。\n扛旗单位：区水务局\n",
        "utf-8",
    )

    def fengong(*words: str | Path) -> None:
        command = [sys.executable, "-m", "pipeline", *words]
        subprocess.run(command, check=True, capture_output=True, env=os.environ, timeout=300)

    over = ("--lexicon", tables)
    with ClusterProcesses(tmp_path, 1) as cluster:
        cluster.wait_until_ready()
        parts = ("-o", tmp_path / "parts", "--scheduler", cluster.address)
        fengong("cluster", "parse", sources, *parts, *over)
    fengong("cluster", "gather", tmp_path / "parts", "-o", tmp_path / "there", "--jobs", "1")
    fengong("parse", sources, "-o", tmp_path / "here", "--jobs", "1", *over)
    assert "区教育局" in (tmp_path / "here" / "assignments.csv").read_text("utf-8")
    assert files_of(tmp_path / "here") == files_of(tmp_path / "there")
