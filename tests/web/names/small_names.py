"""An OUTPUT with names that a person has to judge: one of no known body, and one of two bodies."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import cli

PLACE = "广东省深圳市盐田区"
_FIRST = """盐田区2011年重点工作计划
一、重点任务
1、建设智慧食堂。
主办单位：区民政局；协办单位：区标准化院。
2、清理河道。
主办单位：区标准化院；协办单位：区水务局。
"""
_SECOND = """盐田区2012年重点工作计划
一、重点任务
1、扩大食堂。
主办单位：区民政局；协办单位：市教育局、公安局。
2、整治交通。
主办单位：区标准化院、公安局。
"""


@pytest.fixture(scope="session")
def names_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OUTPUT as it is parsed; tests only read it."""
    folder = tmp_path_factory.mktemp("names")
    sources = folder / "sources"
    sources.mkdir()
    for name, text in (("2011", _FIRST), ("2012", _SECOND)):
        (sources / f"{name}.txt").write_text(text)
    output = folder / "output"
    assert cli.main(["parse", str(sources), "-o", str(output)]) == 0
    return output


@pytest.fixture
def own_output(names_output: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    output = tmp_path / "output"
    shutil.copytree(names_output, output)
    return output
