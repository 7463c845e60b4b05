"""A comparison as paragraphs for a report, in Chinese, with the names of items and bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.views.later_deadlines import list_later_deadlines
from pipeline.compare.views.phrases import (
    SEPARATOR,
    join_value,
    name_item,
    name_plan,
    name_sides,
    quote,
)
from pipeline.compare.views.unit_changes import list_unit_changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.compare.views.cards import Card
    from pipeline.compare.views.unit_changes import UnitChanges
    from pipeline.comparison import Comparison, Side
    from pipeline.model import Item

# How many items, bodies or figures a sentence names before it says how many there are.
_NAMED = 5


def write_narrative(comparison: Comparison, cards: Sequence[Card]) -> list[str]:
    """The paragraphs: items, who answers for them, figures, deadlines; empty ones are left out."""
    before, after = comparison.plans
    paragraphs = (
        _tell_items(comparison, cards),
        _tell_new_and_dropped(cards),
        _tell_duties(cards),
        _tell_figures(cards),
        _tell_deadlines(cards, (before.year, after.year)),
    )
    return [one for one in paragraphs if one]


def _tell_items(comparison: Comparison, cards: Sequence[Card]) -> str:
    before, after = comparison.plans
    side = name_sides(comparison)[0]
    linked = [card for card in cards if card.link]
    goes_on = sum(len(card.current) for card in linked)
    added, dropped = (sum(card.kind == kind for card in cards) for kind in ("added", "dropped"))
    fates = [
        f"延续{goes_on}项{_tell_kinds(linked)}" if goes_on else "",
        f"新增{added}项" if added else "",
    ]
    words = (
        f"{_name_plan(after)}列有工作事项{after.items}项，{_tell_difference(side, after.items - before.items)}。"
        f"与{_name_plan(before)}（{before.items}项）相比，"
    )
    if not cards:
        return f"{words}两者均无事项。"
    words += "，".join(one for one in fates if one)
    gone = f"{side}事项中取消{dropped}项" if dropped else f"{side}事项没有取消"
    return f"{words}；{gone}。" if goes_on or added else f"{words}{gone}。"


def _tell_kinds(linked: Sequence[Card]) -> str:
    """（其中文字未变5项、改写20项、拆分2组）; nothing where no item goes on."""
    phrases = {"same": "文字未变{}项", "reworded": "改写{}项"}
    told = [
        phrase.format(count)
        for kind, phrase in phrases.items()
        if (count := sum(card.kind == kind for card in linked))
    ]
    split = [card for card in linked if card.kind == "split"]
    merged = [card for card in linked if card.kind == "merged"]
    if split:
        told.append(f"由{_count(split, 'previous')}项拆分为{_count(split, 'current')}项")
    if merged:
        told.append(f"由{_count(merged, 'previous')}项合并为{_count(merged, 'current')}项")
    return f"（其中{SEPARATOR.join(told)}）" if told else ""


def _count(cards: Iterable[Card], side: str) -> int:
    return sum(len(getattr(card, side)) for card in cards)


def _tell_difference(side: str, more: int) -> str:
    if not more:
        return f"与{side}持平"
    return f"比{side}增加{more}项" if more > 0 else f"比{side}减少{-more}项"


def _name_plan(plan: Side) -> str:
    return name_plan(plan.title or plan.notice_id)


def _tell_new_and_dropped(cards: Sequence[Card]) -> str:
    told = []
    for kind, words in (("added", "新增"), ("dropped", "取消")):
        items = [card.item for card in cards if card.kind == kind]
        if items:
            told.append(
                f"{words}的事项{_enumerate([_name_with_host(one) for one in items], '项')}。"
            )
    return "".join(told)


def _name_with_host(item: Item) -> str:
    host = next((f"（{name.name}）" for name in item.host_units), "")
    return quote(name_item(item)) + host


def _enumerate(names: Sequence[str], measure: str) -> str:
    """为甲、乙; of many the first: 有甲、乙、丙、丁、戊等12项. Quoted names alone need no mark between."""
    mark = "" if all(name.endswith("”") for name in names) else SEPARATOR
    named = mark.join(names[:_NAMED])
    if len(names) <= _NAMED:
        return f"为{named}"
    return f"有{named}等{len(names)}{measure}"


def _list(clauses: Sequence[str]) -> str:
    """甲；乙; of many the first, and that there are more."""
    return "；".join(clauses[:_NAMED]) + ("；等等" if len(clauses) > _NAMED else "")


def _tell_duties(cards: Sequence[Card]) -> str:
    """Who answers for more or less, whose leaders changed, which bodies were renamed."""
    rows = [row for row in list_unit_changes(cards) if row.is_changed]
    told = []
    if rows:
        units = "；".join(_tell_unit(row) for row in rows[:_NAMED])
        many = "，变动较多的是" if len(rows) > _NAMED else ""
        told.append(f"责任分工方面，{len(rows)}个单位承担的事项有变动{many}：{units}。")
    leaders = list(_list_leader_changes(cards))
    if leaders:
        told.append(f"牵头领导有调整的{len(leaders)}项：{_list(leaders)}。")
    renames = dict.fromkeys(
        f"{one.before}改为{one.after}" for card in cards if card.link for one in card.link.renames
    )
    if renames:
        told.append(f"机构更名的{len(renames)}个：{_list(list(renames))}。")
    return "".join(told)


def _tell_unit(row: UnitChanges) -> str:
    """区财政局新增5项（其中主办2项）、减少1项、由协办改任主办1项."""
    told = [
        _tell_count("新增", len(row.gained), len(row.gained_as_host)),
        _tell_count("减少", len(row.lost), len(row.lost_as_host)),
        f"改任主办{len(row.now_hosts)}项" if row.now_hosts else "",
        f"不再主办{len(row.hosts_no_more)}项" if row.hosts_no_more else "",
    ]
    return row.name + SEPARATOR.join(one for one in told if one)


def _tell_count(verb: str, count: int, as_host: int) -> str:
    if not count:
        return ""
    if as_host == count:
        return f"{verb}{count}项（{'均为' if count > 1 else ''}主办）"
    return f"{verb}{count}项" + (f"（其中主办{as_host}项）" if as_host else "")


def _list_leader_changes(cards: Iterable[Card]) -> Iterator[str]:
    for card in cards:
        for change in card.changes:
            if change.field == "leaders":
                before, after = (join_value(one) or "无" for one in (change.before, change.after))
                yield f"{quote(card.name)}由{before}改为{after}"


def _tell_figures(cards: Iterable[Card]) -> str:
    told = [
        f"{quote(card.name)}{one.about and f'中{one.about}'}由{one.before}调整为{one.after}"
        for card in cards
        for change in card.changes
        for one in change.figures
    ]
    if not told:
        return ""
    return f"指标方面，有变动的{len(told)}处：{_list(told)}。"


def _tell_deadlines(cards: Sequence[Card], years: tuple[int | None, int | None]) -> str:
    told = [
        f"{quote(one.card.name)}由{_bare(one.before)}推迟至{_bare(one.after)}（{one.delay}）"
        for one in list_later_deadlines(cards, years)
    ]
    return f"完成时限方面，推迟的{len(told)}项：{_list(told)}。" if told else ""


def _bare(phrase: str) -> str:
    """A phrase without marks at its ends."""
    return phrase.strip(" 。；;，,.")
