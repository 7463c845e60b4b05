"""A scheduler and workers as processes of their own, which may be killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from distributed import Client

_SECONDS = 120.0
_SETTINGS = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
}


class ClusterProcesses:
    """A scheduler and `count` workers of one thread each; what they say goes to files in `folder`."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.port = _find_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        # As docs/scale.md says: else Dask looks at each worker a hundred and fifty times a second.
        self._environment = os.environ | _SETTINGS
        self._number = 0
        self.scheduler = self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in (*self.workers, self.scheduler):
            one.kill()
            one.wait()

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        return self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port))

    def start_worker(self) -> subprocess.Popen[bytes]:
        # Without a nanny, which would start another process for one that is killed.
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny")

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        self._number += 1
        log = (self.folder / f"{self._number:03}-{words[0]}.log").open("wb")
        command = [
            sys.executable, "-m", "dask", *words, "--no-dashboard",
            "--dashboard-address", "127.0.0.1:0",
        ]  # fmt: skip
        with log:
            return subprocess.Popen(
                command, stdout=log, stderr=log, env=self._environment, cwd=Path.cwd()
            )

    def replace_dead(self) -> None:
        """Start the scheduler and workers again that have ended."""
        if self.scheduler.poll() is not None:
            self.scheduler = self.start_scheduler()
        self.workers = [one if one.poll() is None else self.start_worker() for one in self.workers]

    def wait_until_ready(self) -> None:
        """Wait until all workers have joined."""
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            try:
                with Client(self.address, timeout=_SECONDS, set_as_default=False) as client:
                    client.wait_for_workers(len(self.workers), timeout=_SECONDS)
                    return
            except OSError:
                time.sleep(0.5)
        message = f"no cluster at {self.address}; see {self.folder}"
        raise TimeoutError(message)


def _find_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
