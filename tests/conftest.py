"""What several tests share: the real notice, the shared corpus, a source from a string."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

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
