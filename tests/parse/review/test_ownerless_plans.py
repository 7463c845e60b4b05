"""Documents in which nothing is assigned: why they are no plans."""

from __future__ import annotations

import pytest

from tests.case_tables import read_cases
from tests.conftest import parse


@pytest.mark.parametrize("row", read_cases("ownerless_reasons"), ids=lambda row: row["case"])
def test_reason(row: dict[str, str]) -> None:
    notice = parse(row["text"])
    messages = [one.message for one in notice.problems if one.code == "not-a-plan"]
    assert messages == [f"不是任务分工:{row['reason']}"]
    assert not notice.items
    assert not notice.sections


@pytest.mark.parametrize(
    "title",
    [
        "甲区2024年工作要点",
        "甲区2024年工作要点(试行)",
        "甲区关于印发《甲区2024年工作要点》的通知",
        "关于下达2024年重点工作任务的通知",
        "甲区落实“六稳”工作方案(征求意见稿)",
        "关于做好2024年农业农村重点工作的实施意见",
        "甲区提升服务三年行动计划(2024—2026年)",
    ],
)
def test_titles_of_plans(title: str) -> None:
    assert len(parse(f"{title}\n1.推进改革,完成试点。\n2.改善服务,减少材料。\n").items) == 2


@pytest.mark.parametrize(
    "title",
    [
        "甲区2024年工作要点解读",
        "甲区2024年工作要点起草说明",
        "甲区关于做好2024年防汛工作的通知",
        "甲区全力推进2024年重点工作",
        "甲区关于促进养老服务的意见",
        "甲区养老服务管理办法",
        "甲区2024年重大决策目录",
        "甲县20XX年工作要点",
    ],
)
def test_titles_of_other_documents(title: str) -> None:
    assert not parse(f"{title}\n1.推进改革,完成试点。\n2.改善服务,减少材料。\n").items
