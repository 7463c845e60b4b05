"""What several tests share: the real notice, the shared corpus, a source from a string."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from pipeline.batch import Job, Outcome, run_job
from pipeline.model import Notice, Source
from pipeline.parse import parse_notice
from pipeline.read.box import unbox

ROOT = Path(__file__).parent.parent
RAW = ROOT / "raw" / "yantian" / "2011" / "reform-plan.txt"
CORPUS = ROOT.parent / "shared" / "corpus"


def source(text: str) -> Source:
    """A source as the reader of plain text would make it from these characters."""
    return Source(sha256=hashlib.sha256(text.encode()).hexdigest(), text=unbox(text))


def parse(text: str) -> Notice:
    """The record of a text."""
    return parse_notice(source(text), "notice")


def run_jobs(jobs: Iterable[Job]) -> Iterator[Outcome]:
    """The outcomes in the jobs' order; an archive has one for each of its documents."""
    return chain.from_iterable(map(run_job, jobs))


@pytest.fixture
def yantian() -> str:
    return RAW.read_text("utf-8")


@pytest.fixture
def corpus() -> Path:
    if not CORPUS.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the shared corpus is missing in CI")
        pytest.skip("needs the shared corpus beside the checkout")
    return CORPUS
