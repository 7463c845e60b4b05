"""Some runs killed at random moments; many more by `make kills`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kills import try_kills

pytestmark = pytest.mark.tries


def test_killed_runs_lose_nothing(tmp_path: Path) -> None:
    told = try_kills(tmp_path, 11, seed=3)
    # Each kind of run once, some twice.
    assert sum(told.values()) == 11
    # A moment may come after a run's end, on a busy machine more often.
    assert any(what.endswith("killed") for what in told)
