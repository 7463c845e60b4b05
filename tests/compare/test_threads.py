"""Items followed over several years of a plan; which plans are one series."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pipeline.cli import main
from pipeline.compare.relation import is_same_issuer
from pipeline.compare.series import describe_left_out, find_series
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.title_family import title_family
from pipeline.compare.views.flow import flow_svg
from pipeline.compare.views.threads_table import threads_csv
from pipeline.comparison import Step
from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from tests.conftest import source

ITEMS = {
    "school": "建设智慧校园。新建智慧校园示范校{n}所。\n主办单位:区教育局。\n",
    "river": "整治黑臭水体。整治黑臭河道{n}条,推行河长巡查。\n主办单位:区水务局。\n",
    "park": "新建口袋公园。新建口袋公园{n}座,配套健身器材。\n主办单位:区城管局。\n",
    "bus": "优化公交线网。开通微循环公交{n}条,增设站台。\n主办单位:区交通局。\n",
}


def plan(year: int, *names: str, title: str = "重点改革计划", place: str = "清河区") -> Notice:
    lines = "".join(f"{n}、{ITEMS[name].format(n=n + year % 7)}" for n, name in enumerate(names, 1))
    text = f"{place}{year}年{title}\n一、重点改革项目\n{lines}"
    return parse_notice(source(text), f"{place}-{title}-{year}")


def threads(steps: list[Step]) -> dict[tuple[int, str], str]:
    return {(step.year, step.title.rstrip("。")): step.thread_id for step in steps}


def test_items_keep_their_threads_when_moved() -> None:
    (series,) = find_series(
        [plan(2017, "river", "park", "school"), plan(2016, "school", "river", "park")]
    )
    found = threads(follow_items(series))
    for title in ("建设智慧校园", "整治黑臭水体", "新建口袋公园"):
        assert found[2016, title] == found[2017, title]
    assert len(set(found.values())) == 3


def test_a_missing_year_is_a_gap() -> None:
    (series,) = find_series([plan(2016, "school", "river"), plan(2019, "river", "school")])
    steps = follow_items(series)
    assert {step.gap for step in steps if step.year == 2019} == {2}
    assert not any(step.ends for step in steps)


def test_an_item_that_comes_back_is_revived() -> None:
    years = [
        plan(2016, "school", "park"),
        plan(2017, "school", "bus"),
        plan(2018, "school", "park"),
    ]
    (series,) = find_series(years)
    steps = {(step.year, step.title.rstrip("。")): step for step in follow_items(series)}
    back = steps[2018, "新建口袋公园"]
    assert back.kind == "revived"
    assert back.thread_id == steps[2016, "新建口袋公园"].thread_id
    assert back.gap == 1
    assert steps[2017, "优化公交线网"].ends


def test_series_are_told_by_body_and_family_of_title() -> None:
    found = find_series(
        [
            plan(2016, "school", "river"),
            plan(2017, "school", "river"),
            plan(2017, "school", "river", place="东湖区"),
            plan(2017, "park", "bus", title="民生实事项目"),
        ]
    )
    assert sorted(len(series.notices) for series in found) == [1, 1, 2]


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("清河区2016年重点改革计划", "重点改革计划"),
        ("关于印发清河区2017年度重点改革计划的通知", "重点改革计划"),
        ("2018年全区治理“餐桌污染”工作方案", "治理餐桌污染工作方案"),
    ],
)
def test_title_family(text: str, family: str) -> None:
    one = plan(2016, "school").model_copy(update={"title": text})
    assert title_family(one) == family


def test_of_two_versions_the_later_counts() -> None:
    first = plan(2016, "school", "river").model_copy(update={"issued_on": "2016-02-01"})
    again = plan(2016, "school", "park").model_copy(
        update={"issued_on": "2016-05-01", "notice_id": "corrected"}
    )
    (series,) = find_series([again, first])
    assert [one.notice_id for one in series.notices] == ["corrected"]
    assert series.left_out == ((first.notice_id, "corrected is a later version"),)


def test_the_command_writes_table_and_picture(tmp_path: Path) -> None:
    for year, names in ((2016, ("school", "river")), (2017, ("river", "bus"))):
        path = tmp_path / "in" / f"{year}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(plan(year, *names).source.text, "utf-8")
    out = tmp_path / "out"
    assert main(["parse", str(tmp_path / "in"), "-o", str(out)]) == 0
    (out / "threads").mkdir()
    (out / "threads" / "gone.svg").write_text("<svg/>", "utf-8")
    assert main(["threads", str(out)]) == 0
    rows = list(csv.DictReader(io.StringIO((out / "threads.csv").read_text("utf-8-sig"))))
    assert [(row["year"], row["kind"]) for row in rows] == [
        ("2016", "new"), ("2016", "new"), ("2017", "same"), ("2017", "new"),
    ]  # fmt: skip
    assert len({row["thread_id"] for row in rows}) == 3
    (picture,) = (out / "threads").iterdir()
    assert picture.name.endswith("清河区-重点改革计划.svg")
    assert main(["verify", str(out)]) == 0


def test_the_picture_has_a_box_an_item_and_a_line_a_link() -> None:
    (series,) = find_series([plan(2016, "school", "river"), plan(2017, "river", "bus")])
    steps = follow_items(series)
    picture = ET.fromstring(flow_svg(series.name, steps))  # noqa: S314 - our own picture
    space = "{http://www.w3.org/2000/svg}"
    assert len(picture.findall(f"{space}g")) == len(steps)
    assert len(picture.findall(f"{space}path")) == sum(len(step.previous) for step in steps) == 1
    assert "区教育局" in "".join(picture.itertext())


def test_the_table_has_every_step() -> None:
    (series,) = find_series([plan(2016, "school", "river"), plan(2017, "river", "bus")])
    steps = follow_items(series)
    rows = list(csv.DictReader(io.StringIO(threads_csv(steps).decode("utf-8-sig"))))
    assert [row["item_id"] for row in rows] == [step.item_id for step in steps]


def test_a_renamed_host_is_one_row_of_the_load() -> None:
    one, two = plan(2016, "school", "river"), plan(2019, "school", "river")
    one, two = (
        parse_notice(source(year.source.text.replace("区教育局", host)), host)
        for year, host in ((one, "区环保局"), (two, "区生态环境局"))
    )
    (series,) = find_series([one, two])
    heirs = find_later_names(series)
    assert len(heirs) == 1
    (old, new), *_ = heirs.items()
    picture = flow_svg(series.name, follow_items(series), heirs)
    assert f">{new}<" in picture
    assert f">{old}<" not in picture


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"place": "盐田区"}, {"place": "广东省深圳市盐田区"}, True),
        ({"place": "盐田区"}, {"place": "福田区"}, False),
        ({"issuing_body": "清河区人民政府"}, {"issuing_body": "清河区人民政府办公室"}, True),
        ({"issuing_body": "清河区人民政府"}, {"issuing_body": "东湖区人民政府"}, False),
        ({"issuing_body": "清河区人民政府"}, {}, None),
    ],
)
def test_issuers(one: dict[str, str], other: dict[str, str], *, same: bool | None) -> None:
    bare = plan(2016, "school").model_copy(
        update={"place": None, "region": None, "issuing_body": None}
    )
    notices = [bare.model_copy(update=update) for update in (one, other)]
    assert is_same_issuer(*notices) is same


def test_what_is_left_out_is_told() -> None:
    several = plan(2016, "school", "river").model_copy(update={"year_end": 2020})
    undated = plan(2017, "park", "bus", title="民生项目").model_copy(update={"year": None})
    told = list(describe_left_out(find_series([several, undated])))
    assert len(told) == 2
    assert any("several years" in line for line in told)
    assert any("no year is told" in line for line in told)
