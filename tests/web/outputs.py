"""OUTPUTs for the tests of the desk: two places, three years, items with doubts."""

from __future__ import annotations

from pathlib import Path

from pipeline import cli

_PLAN = """{district}区{year}年重点工作计划

一、民生保障
1、建设智慧食堂。在各社区建设智慧食堂{count}家，方便老人就餐。
牵头区领导：王宏彬；主办单位：区民政局；协办单位：区财政局、各街道办。
2、改造老旧小区。改造{count}个小区的管网和路灯。
牵头区领导：李文；主办单位：区住建局；协办单位：区财政局。完成时限：6月底前。
二、财政管理
3、编制财政预算。做好GDP（地区生产总值）核算，增长率100%以上。
牵头区领导：王宏彬；协办单位：区发改局。
"""


def write_plan(folder: Path, district: str, year: int, count: int = 5) -> Path:
    """Write a plan of three items; the last one names no host, which is doubtful."""
    path = folder / f"{district}{year}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_PLAN.format(district=district, year=year, count=count), "utf-8")
    return path


def make_output(folder: Path) -> Path:
    """Parse six plans, of Yantian and Luohu in three years; return their OUTPUT."""
    plans = folder / "plans"
    for year in (2010, 2011, 2012):
        for district in ("盐田", "罗湖"):
            write_plan(plans, district, year, year - 2000)
    run("parse", plans, "-o", folder / "output")
    return folder / "output"


def run(*args: object) -> None:
    """Run the command; it must succeed."""
    assert cli.main([str(one) for one in args]) == 0
