"""How a write waits for other runs on the OUTPUT."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.dataset.output_lock import lock_output

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Waiting:
    """Tells whether a write waits for another run now, and lets it be given up."""

    def __init__(self) -> None:
        self.is_waiting = False
        self.is_given_up = False

    @contextmanager
    def lock(self, output: Path) -> Iterator[None]:
        """Keep other runs out of an OUTPUT. Raises OutputError, also where waiting is given up."""
        with lock_output(output, self._say, gives_up=lambda: self.is_given_up):
            self.is_waiting = False
            yield

    def _say(self, _: str) -> None:
        self.is_waiting = True
