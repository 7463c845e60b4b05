"""A second run over sources that have not changed, beside the first. Part of `make bench`."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.many import text

_NOTICES = 1000
_ROUNDS = 3


def run(sources: Path, output: Path) -> float:
    """The whole command, its seconds."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "pipeline", "parse", str(sources), "-o", str(output)]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="fengong-bench-"))
    try:
        sources, output = folder / "sources", folder / "output"
        sources.mkdir()
        for seed in range(_NOTICES):
            (sources / f"{seed}.txt").write_text(text(seed), "utf-8")
        first, again, one = [], [], []
        for n in range(_ROUNDS):
            shutil.rmtree(output, ignore_errors=True)
            first.append(run(sources, output))
            again.append(run(sources, output))
            (sources / "0.txt").write_text(text(n + _NOTICES), "utf-8")
            one.append(run(sources, output))
        a, b, c = (statistics.median(each) for each in (first, again, one))
        print(
            f"parse of {_NOTICES:,} notices: {a:.2f} s; unchanged again: {b:.2f} s, {a / b:.1f} "
            f"times faster (goal: 10); one changed: {c:.2f} s, {a / c:.1f} times"
        )
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
