"""How benchmarks measure: processor time by turns, memory kept, and figures that are kept for the README."""

from __future__ import annotations

import gc
import json
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path

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


def keep_figure(name: str, value: float) -> None:
    """Add a figure to the file that the environment names; nothing where it names none."""
    path = os.environ.get(FIGURES_FILE)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, "value": value}) + "\n")
