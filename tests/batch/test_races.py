"""Two runs at once, one pair of them; all of them by `make races`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.races import make_races, try_race

pytestmark = pytest.mark.tries


def test_two_runs_at_once_are_as_one_after_the_other(tmp_path: Path) -> None:
    tried = 0
    for race in make_races(tmp_path):
        if race.name == "parse, correct":
            for wrong in try_race(race, tmp_path / "work", 1, random.Random(3)):  # noqa: S311
                assert wrong is None
                tried += 1
    assert tried == 1
