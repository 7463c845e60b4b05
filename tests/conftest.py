"""What several tests share: the real notice, the shared corpus, a source from a string."""

from __future__ import annotations

import functools
import gc
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pipeline.batch.jobs import Job, Outcome, run_job
from pipeline.model import Notice, Source
from pipeline.parse.notice import parse_notice
from pipeline.read.box import unbox

# What the commands say is compared in English, in this process and in those that tests start.
os.environ["FENGONG_LANG"] = "en"
# A busy machine is slow, and that is no fault: no example has a time limit.
settings.register_profile("fengong", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fengong")

ROOT = Path(__file__).parent.parent
RAW = ROOT / "raw" / "yantian" / "2011" / "reform-plan.txt"
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "corpus"


def source(text: str) -> Source:
    """A source as the reader of plain text would make it from these characters."""
    return Source(sha256=hashlib.sha256(text.encode()).hexdigest(), text=unbox(text))


def parse(text: str) -> Notice:
    """The record of a text."""
    return parse_notice(source(text), "notice")


def run_jobs(jobs: Iterable[Job]) -> Iterator[Outcome]:
    """The outcomes in the jobs' order; an archive has one for each of its documents."""
    return chain.from_iterable(map(run_job, jobs))


@pytest.fixture(autouse=True)
def collector_as_before() -> Iterator[None]:
    """Commands that ran in this process leave the collector slow: its garbage would fill the memory."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.fixture
def yantian() -> str:
    return RAW.read_text("utf-8")


def need(is_there: bool, part: str) -> None:  # noqa: FBT001
    """Skip a test where the machine lacks a part that it needs; in CI a missing part fails."""
    if not is_there:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs {part}")


@functools.cache
def has_chinese_font() -> bool:
    """Whether the system knows a font that has Chinese characters."""
    command = shutil.which("fc-list")
    told = command and subprocess.run([command, ":lang=zh-cn"], capture_output=True, check=False)
    return bool(told and told.stdout.strip())


@pytest.fixture
def corpus() -> Path:
    need(CORPUS.is_dir(), "the shared corpus beside the checkout")
    return CORPUS
