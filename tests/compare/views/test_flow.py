"""The picture of a series."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from pipeline.compare.series import find_series
from pipeline.compare.threads import find_later_names, follow_items
from pipeline.compare.views.flow import flow_svg
from pipeline.parse.notice import parse_notice
from tests.compare.small_series import plan
from tests.conftest import source


def test_the_picture_has_a_box_an_item_and_a_line_a_link() -> None:
    (series,) = find_series([plan(2016, "school", "river"), plan(2017, "river", "bus")])
    steps = follow_items(series)
    picture = ET.fromstring(flow_svg(series.name, steps))  # noqa: S314 - our own picture
    space = "{http://www.w3.org/2000/svg}"
    assert len(picture.findall(f"{space}g")) == len(steps)
    assert len(picture.findall(f"{space}path")) == sum(len(step.previous) for step in steps) == 1
    assert len({rect.get("y") for rect in picture.findall(f"{space}g/{space}rect")}) == 3
    assert "区教育局" in "".join(picture.itertext())


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


def test_a_title_is_shown_whole_on_as_many_lines_as_it_needs() -> None:
    (series,) = find_series([plan(2016, "school"), plan(2017, "school")])
    title = "建设覆盖全区各街道各社区的智慧校园综合管理服务平台并完善其长效运行机制"
    steps = [step.model_copy(update={"title": title}) for step in follow_items(series)]
    picture = ET.fromstring(flow_svg(series.name, steps))  # noqa: S314 - our own picture
    texts = [one.text or "" for one in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert title in "".join(texts)


def test_a_part_of_a_split_is_right_below_its_source() -> None:
    (series,) = find_series([plan(2016, "school", "river"), plan(2017, "school", "river", "bus")])
    steps = follow_items(series)
    school, bus = steps[0].item_id, steps[-1]
    split = bus.model_copy(update={"kind": "split", "previous": (school,)})
    picture = flow_svg(series.name, [*steps[:-1], split])
    titles = [one for one in re.findall(r"<text[^>]*>(\w{6,})", picture) if not one[0].isdigit()]
    assert titles[:3] == ["建设智慧校园", "优化公交线网", "整治黑臭水体"]
