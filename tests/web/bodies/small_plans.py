"""Three small plans of one district over two years, and what bodies have to do in them.

The counts in the tests were made by hand from these texts.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import cli
from pipeline.store import Store, load_output

FIRST = """盐田区2011年重点工作计划

一、重点任务
1、建设智慧食堂。方便老人就餐。
牵头区领导：王宏彬；主办单位：区民政局；
协办单位：区财政局、区教育局。
2、改造老旧小区。
主办单位：区住建局；协办单位：区财政局。完成时限：6月底前。
3、编制财政预算。
主办单位：区财政局；协办单位：区民政局。
"""
SECOND = """盐田区2012年重点工作计划

一、重点任务
1、建设智慧食堂。方便老人和儿童就餐。
牵头区领导：王宏彬；主办单位：区民政局、区财政局；
协办单位：区教育局。
2、新建口袋公园。
牵头区领导：刘慧；主办单位：区城管局；协办单位：区财政局。
"""
FINANCE, CIVIL = "盐田区财政局", "盐田区民政局"
EDUCATION, HOUSING, URBAN = "盐田区教育局", "盐田区住房和城乡建设局", "盐田区城市管理局"


@pytest.fixture(scope="session")
def small_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An OUTPUT of both plans; tests only read it."""
    folder = tmp_path_factory.mktemp("small")
    sources = folder / "sources"
    sources.mkdir()
    for year, text in ((2011, FIRST), (2012, SECOND)):
        (sources / f"{year}.txt").write_text(text)
    output = folder / "output"
    assert cli.main(["parse", str(sources), "-o", str(output)]) == 0
    return output


@pytest.fixture(scope="session")
def small_store(small_output: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of that OUTPUT."""
    place = tmp_path_factory.mktemp("store") / "small.sqlite"
    with Store(place) as store:
        load_output(small_output, store)
    return place
