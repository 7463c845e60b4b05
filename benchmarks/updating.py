"""`fengong parse` over many generated notices: first, unchanged, one changed. Part of `make bench`.

python -m benchmarks.updating                        1,000 and 10,000 notices
python -m benchmarks.updating --notices 100000 --jobs 2

Prints seconds, seconds of processors, and the peak memory of the main process and of its greatest child.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from benchmarks.many import text
from benchmarks.measure import Usage, keep_figure, measure_command

_SIZES, _JOBS = (1000, 10_000), (1, 2)
_A_FOLDER = 1000


def write_notices(folder: Path, count: int) -> None:
    """Write so many generated plans, a thousand a folder."""
    for seed in range(count):
        path = folder / f"{seed // _A_FOLDER:03}" / f"{seed}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(seed), "utf-8")


def measure(sources: Path, output: Path, jobs: int, fresh: int) -> dict[str, Usage]:
    """The first run, one over the same sources, and one in which the notice `fresh` is in place of the first."""
    args = ("parse", sources, "-o", output, "--jobs", jobs)
    found = {"first": measure_command(*args), "unchanged": measure_command(*args)}
    first = sources / "000" / "0.txt"
    first.write_text(text(fresh), "utf-8")
    found["one changed"] = measure_command(*args)
    first.write_text(text(0), "utf-8")
    return found


def tell(count: int, jobs: int, found: dict[str, Usage]) -> None:
    """Print and keep what the runs took."""
    for name, used in found.items():
        print(
            f"{count:>7,} notices, --jobs {jobs}, {name:11}: {used.seconds:7.2f} s, {used.cpu:7.2f} s of processors,"
            f" {used.cpu / count * 1e3:6.3f} ms a notice, {used.main:5.0f} MB, children {used.child:5.0f} MB",
            flush=True,
        )
        key = f"parse.{count}.jobs{jobs}.{name.replace(' ', '_')}"
        for field, value in used._asdict().items():
            keep_figure(f"{key}.{field}", value)
        keep_figure(f"{key}.share", used.cpu / found["first"].cpu * 100)


def main() -> None:
    """Measure each size with each number of processes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notices", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--jobs", type=int, nargs="+", default=_JOBS)
    args = parser.parse_args()
    cost: dict[int, list[float]] = {jobs: [] for jobs in args.jobs}
    for count in args.notices:
        folder = Path(tempfile.mkdtemp(prefix="fengong-bench-"))
        try:
            sources = folder / "sources"
            write_notices(sources, count)
            for jobs in args.jobs:
                found = measure(sources, folder / f"output-{jobs}", jobs, count)
                tell(count, jobs, found)
                cost[jobs].append(found["first"].cpu / count)
        finally:
            shutil.rmtree(folder)
    for jobs, each in cost.items():
        ratio = max(each) / min(each)
        print(f"--jobs {jobs}: a notice costs {ratio:.2f} times as much in the dearest size")
        keep_figure(f"parse.jobs{jobs}.across_sizes", ratio)


if __name__ == "__main__":
    main()
