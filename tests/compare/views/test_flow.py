"""The picture of a series."""

from __future__ import annotations

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
