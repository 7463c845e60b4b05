"""Two workers of a cluster beside two processes of one command, on the same generated notices.

python -m benchmarks.scale [--notices 10000] [--rounds 1]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.many import text
from tests.batch.cluster.processes import ClusterProcesses

_IN_A_FOLDER = 1000
_GOAL = 0.85


class Cost(NamedTuple):
    """Seconds from start to end, and seconds of processor time of all processes together."""

    wall: float
    busy: float


def write_notices(folder: Path, count: int) -> int:
    """Write generated notices; return their bytes."""
    size = 0
    for number in range(count):
        inner = folder / f"{number // _IN_A_FOLDER:04}"
        inner.mkdir(parents=True, exist_ok=True)
        size += (inner / f"{number}.txt").write_bytes(text(number).encode())
    return size


def run(words: list[str], others: Callable[[], float] = lambda: 0.0) -> Cost:
    """Run the command; `others` gives the processor time of what works for it elsewhere."""
    start, before, apart = time.monotonic(), os.times(), others()
    subprocess.run([sys.executable, "-m", "pipeline", *words], check=True, capture_output=True)
    after = os.times()
    own = (
        after.children_user - before.children_user + after.children_system - before.children_system
    )
    return Cost(time.monotonic() - start, own + others() - apart)


def busy_of(cluster: ClusterProcesses) -> float:
    """The processor time that scheduler and workers have taken, with that of children that ended."""
    times = [psutil.Process(one.pid).cpu_times() for one in (cluster.scheduler, *cluster.workers)]
    return float(
        sum(one.user + one.system + one.children_user + one.children_system for one in times)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fengong-scale-"))
    sources, output, parts, logs = (folder / name for name in ("in", "out", "parts", "logs"))
    logs.mkdir()
    size = write_notices(sources, args.notices)
    both, cluster_runs, gathered = [], [], []
    try:
        for _ in range(args.rounds):
            for one in (output, parts, folder / "gathered"):
                shutil.rmtree(one, ignore_errors=True)
            both.append(run(["parse", str(sources), "-o", str(output), "--jobs", "2"]))
            with ClusterProcesses(logs, 2) as cluster:
                cluster.wait_until_ready()
                words = ["cluster", "parse", str(sources), "-o", str(parts)]
                words += ["--scheduler", cluster.address]
                cluster_runs.append(run(words, lambda: busy_of(cluster)))
            words = ["cluster", "gather", str(parts), "-o", str(folder / "gathered"), "--jobs", "2"]
            gathered.append(run(words))
        kept = sum(path.stat().st_size for path in parts.rglob("*") if path.is_file())
    finally:
        shutil.rmtree(folder)
    print(f"{args.notices:,} generated notices, {size / 1e6:.1f} MB; medians of {args.rounds}")
    show("fengong parse --jobs 2 (baseline)", both, args.notices)
    show("cluster parse, 2 workers that are up", cluster_runs, args.notices)
    show("cluster gather --jobs 2", gathered, args.notices)
    ratio = median(both).wall / median(cluster_runs).wall
    print(f"speed of the cluster: {ratio:.2f} of the baseline (goal: {_GOAL})")
    print(f"partitions: {kept / args.notices / 1000:.1f} kB a notice")


def median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def show(name: str, costs: list[Cost], notices: int) -> None:
    wall, busy = median(costs)
    print(
        f"{name}: {wall:.1f} s, {busy:.1f} s of processor time, "
        f"{notices / busy:.0f} notices a core-second"
    )


if __name__ == "__main__":
    main()
