"""The Chinese words for kinds, fields and changes, shared by all views of a comparison."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.messages.catalogue import say_in_chinese

if TYPE_CHECKING:
    from pipeline.comparison import Change, Comparison, Link, RoleField, Value
    from pipeline.model import Item, Notice

KIND_NAMES = {
    "same": "不变", "reworded": "改写", "split": "拆分", "merged": "合并", "added": "新增",
    "dropped": "取消",
}  # fmt: skip
# The kinds of a step of a thread.
STEP_NAMES = {
    "new": "新增", "same": "不变", "reworded": "改写", "split": "拆分", "merged": "合并",
    "revived": "恢复",
}  # fmt: skip
ROLES: tuple[RoleField, ...] = ("leaders", "host_units", "co_host_units")
FIELD_NAMES: dict[str, str] = {
    "number": "序号", "title": "标题", "content": "内容", "path": "所属部分", "leaders": "牵头领导",
    "host_units": "主办单位", "co_host_units": "协办单位", "deadline": "完成时限",
    "fields.target": "目标", "fields.measures": "措施", "fields.outcome": "成果",
    "fields.progress": "进度", "fields.investment": "投资", "fields.pilot": "试点范围",
    "fields.scope_of_application": "适用范围", "fields.person_in_charge": "责任人",
    "fields.project_owner": "项目业主", "fields.guidance": "指导单位", "fields.contact": "联系方式",
    "fields.task_source": "任务来源", "fields.remarks": "备注",
}  # fmt: skip
SEPARATOR = "、"
SCORE_NAME = "把握"
# The names of the two plans' sides where their years are not known, or are the same.
_SIDES = ("前一文件", "后一文件")
_HEADING_LENGTH = 30
# A name of an item in running text: up to its first mark, or cut at this length.
_NAME_LENGTH = 28
_INNER_QUOTES = str.maketrans("“”", "‘’")
_INNER_TITLE = str.maketrans("《》", "〈〉")
# What is in quotation marks or brackets is not cut: 深入开展“4，15”全民国家安全教育日法治宣传教育，积极…
_FIRST_CLAUSE = re.compile(
    r"(?:“[^”]*”|《[^》]*》|[（(][^（()）]*[）)]|[^，,。；;：:！!？?\n“《（(])+"
)
_SHORTEST_NAME = 6


def index_items(previous: Notice, current: Notice) -> tuple[dict[str, Item], dict[str, Item]]:
    """Both plans' items by id, in reading order."""
    before, after = ({item.item_id: item for item in one.items} for one in (previous, current))
    return before, after


def item_heading(item: Item) -> str:
    """An item's label and title, or the beginning of its content, in one line."""
    title = (item.title or item.content[:_HEADING_LENGTH]).rstrip("。")
    return f"{item.label or ''} {title}".strip()


def name_kind(link: Link) -> str:
    """The Chinese name of a link's kind with what a reader has to know: 不变（分工有变）, 改写（请核对）."""
    notes = note_link(link)
    return KIND_NAMES[link.kind] + (f"（{'，'.join(notes)}）" if notes else "")


def note_link(link: Link) -> list[str]:
    """What the kind of a link does not say: that others answer for it, that it is to be checked."""
    notes = []
    if link.kind == "same" and link.responsibility == "changed":
        notes.append("分工有变")
    if link.is_doubtful:
        notes.append("请核对")
    return notes


def name_item(item: Item) -> str:
    """A short name of an item for running text, without its label.

    "加快社会组织培育。完善登记制度…" -> "加快社会组织培育"
    """
    title = (item.title or item.content).strip().rstrip("。")
    if not title:
        return f"第{item.label.strip(' .．、')}项" if item.label else "无标题事项"
    if len(title) <= _NAME_LENGTH:
        return title.replace("\n", " ")
    clause = _FIRST_CLAUSE.match(title)
    name = clause[0] if clause and len(clause[0]) >= _SHORTEST_NAME else title.replace("\n", " ")
    return name if len(name) <= _NAME_LENGTH else name[:_NAME_LENGTH] + "……"


def quote(words: str) -> str:
    """Words in quotation marks; those inside become single ones: “持续推进‘明厨亮灶’建设”."""
    return f"“{words.translate(_INNER_QUOTES)}”"


def list_warnings(comparison: Comparison) -> tuple[str, ...]:
    """The reasons why a comparison may say little, as its views tell them."""
    return tuple(map(say_in_chinese, comparison.warnings))


def name_plan(title: str) -> str:
    """A plan's title in its marks; those inside become single ones: 《落实〈…意见〉分工方案》."""
    if title.startswith("《") and title.find("》") == len(title) - 1:
        return title
    return f"《{title.translate(_INNER_TITLE)}》"


def name_sides(comparison: Comparison) -> tuple[str, str]:
    """The names of the two plans' sides: 2015年 and 2016年, or 前一文件 and 后一文件."""
    before, after = (one.year for one in comparison.plans)
    if before is None or after is None or before == after:
        return _SIDES
    return f"{before}年", f"{after}年"


def name_field(field: str) -> str:
    """The Chinese name of a compared field; other labelled fields carry their own: fields.年度目标."""
    return FIELD_NAMES.get(field) or field.removeprefix("fields.")


def join_value(value: Value) -> str:
    """A value as one text: lists joined by 、, None empty."""
    if value is None:
        return ""
    return SEPARATOR.join(map(str, value)) if isinstance(value, tuple) else str(value)


def describe_change(change: Change) -> str:
    """A change of a number, name, place or day in words; of a text with marked words only the figures.

    "区财政局由协办改任主办，增 区教育局", "6月底 → 9月底", "增长 8% → 10%"
    """
    if change.field == "content" or change.words:
        return "；".join(
            f"{one.about or '数字'} {one.before} → {one.after}" for one in change.figures
        )
    if change.field not in ROLES:
        return f"{join_value(change.before) or '无'} → {join_value(change.after) or '无'}"
    words = [
        f"{one.name}由{_role_name(one.before)}改任{_role_name(one.after)}" for one in change.moved
    ]
    words += [f"增 {SEPARATOR.join(change.gained)}"] if change.gained else []
    words += [f"减 {SEPARATOR.join(change.lost)}"] if change.lost else []
    return "，".join(words)


def _role_name(role: RoleField) -> str:
    """主办 of 主办单位, 牵头 of 牵头领导."""
    return FIELD_NAMES[role][:2]


def describe_link(link: Link) -> list[tuple[str, str]]:
    """The changes of a link as (field's name, words), without the wording itself."""
    has_words = any(change.words for change in link.changes)
    # The content begins with the title: its words show the change of both.
    shown = [one for one in link.changes if not (has_words and one.field == "title")]
    notes = [(name_field(change.field), describe_change(change)) for change in shown]
    notes += [("机构更名", f"{one.before} → {one.after}") for one in link.renames]
    return [(name, words) for name, words in dict.fromkeys(notes) if words]
