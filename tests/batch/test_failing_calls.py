"""Some calls that fail in each command that writes; every one of them by `make failures`."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.failures import make_trials, try_trial

pytestmark = pytest.mark.tries


def test_a_failing_call_leaves_everything_old_or_new(tmp_path: Path) -> None:
    tried = 0
    for number, trial in enumerate(make_trials(tmp_path)):
        code = (errno.ENOSPC, errno.EIO, errno.EACCES)[number % 3]
        for wrong in try_trial(trial, tmp_path / "work", 29, (code,)):
            assert wrong is None
            tried += 1
    assert tried > 22
