"""An OUTPUT of four years of one plan and of two years of another, which tests change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import cli

_ITEMS = {
    "school": "建设智慧校园。新建智慧校园示范校{n}所。\n主办单位:区教育局。\n",
    "river": "整治黑臭水体。整治黑臭河道{n}条,推行河长巡查。\n主办单位:区水务局。\n",
    "park": "新建口袋公园。新建口袋公园{n}座,配套健身器材。\n主办单位:区城管局。\n",
    "bus": "优化公交线网。开通微循环公交{n}条,增设站台。\n主办单位:区交通局。\n",
}
_PLANS = (
    (2015, "重点改革计划", ("school", "river")),
    (2016, "重点改革计划", ("river", "school", "park")),
    (2017, "重点改革计划", ("school", "park", "bus")),
    (2018, "民生实事计划", ("school", "bus")),
    (2019, "民生实事计划", ("bus", "school")),
)
REFORM, LIVELIHOOD = "广东省深圳市盐田区-重点改革计划", "广东省深圳市盐田区-民生实事计划"


def _write(year: int, title: str, names: tuple[str, ...]) -> str:
    lines = "".join(
        f"{n}、{_ITEMS[name].format(n=n + year % 7)}" for n, name in enumerate(names, 1)
    )
    return f"盐田区{year}年{title}\n一、重点改革项目\n{lines}"


@pytest.fixture(scope="session")
def years_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OUTPUT as it is parsed; tests only read it."""
    folder = tmp_path_factory.mktemp("years")
    sources = folder / "sources"
    sources.mkdir()
    for year, title, names in _PLANS:
        (sources / f"{year}.txt").write_text(_write(year, title, names))
    output = folder / "output"
    assert cli.main(["parse", str(sources), "-o", str(output)]) == 0
    return output


@pytest.fixture
def own_output(years_output: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    output = tmp_path / "output"
    shutil.copytree(years_output, output)
    return output
