"""Numbers that changed between two wordings."""

from __future__ import annotations

import pytest

from pipeline.compare.figures import find_figures, read_figures
from pipeline.compare.figures.pair_figures import ChangedFigure
from tests.compare.cases import read_table


@pytest.mark.parametrize("row", read_table("figures"), ids=str)
def test_figures(row: dict[str, str]) -> None:
    changed = find_figures(row["before"], row["after"])
    shown = " ".join(f"{one.about}:{one.before}>{one.after}" for one in changed)
    assert shown == row["changes"]


def test_no_figure_of_a_repeated_text_changes() -> None:
    text = "".join(f"新建第{n}类口袋公园{n}座、厕所{n + 3}座。" for n in range(200))
    assert find_figures(text, text) == []


def test_one_of_very_many_figures_changes() -> None:
    texts = [
        "".join(f"新建口袋公园{n + change * (n == 150)}座，" for n in range(1, 300))
        for change in (0, 1000)
    ]
    assert find_figures(*texts) == [ChangedFigure("新建口袋公园", "150座", "1150座")]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("严格落实24小时值班", ["24小时"]),
        ("奖励3000万美元", ["3000万美元"]),
        ("由5家增至8家", ["8家"]),
        ("由60个、15个工作日分别压减至55个、14个工作日", ["55个工作日", "14个工作日"]),
        ("第一季度,一季度,上半年", []),
        ("第一、二季度,1、2季度,一至三季度", []),
        ("总量的3分之1，20分之3以上", ["3分之1", "20分之3"]),
        ("〔2023〕5号,第二十三条,2023年6月30日,二〇二三年", []),
        ("2021—2023年，2023版，十四五", []),
        ("5G,PM2.5,A4,G318国道,1+3+N,3·15", []),
        ("拨打12345热线", []),
        ("进一步统一，一批，一次性", []),
        ("20至30万元", ["20至30万元"]),
        ("2000家企业", ["2000家"]),
    ],
)
def test_reading(text: str, figures: list[str]) -> None:
    assert [one.text for one in read_figures(text)] == figures
