"""The ledger's columns: their heads, widths and styles, and the words that its own cells hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Deadline, Item, Notice, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pydantic import BaseModel

# pipeline.read knows the name of the hidden one too: no ledger is read as a plan.
SHEETS = MAIN, UNITS, LEADERS, PROBLEMS, BASIS = "任务台账", "单位", "领导", "问题", "底本"
# What a person fills in, and the states that the list of 完成情况 offers.
PROGRESS, STATE, REMARK = "进展", "完成情况", "备注"
FILLED = (PROGRESS, STATE, REMARK)
STATES = ("未启动", "推进中", "已完成", "滞后")
ROLE = "角色"
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
# Heads of the hidden sheet that tells what the ledger held when it was written: what was filled
# in, a row a cell, and every item with its anchor, in rows without 栏.
BASIS_HEADS = ("事项编号", "台账", "栏", "内容", "事项", "事项内容", "文件", "散列", "原文", "同文")


def head_of(key: str) -> str:
    """The head of a column: the title of the model's field, or of a plan's year or last day."""
    model: type[BaseModel] = Item
    if key in ("year", "due"):
        model = Notice if key == "year" else Deadline
    return model.model_fields[key].title or key


# Key -> width in characters, and style. A column without a value in any row is narrow.
_SHAPES = {
    "label": (8.0, "short"),
    "plan_title": (18.0, "text"),
    "year": (6.0, "short"),
    "path": (14.0, "text"),
    "title": (20.0, "text"),
    "content": (46.0, "text"),
    "leaders": (9.0, "centre"),
    "host_units": (15.0, "text"),
    "co_host_units": (21.0, "text"),
    "deadline": (10.0, "short"),
    "due": (11.0, "date"),
    "fields": (18.0, "text"),
    "corrected": (9.0, "text"),
    "item_id": (13.0, "code"),
}
HEADS = {key: head_of(key) for key in _SHAPES}
SEVERAL_PLANS = ("plan_title", "year")
_SOMETIMES = (*SEVERAL_PLANS, "fields", "corrected")
_NARROW = 7.0
_WIDTHS = {PROGRESS: 26.0, STATE: 9.0, REMARK: 13.0}
_WIDE = {"title": 44.0, PROGRESS: 34.0, "host_units": 18.0, "co_host_units": 24.0}
_PERSONS = ("label", *SEVERAL_PLANS, "title", "leaders", "host_units", "co_host_units", "deadline")


class Column(NamedTuple):
    """A column of a sheet: a field's key or the head of what is filled in, and how it looks."""

    key: str
    head: str
    width: float
    style: str


def main_columns(present: Collection[str], extras: Iterable[str]) -> list[Column]:
    """The columns of the main sheet; `present` are the keys that any row has a value for."""
    fields = [key for key in _SHAPES if key in present or key not in _SOMETIMES]
    last = [key for key in ("corrected", "item_id") if key in fields]
    columns = [_field(key, present) for key in fields if key not in last]
    columns += [_filled(head) for head in (*FILLED, *extras)]
    return columns + [_field(key, present) for key in last]


def own_columns(present: Collection[str], extras: Iterable[str], *, leader: bool) -> list[Column]:
    """The columns of a unit's or a leader's sheet."""
    columns = [Column("role", ROLE, 7.0, "short")]
    for key in _PERSONS:
        if (key in SEVERAL_PLANS and key not in present) or (leader and key == "leaders"):
            continue
        column = _field(key, present)
        columns.append(column._replace(width=_WIDE.get(key, column.width)))
    columns += [_filled(head) for head in (*FILLED, *extras)]
    return [*columns, _field("item_id", present)]


def _field(key: str, present: Collection[str]) -> Column:
    width, style = _SHAPES[key]
    return Column(key, HEADS[key], width if key in present else min(width, _NARROW), style)


def _filled(head: str) -> Column:
    style = "short" if head == STATE else "text"
    return Column("", head, _WIDTHS.get(head, 13.0), style)


INDEX_COLUMNS = {
    UNITS: (
        Column("name", UNITS, 44.0, "text"),
        Column("hosted", "主办", 9.0, "number"),
        Column("co_hosted", "协办", 9.0, "number"),
        Column("names", "文件中的名称", 60.0, "text"),
    ),
    LEADERS: (
        Column("name", LEADERS, 44.0, "text"),
        Column("items", "牵头", 9.0, "number"),
    ),
}


def problem_columns(*, several: bool) -> list[Column]:
    """The columns of the sheet of problems."""
    titles = {key: field.title or key for key, field in Problem.model_fields.items()}
    columns = [
        Column("severity", titles["severity"], 8.0, "short"),
        Column("code", titles["code"], 20.0, "text"),
        Column("message", titles["message"], 42.0, "text"),
        Column("text", "原文", 62.0, "text"),
        Column("item", "所在事项", 34.0, "text"),
    ]
    return (
        [Column("plan_title", HEADS["plan_title"], 24.0, "text"), *columns] if several else columns
    )
