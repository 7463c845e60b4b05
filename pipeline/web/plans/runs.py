"""Runs that add documents to the OUTPUT: started by a page, one after the other, watched by any page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_KEPT_RUNS = 50
_MOST_WAITING = 20
Step: TypeAlias = "dict[str, Any]"
_LAST_STEPS = ("done", "failed")


@dataclass(slots=True)
class Run:
    """One run; `told` are its steps so far, the last of which ends it."""

    key: str
    sources: Sequence[Path]
    told: list[Step] = field(default_factory=list)

    @property
    def has_ended(self) -> bool:
        """Whether the run is over."""
        return bool(self.told) and self.told[-1]["step"] in _LAST_STEPS

    def add(self, step: Step) -> None:
        """Add a step."""
        self.told.append(step)


class Runs:
    """The runs of a desk. `after` is called behind each, before it ends for those who watch it."""

    def __init__(self, output: Path, after: Callable[[], object]) -> None:
        self._output = output
        self._after = after
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._starting = Lock()
        self._working = Lock()

    def start(self, sources: Sequence[Path]) -> Run | None:
        """Start a run; None where too many wait already."""
        run = Run(token_urlsafe(12), sources)
        with self._starting:
            if sum(not one.has_ended for one in self._runs.values()) >= _MOST_WAITING:
                return None
            self._runs[run.key] = run
            while len(self._runs) > _KEPT_RUNS:
                self._runs.popitem(last=False)
        Thread(target=self._work, args=(run,), name="fengong-adding", daemon=True).start()
        return run

    def find(self, key: str) -> Run | None:
        """Return a run by its key."""
        return self._runs.get(key)

    def _work(self, run: Run) -> None:
        run.add({"step": "wait"})
        fact = "parsing ended before its time"
        last: Step = {"step": "failed", "fact": fact, "remedy": "try again with fewer files"}
        try:
            with self._working:
                last = self._parse(run, last)
                with suppress(PipelineError):
                    # A page that cannot be brought up to date says so itself.
                    self._after()
        finally:
            # Whoever follows the run is told of its end, whatever went wrong.
            run.add(last)

    def _parse(self, run: Run, last: Step) -> Step:
        """Parse in a process of its own; return the step that ends the run, else `last`."""
        command = [sys.executable, "-m", "pipeline.web.plans.adding", str(self._output)]
        command += map(str, run.sources)
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as work:  # noqa: S603
            for line in work.stdout or ():
                step = json.loads(line)
                if step["step"] in _LAST_STEPS:
                    last = step
                else:
                    run.add(step)
        return last
