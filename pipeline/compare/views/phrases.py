"""The Chinese words for kinds, fields and changes, shared by all views of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.comparison import Change, Link, RoleField, Value
    from pipeline.model import Item, Notice

KIND_NAMES = {
    "same": "不变", "reworded": "改写", "split": "拆分", "merged": "合并", "added": "新增",
    "dropped": "取消",
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
_HEADING_LENGTH = 30


def index_items(previous: Notice, current: Notice) -> tuple[dict[str, Item], dict[str, Item]]:
    """Both plans' items by id, in reading order."""
    before, after = ({item.item_id: item for item in one.items} for one in (previous, current))
    return before, after


def item_heading(item: Item) -> str:
    """An item's label and title, or the beginning of its content, in one line."""
    title = (item.title or item.content[:_HEADING_LENGTH]).rstrip("。")
    return f"{item.label or ''} {title}".strip()


def name_field(field: str) -> str:
    """The Chinese name of a compared field: fields.target -> 目标; of an unknown one its own key."""
    return FIELD_NAMES.get(field) or field.removeprefix("fields.")


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


def join_value(value: Value) -> str:
    """A value as one text: lists joined by 、, None empty."""
    if value is None:
        return ""
    return SEPARATOR.join(map(str, value)) if isinstance(value, tuple) else str(value)


def describe_change(change: Change) -> str:
    """A change of a number, name, place or day in words; of a content only the figures.

    "区财政局由协办改任主办，增 区教育局", "6月底 → 9月底", "增长 8% → 10%"
    """
    if change.field == "content":
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
