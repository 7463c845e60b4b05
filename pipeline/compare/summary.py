"""A comparison in numbers and in one paragraph, in Chinese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.comparison import Link, Relation, Side, Summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Notice

_FIELDS = ("leaders", "host_units", "co_host_units", "deadline")
_FATES_ZH = {
    "same": "基本不变{}项",
    "reworded": "改写{}项",
    "split": "拆分{}项",
    "merged": "由多项合并而成{}项",
    "dropped": "取消{}项",
    "added": "新增{}项",
}
_CHANGES_ZH = {
    "responsibility": "分工有变{}项",
    "leaders": "牵头领导有变{}项",
    "host_units": "主办单位有变{}项",
    "co_host_units": "协办单位有变{}项",
    "deadline": "完成时限有变{}项",
    "moved": "角色调整{}处",
    "figures": "数字变动{}处",
    "renamed": "机构更名{}个",
}
_FATES_EN = {
    "same": "{} unchanged",
    "reworded": "{} reworded",
    "split": "{} split",
    "merged": "{} merged from several",
    "dropped": "{} dropped",
    "added": "{} added",
}
_CHANGES_EN = {
    "responsibility": "others answer for {}",
    "leaders": "leaders changed in {}",
    "host_units": "hosts in {}",
    "co_host_units": "co-hosts in {}",
    "deadline": "deadlines in {}",
    "moved": "moves between roles: {}",
    "figures": "figures changed: {}",
    "renamed": "bodies renamed: {}",
}
_RELATIONS_ZH: dict[Relation, str] = {
    "same file": "两者是同一份文件。",
    "same plan": "两者是同一计划的两个版本。",
}
_RELATIONS_EN: dict[Relation, str] = {
    "same file": "Both are the same file. ",
    "same plan": "Both are versions of one plan. ",
}


def describe_plan(notice: Notice) -> Side:
    """One of the two plans, as a comparison names it."""
    return Side(
        notice_id=notice.notice_id, title=notice.title or notice.notice_title, year=notice.year,
        issuing_body=notice.issuing_body, items=len(notice.items),
    )  # fmt: skip


def count_changes(links: Sequence[Link], dropped: int, added: int) -> dict[str, int]:
    """The number of links of each kind, of links with a change of a field, and of other changes."""
    counts = dict.fromkeys(("same", "reworded", "split", "merged"), 0)
    for link in links:
        counts[link.kind] += 1
    counts |= {"dropped": dropped, "added": added}
    counts["responsibility"] = sum(link.responsibility == "changed" for link in links)
    for field in _FIELDS:
        counts[field] = sum(any(c.field == field for c in link.changes) for link in links)
    counts["moved"] = sum(len(change.moved) for link in links for change in link.changes)
    counts["figures"] = sum(len(change.figures) for link in links for change in link.changes)
    renamed = {(one.before, one.after) for link in links for one in link.renames}
    return counts | {"renamed": len(renamed)}


def summarize(plans: tuple[Side, Side], relation: Relation, counts: Mapping[str, int]) -> Summary:
    """The counts in one paragraph of each language; counts of zero are left out."""
    return Summary(
        zh=_summarize_in_chinese(plans, relation, counts),
        en=_summarize_in_english(plans, relation, counts),
    )


def _summarize_in_chinese(
    plans: tuple[Side, Side], relation: Relation, counts: Mapping[str, int]
) -> str:
    names = [f"《{one.title or one.notice_id}》（{one.items}项）" for one in plans]
    fates = _list_counts(counts, _FATES_ZH, "，")
    changes = _list_counts(counts, _CHANGES_ZH, "，")
    words = f"{names[0]}与{names[1]}相比：{fates or '均无事项'}。"
    return _RELATIONS_ZH.get(relation, "") + words + (f"延续事项中：{changes}。" if changes else "")


def _summarize_in_english(
    plans: tuple[Side, Side], relation: Relation, counts: Mapping[str, int]
) -> str:
    names = [f"{one.title or one.notice_id} ({one.items} items)" for one in plans]
    fates = _list_counts(counts, _FATES_EN, ", ")
    changes = _list_counts(counts, _CHANGES_EN, ", ")
    words = f"{names[0]} against {names[1]}: {fates or 'no items in either'}."
    where = f" Where items go on: {changes}." if changes else ""
    return _RELATIONS_EN.get(relation, "") + words + where


def _list_counts(counts: Mapping[str, int], phrases: Mapping[str, str], mark: str) -> str:
    """The counts that are not zero, each in its phrase, joined by the mark."""
    return mark.join(text.format(counts[key]) for key, text in phrases.items() if counts[key])
