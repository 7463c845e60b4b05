"""Runs over sources that come, change and go leave the tables that one run over the last of them writes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.dataset.staged_files import StagedFiles
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_set import Block
from pipeline.dataset.table_writer import TablePatch, WrittenTable, write_patched_tables

BODIES = (
    "市财政局",
    "市教育局",
    "市卫生健康委",
    "市财政局(市国资委)",
    "市大数据局、市档案局",
    "各镇街",
)
LEADERS = ("王宏", "李明(副市长)", "李明")


def _plan(rng: random.Random) -> str:
    """A plan of one to three tasks; few bodies, leaders and years, so that each change takes one away."""
    place, year = rng.choice(("甲市", "乙市")), rng.choice((2019, 2020, 2021, 2024))
    lines = [f"{place}{year}年重点工作任务分工"]
    for n in range(1, rng.randint(2, 4)):
        lines.append(f"{n}．完成任务{rng.randrange(10**6)}。")
        if rng.random() < 0.5:
            lines.append(f"牵头领导：{rng.choice(LEADERS)}")
        lines.append(f"责任单位：{'、'.join(rng.sample(BODIES, rng.randint(1, 3)))}")
    return "\n".join(lines) + "\n"


def _change(sources: Path, rng: random.Random) -> None:
    """Add, replace, copy or remove one or two sources."""
    for _ in range(rng.randint(1, 2)):
        present = sorted(sources.iterdir())
        path = rng.choice([*present, sources / f"{rng.randrange(40):02}.txt"])
        match rng.randrange(4):
            case 0 if len(present) > 3:
                rng.choice(present).unlink()
            case 1:
                path.write_bytes(rng.choice(present).read_bytes())
            case _:
                path.write_text(_plan(rng), "utf-8")


def _tables(output: Path) -> dict[str, bytes]:
    names = (*(f"{table}.csv" for table in COLUMNS), "sources.csv", "datapackage.json")
    return {name: (output / name).read_bytes() for name in names}


@pytest.mark.parametrize("seed", range(4))
def test_tables_are_those_of_one_run(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)  # noqa: S311
    sources = tmp_path / "in"
    sources.mkdir()
    for n in range(8):
        (sources / f"{n:02}.txt").write_text(_plan(rng), "utf-8")
    patched: list[TablePatch] = []

    def counted(
        output: Path, files: StagedFiles, blocks: Iterable[Mapping[str, Block]], patch: TablePatch
    ) -> dict[str, WrittenTable]:
        patched.append(patch)
        return write_patched_tables(output, files, blocks, patch)

    monkeypatch.setattr("pipeline.dataset.output_tables.write_patched_tables", counted)
    cli.main(["parse", str(sources), "-o", str(tmp_path / "out")])
    for n in range(10):
        _change(sources, rng)
        cli.main(["parse", str(sources), "-o", str(tmp_path / "out")])
        fresh = tmp_path / f"fresh-{n}"
        cli.main(["parse", str(sources), "-o", str(fresh)])
        assert _tables(tmp_path / "out") == _tables(fresh)
    assert len(patched) >= 8
