"""The columns of a ledger: heads, least and greatest widths, styles, and the fixed words of its cells."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Deadline, Item, Notice, Problem, fields_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

# pipeline.read knows the name of the hidden one too: no ledger is read as a plan.
MAIN, SUMMARY, UNITS, LEADERS = "任务台账", "汇总", "单位", "领导"
PROBLEMS, LONG_TEXTS, BASIS = "问题", "全文", "底本"
SHEETS = (MAIN, SUMMARY, UNITS, LEADERS, PROBLEMS, LONG_TEXTS, BASIS)
# The columns that people fill in, and the states that the list of 完成情况 offers.
PROGRESS, STATE, REMARK = "进展", "完成情况", "备注"
FILLED = (PROGRESS, STATE, REMARK)
STATES = ("未启动", "推进中", "已完成", "滞后")
# Words of people for 已完成.
DONE = ("已完成", "完成", "已办结", "办结", "已销号", "销号")
# What the column of corrections says of an item that a person made.
EDIT_WORDS = {"split": "拆分", "join": "合并", "add": "补充"}
# The columns that are made when the ledger is written: answers of units, days since the last day.
ANSWERS, OVERDUE = "单位填报", "逾期天数"
MADE = (ANSWERS, OVERDUE)
ROLE = "角色"
LEAD, HOST, CO_HOST = "牵头", "主办", "协办"
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
# Heads of the hidden sheet with the ledger as it was written: a row for each item with its anchor,
# without 栏, and a row for each cell that was filled in. A row without 事项编号 has a text that the
# ledger has outside its tables (栏 is OUTSIDE), or the head of a field (栏 is its key).
BASIS_HEADS = ("事项编号", "台账", "栏", "内容", "事项", "事项内容", "文件", "散列", "原文", "同文")
OUTSIDE = "表外"


def head_of(key: str) -> str:
    """The head of a column: the title of its field in Item, Notice (year) or Deadline (due)."""
    model: type[Item | Notice | Deadline] = Item
    if key in ("year", "due"):
        model = Notice if key == "year" else Deadline
    return fields_of(model)[key].title or key


class _Shape(NamedTuple):
    """The least and the greatest width of a column in characters, and its style."""

    least: float
    most: float
    style: str


_SHAPES = {
    "label": _Shape(5.0, 9.0, "short"),
    "plan_title": _Shape(8.0, 20.0, "text"),
    "year": _Shape(5.5, 5.5, "short"),
    "path": _Shape(8.5, 18.0, "text"),
    "title": _Shape(9.5, 44.0, "text"),
    "content": _Shape(14.5, 80.0, "text"),
    "leaders": _Shape(8.0, 12.0, "centre"),
    "host_units": _Shape(8.5, 24.0, "text"),
    "co_host_units": _Shape(8.5, 30.0, "text"),
    "deadline": _Shape(7.5, 14.0, "short"),
    "due": _Shape(10.5, 10.5, "date"),
    "fields": _Shape(8.5, 30.0, "text"),
    "corrected": _Shape(8.5, 10.0, "text"),
    "item_id": _Shape(13.0, 13.0, "code"),
}
_FILLED_SHAPES = {
    PROGRESS: _Shape(11.5, 40.0, "text"),
    STATE: _Shape(8.5, 8.5, "short"),
    REMARK: _Shape(6.5, 20.0, "text"),
    ANSWERS: _Shape(14.0, 60.0, "text"),
    OVERDUE: _Shape(5.0, 5.0, "days"),
    ROLE: _Shape(5.0, 5.0, "short"),
}
_OWN_SHAPE = _Shape(8.0, 24.0, "text")
HEADS = {key: head_of(key) for key in _SHAPES}
SEVERAL_PLANS = ("plan_title", "year")
# The columns that a ledger has even if no item has a value; 所属部分 tells the main sheet from others.
_ALWAYS = ("label", "path", "title", "host_units", "item_id")
_LONGEST_HEAD = 10.5
_PERSONS = (
    "label", *SEVERAL_PLANS, "title", "content", "leaders", "host_units", "co_host_units", "deadline", "due",
)  # fmt: skip


class LedgerColumn(NamedTuple):
    """A column of a sheet: the key of a field (empty where people fill it in), head, width, style.

    `most` is the greatest width that it may get on paper; 0 where its width is fixed.
    """

    key: str
    head: str
    width: float
    style: str
    most: float = 0.0


_NO_HEADS: Mapping[str, str] = MappingProxyType({})


def main_columns(
    present: Collection[str],
    extras: Iterable[str],
    heads: Mapping[str, str] = _NO_HEADS,
    *,
    has_answers: bool = False,
) -> list[LedgerColumn]:
    """List the columns of the main sheet; `present` are the keys with a value in any row.

    `heads` are the plan's own heads of fields; with `has_answers` there is a column for the units' answers.
    """
    fields = [key for key in _SHAPES if key in present or key in _ALWAYS]
    last = [key for key in ("corrected", "item_id") if key in fields]
    columns = [_field(key, heads) for key in fields if key not in last]
    columns += [_filled(head) for head in (*FILLED, *extras)]
    made = ((ANSWERS, has_answers), (OVERDUE, "due" in present))
    columns += [_filled(head) for head, is_made in made if is_made]
    return columns + [_field(key, heads) for key in last]


def own_columns(
    present: Collection[str],
    extras: Iterable[str],
    heads: Mapping[str, str] = _NO_HEADS,
    *,
    leader: bool,
) -> list[LedgerColumn]:
    """List the columns of a unit's or a leader's sheet."""
    keys = [key for key in _PERSONS if key in present or key in _ALWAYS]
    columns = [_filled(ROLE)._replace(key="role")]
    columns += [_field(key, heads) for key in keys if not (leader and key == "leaders")]
    columns += [_filled(head) for head in (*FILLED, *extras)]
    columns += [_filled(OVERDUE)] if "due" in present else []
    return [*columns, _field("item_id", heads)]


def _field(key: str, heads: Mapping[str, str]) -> LedgerColumn:
    least, most, style = _SHAPES[key]
    head = heads.get(key, HEADS[key])
    # A head of five characters stays on one line: 牵头区领导.
    whole = 2.0 * len(head) + 0.5
    least = max(least, whole) if whole <= _LONGEST_HEAD else least
    return LedgerColumn(key, head, least, style, max(least, most))


def _filled(head: str) -> LedgerColumn:
    least, most, style = _FILLED_SHAPES.get(head, _OWN_SHAPE)
    return LedgerColumn("", head, least, style, most)


def _count_column(key: str, head: str) -> LedgerColumn:
    return LedgerColumn(key, head, 7.5, "number")


def index_columns(
    index: str, roles: Mapping[str, str] = _NO_HEADS, *, has_days: bool = False
) -> list[LedgerColumn]:
    """List the columns of an index (单位 or 领导); `roles` are the plan's own words for roles."""
    name = LedgerColumn("name", index, 30.0, "text")
    counts = [_count_column("hosted", roles.get(HOST, HOST))]
    counts += [_count_column("co_hosted", roles.get(CO_HOST, CO_HOST))]
    if index == LEADERS:
        counts = [_count_column("items", roles.get(LEAD, LEAD))]
    counts += [_count_column("answered", "已填报"), _count_column("silent", "未填报")]
    counts += [_count_column(state, state) for state in (*STATES, "其他")]
    counts += [_count_column("overdue", "逾期")] if has_days else []
    if index == LEADERS:
        return [name, *counts]
    return [name, *counts, LedgerColumn("names", "文件中的名称", 36.0, "text")]


def problem_columns(*, several: bool) -> list[LedgerColumn]:
    """List the columns of the sheet of problems."""
    titles = {key: field.title or key for key, field in fields_of(Problem).items()}
    columns = [
        LedgerColumn("severity", titles["severity"], 7.0, "short"),
        LedgerColumn("code", titles["code"], 18.0, "text"),
        LedgerColumn("message", titles["message"], 42.0, "text"),
        LedgerColumn("text", "原文", 52.0, "text"),
        LedgerColumn("item", "所在事项", 30.0, "text"),
    ]
    if not several:
        return columns
    title = LedgerColumn("plan_title", HEADS["plan_title"], 18.0, "text")
    return [title, *(one._replace(width=one.width * 0.87) for one in columns)]


def long_text_columns() -> list[LedgerColumn]:
    """List the columns of the sheet with the texts that no row of a table can show whole."""
    return [
        LedgerColumn("label", HEADS["label"], 9.0, "short"),
        LedgerColumn("title", HEADS["title"], 30.0, "text"),
        LedgerColumn("column", "栏", 12.0, "centre"),
        LedgerColumn("text", LONG_TEXTS, 96.0, "text"),
    ]
