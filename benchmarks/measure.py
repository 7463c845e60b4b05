"""How benchmarks measure: processor time by turns, memory kept, and figures that are kept for the README."""

from __future__ import annotations

import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.collector import collector_at_rest

# Names a file where each figure is a line of JSON: `benchmarks/figures.py` sets it.
FIGURES_FILE = "FENGONG_FIGURES"
# A call is repeated until a turn takes so many seconds, so that the clock's steps do not count.
_TURN = 0.05

Call = Callable[[], object]


class Turns:
    """Processor seconds of several calls, each once a round: a slow moment meets all of them."""

    def __init__(self, calls: Mapping[str, Call], rounds: int) -> None:
        self.seconds: dict[str, list[float]] = {name: [] for name in calls}
        with collector_at_rest():
            repeats = {name: _count_repeats(call) for name, call in calls.items()}
            for _ in range(rounds):
                for name, call in calls.items():
                    gc.collect()
                    spent = _cpu_seconds(call, repeats[name]) / repeats[name]
                    self.seconds[name].append(spent)

    def median(self, name: str) -> float:
        """Seconds of one call, the middle one of the rounds."""
        return statistics.median(self.seconds[name])

    def ratio(self, name: str, other: str) -> float:
        """How many times as long a call takes as another of the same round, the middle one."""
        pairs = zip(self.seconds[name], self.seconds[other], strict=True)
        return statistics.median(one / two for one, two in pairs)


def _count_repeats(call: Call) -> int:
    """How often to call in a turn; the first call, which may load tables, is not counted."""
    call()
    spent = _cpu_seconds(call, 1)
    return max(1, round(_TURN / spent)) if spent else 1


def _cpu_seconds(call: Call, repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        call()
    return time.process_time() - start


def kept_bytes(call: Call) -> tuple[int, int]:
    """How many bytes of Python's memory the result of a call has, and the most during the call.

    The call is made twice: what the first one leaves in caches for all later ones is not counted.
    """
    call()
    gc.collect()
    tracemalloc.start()
    try:
        result = call()
        gc.collect()
        kept, most = tracemalloc.get_traced_memory()
        del result
        return kept, most
    finally:
        tracemalloc.stop()


# The kernel counts the memory of the process that started this one in ru_maxrss, not in VmHWM.
_MEASURED = """
import contextlib, resource, sys
from pathlib import Path
from pipeline.cli import main
code = main(sys.argv[1:])
own, child = (
    resource.getrusage(one).ru_maxrss for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
)
with contextlib.suppress(OSError):
    status = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    own = int(status.split()[0])
print("peak", own, child)
sys.exit(code)
"""


class Usage(NamedTuple):
    """What a command took: seconds, those of processors, and the peaks of memory in MB.

    `child` is the greatest of the processes that the command started.
    """

    seconds: float
    cpu: float
    main: float
    child: float


def measure_command(*args: object) -> Usage:
    """Run a `fengong` command in a process of its own."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", _MEASURED, *map(str, args)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    own, child = (int(peak) / 1024 for peak in done.stdout.rpartition("peak ")[2].split())
    return Usage(seconds, sum(after[:2]) - sum(before[:2]), own, child)


def keep_figure(name: str, value: float) -> None:
    """Add a figure to the file that the environment names; nothing where it names none."""
    path = os.environ.get(FIGURES_FILE)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, "value": value}) + "\n")
