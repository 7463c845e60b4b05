"""Damaged files of every kind give a Source or a SourceError, within time and memory."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.read.fuzz import damaged
from tests.read.samples import SAMPLES

pytestmark = pytest.mark.tries


def test_damaged_files() -> None:
    """In a process of its own, whose memory is limited; FENGONG_FUZZ sets the number."""
    count = os.environ.get("FENGONG_FUZZ", "4000")
    command = [sys.executable, "-m", "tests.read.fuzz", count]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{count} inputs of {len(SAMPLES)} kinds" in done.stdout


def test_the_same_number_is_the_same_input() -> None:
    for number, name in enumerate(SAMPLES):
        assert damaged(name, number, 1) == damaged(name, number, 1)
