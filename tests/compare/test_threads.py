"""Items followed over several years of a plan."""

from __future__ import annotations

import pytest

from pipeline.compare.series import Series, find_series
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.comparison import Step
from pipeline.parse.notice import parse_notice
from tests.compare.cases import read_blocks
from tests.compare.small_series import ITEMS, plan
from tests.conftest import source

CASES = read_blocks("threads")
NAMES = {text.split("。")[0]: name for name, text in ITEMS.items()}


def show(step: Step, threads: list[str]) -> str:
    """A step as the cases write it: its thread by its number in the order in which they begin."""
    gap = [f"gap {step.gap}"] if step.gap else []
    name, thread = NAMES[step.title.rstrip("。")], threads.index(step.thread_id) + 1
    words = [step.year, name, thread, step.kind, *gap, *(["ends"] if step.ends else [])]
    return " ".join(map(str, words))


@pytest.mark.parametrize("title", CASES)
def test_threads(title: str) -> None:
    years, expected = CASES[title]
    (series,) = find_series(plan(int(year[:4]), *year[5:].split()) for year in years)
    steps = follow_items(series)
    threads = list(dict.fromkeys(step.thread_id for step in steps))
    assert [show(step, threads) for step in steps] == expected


def test_of_a_split_the_most_similar_part_goes_on() -> None:
    text = "清河区{}年重点改革计划\n一、重点改革项目\n{}"
    whole = "1、新建口袋公园。新建口袋公园3座,整治黑臭河道5条,推行河长巡查。\n主办单位:区城管局。\n"
    whole += "2、优化公交线网。开通公交5条。\n主办单位:区交通局。\n"
    parts = "1、整治黑臭河道。整治黑臭河道5条,推行河长巡查。\n主办单位:区水务局。\n"
    parts += "2、新建口袋公园。新建口袋公园3座。\n主办单位:区城管局。\n"
    parts += "3、优化公交线网。开通公交5条。\n主办单位:区交通局。\n"
    years = [
        parse_notice(source(text.format(year, items)), str(year))
        for year, items in ((2016, whole), (2017, parts))
    ]
    (series,) = find_series(years)
    steps = {step.item_id: step for step in follow_items(series)}
    assert steps["2017#1"].kind == steps["2017#2"].kind == "split"
    assert steps["2017#1"].previous == steps["2017#2"].previous == ("2016#1",)
    threads = [steps[one].thread_id for one in ("2016#1", "2017#1", "2017#2")]
    assert threads.count(threads[0]) == 2


def test_hosts_by_their_later_names() -> None:
    years = [
        parse_notice(source(plan(year, "school").source.text.replace("区教育局", host)), host)
        for year, host in ((2016, "区环保局"), (2019, "区生态环境局"))
    ]
    (series,) = find_series(years)
    old, new = (one.items[0].host_units[0] for one in series.notices)
    assert find_later_names(series) == {old.canonical or old.name: new.canonical or new.name}


def test_a_series_without_years_has_no_steps() -> None:
    assert follow_items(Series("x", ())) == []
