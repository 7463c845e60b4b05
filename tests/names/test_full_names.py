"""Names printed in full stay as printed, and every canonical name is its own canonical name."""

from __future__ import annotations

import pytest

from pipeline.lexicon import rows
from pipeline.names.bodies import resolve

_HOMES = ("广东省深圳市盐田区", "山东省临沂市", "安徽省宣城市泾县", "山东省")
_OFFICES = ("局", "委", "办", "委员会", "办公室", "中心")


def _forms() -> list[str]:
    """Every form and body of the tables, and every subject with each office."""
    bodies = {row[column] for row in rows("bodies") for column in ("form", "body")}
    subjects = {row[column] for row in rows("subjects") for column in ("form", "subject")}
    return sorted(bodies | {one + office for one in subjects for office in _OFFICES})


@pytest.mark.parametrize("home", _HOMES)
def test_a_canonical_name_is_its_own(home: str) -> None:
    """所辖市 in a province is no name but says that the city is not told."""
    differing = []
    for form in _forms():
        for name in (form, home[-1] + form):
            found = resolve(name, home, 2020)
            if found.canonical is None or found.rule == "group" or "所辖" in found.canonical:
                continue
            again = resolve(found.canonical, home, 2020).canonical
            if again != found.canonical:
                differing.append((name, found.canonical, again))
    assert differing == []


@pytest.mark.parametrize(
    ("name", "place", "canonical"),
    [
        ("国家税务总局临沂市税务局", "山东省临沂市", "国家税务总局临沂市税务局"),
        ("国家统计局泾县调查队", "安徽省宣城市泾县", "国家统计局泾县调查队"),
        ("中华人民共和国昆山海关", "江苏省苏州市昆山市", "中华人民共和国昆山海关"),
        ("中共临沂市委宣传部", "山东省临沂市", "中共临沂市委宣传部"),
        ("市重点项目建设管理局", "山东省临沂市", "临沂市重点项目建设管理局"),
        ("市绿化和市容管理局", "上海市", "上海市绿化和市容管理局"),
        ("市文化广电和旅游局", "山东省临沂市", "临沂市文化广电和旅游局"),
        ("市政府办公厅", "上海市", "上海市人民政府办公厅"),
        ("区行政服务中心", "上海市黄浦区", "黄浦区行政服务中心"),
        ("自治区党委宣传部", "内蒙古自治区", "内蒙古自治区党委宣传部"),
        ("内蒙古自治区党委宣传部", "内蒙古自治区", "内蒙古自治区党委宣传部"),
        (
            "西安高新技术产业开发区管理委员会",
            "陕西省西安市",
            "西安高新技术产业开发区管理委员会",
        ),
        ("西安市城市建设投资集团有限公司", "陕西省西安市", "西安市城市建设投资集团有限公司"),
        ("区港口航运局", "广东省深圳市盐田区", "盐田区港口航运局"),
        ("市一院", "江苏省苏州市昆山市", "昆山市第一人民医院"),
        ("县二中", "安徽省宣城市泾县", "泾县第二中学"),
        ("县委县政府督查室", "安徽省宣城市泾县", "泾县委县政府督查室"),
        ("市委、市政府接待办", "山东省临沂市", "临沂市委市政府接待办公室"),
        ("市发改委", "山东省临沂市", "临沂市发展和改革委员会"),
        ("市住房城乡建设局", "山东省临沂市", "临沂市住房和城乡建设局"),
    ],
)
def test_full_and_short_names(name: str, place: str, canonical: str) -> None:
    assert resolve(name, place, 2020).canonical == canonical
