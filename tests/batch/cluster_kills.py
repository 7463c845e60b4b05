"""A run on a cluster whose workers, scheduler and client are killed: its output is that of a run left alone.

python -m tests.batch.cluster_kills --notices 20000 --seconds 120     (make cluster-kills)
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.many import text
from tests.batch.cluster.processes import ClusterProcesses

_EVERY = 10.0
_WORKERS = 2


def parse(sources: Path, out: Path, address: str) -> list[str]:
    return [
        sys.executable, "-m", "pipeline", "cluster", "parse", str(sources), "-o", str(out),
        "--scheduler", address,
    ]  # fmt: skip


def read_files(out: Path) -> dict[str, bytes]:
    """All files of an output by their names."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


class Kills:
    """Kills in a run: a worker each ten seconds, the scheduler and the client once each."""

    def __init__(self, cluster: ClusterProcesses, seconds: float, seed: int) -> None:
        self.counts = {"worker": 0, "scheduler": 0, "client": 0}
        self._cluster = cluster
        self._chance = random.Random(seed)  # noqa: S311
        self._begun = time.monotonic()
        self._seconds = seconds
        self._next = self._begun + _EVERY

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self._begun > self._seconds

    def strike(self, client: subprocess.Popen[bytes]) -> None:
        """Kill where it is time for it; replace what has ended."""
        now = time.monotonic()
        if now >= self._next and not self.is_over:
            self._next = now + _EVERY
            self._chance.choice(self._cluster.workers).kill()
            self.counts["worker"] += 1
            share = (now - self._begun) / self._seconds
            if share > 1 / 3 and not self.counts["scheduler"]:
                self._cluster.scheduler.kill()
                self._cluster.scheduler.wait()
                self.counts["scheduler"] += 1
            elif share > 2 / 3 and not self.counts["client"]:
                client.kill()
                self.counts["client"] += 1
            time.sleep(0.2)
        self._cluster.replace_dead()


def run_disturbed(command: list[str], kills: Kills, log: Path) -> int:
    """Run a command again and again under kills until it ends well; return how often it was started."""
    starts = 0
    while True:
        starts += 1
        with log.open("ab") as said, subprocess.Popen(command, stdout=said, stderr=said) as client:
            while client.poll() is None:
                kills.strike(client)
                time.sleep(0.2)
        if client.returncode == 0:
            return starts
        if kills.is_over and starts > 20:
            message = f"the run ends with {client.returncode} though nothing is killed; see {log}"
            raise RuntimeError(message)
        kills.strike(client)
        time.sleep(1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fengong-cluster-kills-"))
    sources, logs = folder / "sources", folder / "logs"
    for one in (sources, logs):
        one.mkdir()
    for number in range(args.notices):
        (sources / f"{number}.txt").write_text(text(number), "utf-8")
    with ClusterProcesses(logs, _WORKERS) as cluster:
        cluster.wait_until_ready()
        start = time.monotonic()
        alone = folder / "alone"
        subprocess.run(parse(sources, alone, cluster.address), check=True, capture_output=True)
        print(
            f"left alone: {args.notices:,} notices in {time.monotonic() - start:.0f} s", flush=True
        )
        expected = read_files(alone)
        kills = Kills(cluster, args.seconds, args.seed)
        faults, rounds = 0, 0
        while not rounds or not kills.is_over:
            rounds += 1
            out = folder / f"disturbed-{rounds}"
            begun = time.monotonic()
            starts = run_disturbed(parse(sources, out, cluster.address), kills, logs / "client.log")
            found = read_files(out)
            differing = {
                name for name in expected.keys() | found.keys()
                if expected.get(name) != found.get(name)
            }  # fmt: skip
            faults += len(differing)
            print(
                f"run {rounds}: {time.monotonic() - begun:.0f} s, {starts} starts of the client, "
                f"{len(found)} files, {len(differing)} differ; killed so far: {kills.counts}",
                flush=True,
            )
            shutil.rmtree(out)
    print(f"{faults} files differ from those of the run left alone")
    if faults:
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
