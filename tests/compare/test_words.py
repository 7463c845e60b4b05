"""Sentences split into words."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.compare.words import split_words
from tests.compare.cases import read_table
from tests.conftest import ROOT


@pytest.mark.parametrize("row", read_table("words"), ids=str)
def test_words(row: dict[str, str]) -> None:
    words = split_words(row["text"])
    assert "|".join(words) == row["words"]
    assert "".join(words) == row["text"]


def test_no_cache_is_read_or_written(tmp_path: Path) -> None:
    """A cache in the folder of temporary files could be anybody's."""
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(marshal.dumps(({"智慧": 1, "食堂智": 10**6}, 10**6)))
    before = planted.read_bytes()
    script = "from pipeline.compare.words import split_words; print(split_words('智慧食堂智慧'))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "食堂智" not in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]
    assert planted.read_bytes() == before
