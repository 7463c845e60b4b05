"""Tell what is odd about one name by its characters alone: 月底前完成, 各市, 市公安局配合完成."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from pipeline.lexicon import alternation, words
from pipeline.names.units import ENDINGS, is_collective

Role = Literal["leader", "unit"]

_MARK = re.compile(r"[:;,。?!…\t《》]")
_DATE = re.compile(
    r"""
    \d\ *[年月日] | 年\ *\d | [年月]底 | 年前 | 年内 | 季度 | 上半年 | 下半年 | 全年
    | 长期坚持 | ^长期$ | ^持续$
    """,
    re.VERBOSE,
)
# A number at either end, or a measure: not 12345热线, 110指挥中心, 16区, 第三医院, 八一学校.
_NUMBER = re.compile(
    r"^\d(?!\d{1,5}(?:热线|平台|中心|指挥|办|服务|联动)|\d?个?[区县市镇乡])|\d$|[%‰℃]|分$"
)
_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]")
_INSIDE = re.compile(alternation(words("name_faults", "inside_name")))
_ORGANS = alternation(words("name_faults", "temporary_organ"))
# 重点项目推进办公室, 促进局, 落实领导小组: the verb names what the body is for.
_BODY_OF_VERB = re.compile(
    rf"(?:{alternation(words('name_faults', 'verb'))})(?=[^、市区县]{{0,12}}(?:{_ORGANS})$)"
)
_MANNER = re.compile(alternation([*words("name_faults", "manner"), *words("name_faults", "verb")]))
_LABEL = re.compile(alternation(words("name_faults", "label")))
_BARE = frozenset(words("name_faults", "bare"))
_PAIRS = {")": "(", "]": "[", "”": "“"}
# Longer than any name that has been printed without brackets.
_LONGEST_UNIT, _LONGEST_LEADER = 30, 12
_OFFICE = re.compile(r"(?:局|委员会|办公室|厅|中心|公司|政府|单位|部门|支行|海关|集团|管委会)$")
# The first or last character of a post that was torn off: 金辉副, 兼李四.
_TORN_POST = re.compile(r"[副兼]$|^兼|^代[\u4e00-\u9fff]{3}")
_REMEMBERED = 1 << 14


@lru_cache(_REMEMBERED)
def find_fault(name: str, role: Role, *, known: bool) -> str | None:
    """What is odd about a folded name without blanks, in Chinese, or None.

    `known` says that the tables know the body that it means: then it may end in any way.
    """
    outside = _BRACKETED.sub("", name)
    fault = _find_foreign(name, outside)
    if fault:
        return fault
    if role == "leader":
        return _find_leader_fault(outside)
    return None if known else _find_unit_fault(outside)


def _find_foreign(name: str, outside: str) -> str | None:
    """What in a name belongs to no name: a mark, a date, a bracket half open, a label, 的."""
    if _MARK.search(outside) or ":" in name:
        return "名称里有标点"
    if _DATE.search(outside):
        return "名称里有日期"
    if not _is_balanced(name):
        return "名称里的括号不成对"
    if _LABEL.search(_INSIDE.sub("", outside)) and not is_collective(outside):
        return "名称里有标签的字样"
    return "名称里有“的”" if "的" in outside else None


def _is_balanced(name: str) -> bool:
    opened: list[str] = []
    for char in name:
        if char in _PAIRS.values():
            opened.append(char)
        elif char in _PAIRS and (not opened or opened.pop() != _PAIRS[char]):
            return False
    return not opened


def _find_leader_fault(outside: str) -> str | None:
    if _OFFICE.search(outside):
        return "领导姓名像单位"
    if _TORN_POST.search(outside):
        return "领导姓名带着职务的字"
    return "领导姓名过长" if len(outside) > _LONGEST_LEADER else None


def _find_unit_fault(outside: str) -> str | None:
    """What keeps a name that no table knows from reading as a unit."""
    if len(outside) < 2 or outside in _BARE:
        return "名称不完整"
    if _NUMBER.search(outside):
        return "名称里有数字"
    if len(outside) > _LONGEST_UNIT:
        return "名称过长"
    if _MANNER.search(_BODY_OF_VERB.sub("", _INSIDE.sub("", outside))):
        return "名称里有动词或方式词"
    if not outside.endswith(ENDINGS) and not is_collective(outside):
        return "不像单位名称"
    return None
