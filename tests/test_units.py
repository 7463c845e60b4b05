"""Lists of units: where they are cut and what stays whole."""

from __future__ import annotations

import pytest

from pipeline.text import fold
from pipeline.units import is_collective, is_unit, split_names, split_post

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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王纲市长", ("王纲", "市长")),
        ("张强同志", ("张强", None)),
        ("代市长王荣", ("王荣", "代市长")),
        ("高小波", ("高小波", None)),
    ],
)
def test_post(name: str, expected: tuple[str, str | None]) -> None:
    assert split_post(name) == expected


def test_kinds() -> None:
    assert is_unit("区发改局")
    assert is_unit("各街道办")
    assert not is_unit("建立健全机制")
    assert is_collective("国务院相关部门")
    assert not is_collective("区民政局")
