"""The columns of a ledger: heads, widths and styles, and the fixed words of its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Deadline, Item, Notice, Problem, fields_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

# pipeline.read knows the name of the hidden one too: no ledger is read as a plan.
SHEETS = MAIN, UNITS, LEADERS, PROBLEMS, BASIS = "任务台账", "单位", "领导", "问题", "底本"
# The columns that people fill in, and the states that the list of 完成情况 offers.
PROGRESS, STATE, REMARK = "进展", "完成情况", "备注"
FILLED = (PROGRESS, STATE, REMARK)
STATES = ("未启动", "推进中", "已完成", "滞后")
ROLE = "角色"
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
# Heads of the hidden sheet with the ledger as it was written: a row for each item with its anchor,
# without 栏, and a row for each cell that was filled in.
BASIS_HEADS = ("事项编号", "台账", "栏", "内容", "事项", "事项内容", "文件", "散列", "原文", "同文")


def head_of(key: str) -> str:
    """The head of a column: the title of its field in Item, Notice (year) or Deadline (due)."""
    model: type[Item | Notice | Deadline] = Item
    if key in ("year", "due"):
        model = Notice if key == "year" else Deadline
    return fields_of(model)[key].title or key


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


class LedgerColumn(NamedTuple):
    """A column of a sheet: the key of a field (empty where people fill it in), head, width, style."""

    key: str
    head: str
    width: float
    style: str


def main_columns(present: Collection[str], extras: Iterable[str]) -> list[LedgerColumn]:
    """List the columns of the main sheet; `present` are the keys with a value in any row."""
    fields = [key for key in _SHAPES if key in present or key not in _SOMETIMES]
    last = [key for key in ("corrected", "item_id") if key in fields]
    columns = [_field(key, present) for key in fields if key not in last]
    columns += [_filled(head) for head in (*FILLED, *extras)]
    return columns + [_field(key, present) for key in last]


def own_columns(
    present: Collection[str], extras: Iterable[str], *, leader: bool
) -> list[LedgerColumn]:
    """List the columns of a unit's or a leader's sheet."""
    columns = [LedgerColumn("role", ROLE, 7.0, "short")]
    for key in _PERSONS:
        if (key in SEVERAL_PLANS and key not in present) or (leader and key == "leaders"):
            continue
        column = _field(key, present)
        columns.append(column._replace(width=_WIDE.get(key, column.width)))
    columns += [_filled(head) for head in (*FILLED, *extras)]
    return [*columns, _field("item_id", present)]


def _field(key: str, present: Collection[str]) -> LedgerColumn:
    width, style = _SHAPES[key]
    return LedgerColumn(key, HEADS[key], width if key in present else min(width, _NARROW), style)


def _filled(head: str) -> LedgerColumn:
    style = "short" if head == STATE else "text"
    return LedgerColumn("", head, _WIDTHS.get(head, 13.0), style)


INDEX_COLUMNS = {
    UNITS: (
        LedgerColumn("name", UNITS, 44.0, "text"),
        LedgerColumn("hosted", "主办", 9.0, "number"),
        LedgerColumn("co_hosted", "协办", 9.0, "number"),
        LedgerColumn("names", "文件中的名称", 60.0, "text"),
    ),
    LEADERS: (
        LedgerColumn("name", LEADERS, 44.0, "text"),
        LedgerColumn("items", "牵头", 9.0, "number"),
    ),
}


def problem_columns(*, several: bool) -> list[LedgerColumn]:
    """List the columns of the sheet of problems."""
    titles = {key: field.title or key for key, field in fields_of(Problem).items()}
    columns = [
        LedgerColumn("severity", titles["severity"], 8.0, "short"),
        LedgerColumn("code", titles["code"], 20.0, "text"),
        LedgerColumn("message", titles["message"], 42.0, "text"),
        LedgerColumn("text", "原文", 62.0, "text"),
        LedgerColumn("item", "所在事项", 34.0, "text"),
    ]
    return (
        [LedgerColumn("plan_title", HEADS["plan_title"], 24.0, "text"), *columns]
        if several
        else columns
    )
