"""Lists of units: where they are cut and what stays whole."""

from __future__ import annotations

import pytest

from pipeline.names.leaders import split_leaders
from pipeline.names.lists import split_names
from pipeline.names.units import is_collective, is_unit
from pipeline.text import fold

LISTS = {
    "区民政局、区财政局": ["区民政局", "区财政局"],
    "区财政局(区集体资产办)、区卫人局": ["区财政局(区集体资产办)", "区卫人局"],
    "发展和改革局、住房和城乡建设局": ["发展和改革局", "住房和城乡建设局"],
    "区安监局及保险公司": ["区安监局", "保险公司"],
    "各乡镇人民政府及各有关部门": ["各乡镇人民政府", "各有关部门"],
    "各市、州、县人民政府": ["各市、州、县人民政府"],
    "各有关部门和单位": ["各有关部门和单位"],
    "公安、安监、质监部门": ["公安", "安监", "质监部门"],
    "市直有关部门(市发改委、市财政局)": ["市直有关部门", "市发改委", "市财政局"],
    "各街道（含甲新区、乙管委会）": ["各街道(含甲新区、乙管委会)"],
    "教育部、教育部高等教育司": ["教育部", "教育部高等教育司"],
    "区国税局 区地税局": ["区国税局", "区地税局"],
    "A局/B局": ["A局", "B局"],
}
OPEN = {
    "区公安局、区安监局等": ["区公安局", "区安监局"],
    "区公安局等部门": ["区公安局"],
    "财政部等国务院相关部门及各地区": ["财政部", "国务院相关部门", "各地区"],
    "民政部等有关部门和单位": ["民政部", "有关部门和单位"],
    "扶贫办等和各省级人民政府": ["扶贫办", "各省级人民政府"],
    "区公安局等8个部门": ["区公安局"],
}


@pytest.mark.parametrize(("text", "expected"), [*LISTS.items(), *OPEN.items()])
def test_split(text: str, expected: list[str]) -> None:
    folded = fold(text)
    found = split_names(folded, 0, len(folded))
    assert [folded[name.start : name.end] for name in found.names] == expected
    assert found.open_ended == (text in OPEN)


def test_a_plate_is_an_alias() -> None:
    text = "区委组织部(区编办)"
    plate = split_names(text, 0, len(text)).names[0].plate
    assert plate is not None
    assert text[slice(*plate)] == "区编办"


LEADERS: dict[str, list[tuple[str, str | None]]] = {
    "王宏彬;": [("王宏彬", None)],
    "张 超": [("张 超", None)],
    "李 雪梅": [("李 雪梅", None)],
    "王纲市长": [("王纲", "市长")],
    "张强同志": [("张强", None)],
    "代市长王荣": [("王荣", "代市长")],
    "高小波、林电雄": [("高小波", None), ("林电雄", None)],
    "赵志刚 孙玉梅": [("赵志刚", None), ("孙玉梅", None)],
    "李国祥(校长)": [("李国祥", "校长")],
    "县委副书记、县长薛建平": [("薛建平", "县委副书记、县长")],
    "副市长、市公安局局长郑国强": [("郑国强", "副市长、市公安局局长")],
    "县委书记曹志宏、县长李明": [("曹志宏", "县委书记"), ("李明", "县长")],
    "分管副市长": [],
    "各牵头县领导": [],
}


@pytest.mark.parametrize(("text", "expected"), LEADERS.items())
def test_leaders(text: str, expected: list[tuple[str, str | None]]) -> None:
    found = split_leaders(text, 0, len(text))
    assert [
        (text[name.start : name.end], text[slice(*name.post)] if name.post else None)
        for name in found.names
    ] == expected


def test_kinds() -> None:
    assert is_unit("区发改局")
    assert is_unit("各街道办")
    assert not is_unit("建立健全机制")
    assert is_collective("国务院相关部门")
    assert not is_collective("区民政局")
