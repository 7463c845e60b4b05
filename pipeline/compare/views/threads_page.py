"""A series as one HTML page: each demand through the years, with its wording, hosts and figures.

This module collects the values that `templates/threads_page.html` shows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.compare.views.cards import Card
from pipeline.compare.views.page_frame import link_table, render_page
from pipeline.compare.views.phrases import describe_link, name_field, quote
from pipeline.compare.views.shown_items import ShownItem, show_side
from pipeline.compare.views.thread_tables import make_thread_tables, name_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.compare.series import Series
    from pipeline.compare.views.thread_cards import ThreadCard, ThreadStep

# Of a series to 2023: 延续至2023年.
_FATES = {"continuing": "延续至{}年", "new": "{}年新增", "ended": "已终止"}
_FILTERS = {
    "unchanged": "多年文字不变", "reworded": "改写", "split": "拆分", "merged": "合并",
    "revived": "中断后恢复", "figures": "数字指标", "host_units": "主办单位",
    "co_host_units": "协办单位", "leaders": "牵头领导", "deadline": "完成时限",
}  # fmt: skip
_GROUPINGS = (("section", "按部分"), ("unit", "按单位"), ("kind", "按去向"), ("none", "不分组"))


@dataclass(frozen=True, slots=True)
class ShownYear:
    """A year of a thread as its card shows it; `mark` is the word in the strip of years."""

    year: int
    kind: str
    mark: str
    item: ShownItem | None = None
    is_same: bool = False
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ShownThread:
    """A thread as the page shows it: a mark for each year of the series, and the years with an item."""

    number: int
    anchor: str
    kind: str
    kind_name: str
    title: str
    section: str
    hosts: str
    fields: tuple[str, ...]
    units: tuple[str, ...]
    strip: tuple[ShownYear, ...]
    years: tuple[ShownYear, ...]


def threads_page(
    series: Series, cards: Sequence[ThreadCard], later_names: Mapping[str, str]
) -> str:
    """The page of a series; it contains its style and script and loads nothing.

    `later_names` are those of bodies that were renamed: the table of bodies has one row for both.
    """
    years = [notice.year or 0 for notice in series.notices]
    threads = [_show_thread(card, years) for card in cards]
    units = Counter(unit for card in cards for unit in card.units)
    fields = Counter(field for thread in threads for field in thread.fields)
    fates = Counter[str](card.fate for card in cards)
    anchors = {card.number: card.anchor for card in cards}
    last = series.notices[-1]
    return render_page(
        "threads_page.html",
        title=f"历年事项：{last.title or series.name}",
        series=series.name,
        plans=[(notice.year, len(notice.items), notice.title or "") for notice in series.notices],
        told=_tell(cards, years),
        tables=[link_table(one, anchors) for one in make_thread_tables(cards, years, later_names)],
        chips=[(fate, name.format(years[-1]), fates[fate]) for fate, name in _FATES.items()],
        units=sorted(units.items(), key=lambda row: (-row[1], row[0])),
        fields=[(key, _FILTERS.get(key) or name_field(key), fields[key]) for key in _order(fields)],
        groupings=_GROUPINGS,
        groups=_group(threads),
    )


def _order(fields: Iterable[str]) -> list[str]:
    known = [key for key in _FILTERS if key in fields]
    return [*known, *sorted(set(fields) - {*known})]


def _tell(cards: Sequence[ThreadCard], years: Sequence[int]) -> str:
    """The series in one sentence."""
    fates = Counter[str](card.fate for card in cards)
    always = sum(len({one.step.year for one in card.steps}) == len(years) for card in cards)
    words = f"{years[0]}—{years[-1]}年共{len(years)}个年度，{len(cards)}条线索。其中"
    told = [
        f"{name.format(years[-1])}{fates[fate]}条" for fate, name in _FATES.items() if fates[fate]
    ]
    return f"{words}{'，'.join(told)}；每个年度都有的{always}条。"


def _group(threads: Iterable[ShownThread]) -> list[tuple[str, list[ShownThread]]]:
    groups: defaultdict[str, list[ShownThread]] = defaultdict(list)
    for thread in threads:
        groups[thread.section].append(thread)
    return list(groups.items())


def _show_thread(card: ThreadCard, years: Sequence[int]) -> ShownThread:
    shown = [_show_year(one, before, years[0]) for before, one in _with_previous(card.steps)]
    by_year = {one.year: one for one in shown}
    hosts = dict.fromkeys(name.name for name in card.item.host_units)
    return ShownThread(
        card.number,
        card.anchor,
        card.fate,
        _name_fate(card),
        card.title,
        card.section,
        "、".join(hosts),
        tuple(sorted(_list_fields(card))),
        card.units,
        tuple(by_year.get(year) or ShownYear(year, "none", "无") for year in years),
        tuple(shown),
    )


def _name_fate(card: ThreadCard) -> str:
    """延续7个年度, 2023年新增, 2021年后终止."""
    if card.fate == "new":
        return f"{card.first_year}年新增"
    if card.fate == "ended":
        return f"{card.last_year}年后终止"
    return f"延续{len(card.steps)}个年度" if len(card.steps) > 1 else f"{card.first_year}年"


def _list_fields(card: ThreadCard) -> Iterator[str]:
    """The keys of the filter that a thread has."""
    fields = {"unchanged"} if card.unchanged_years else set()
    for one in card.steps[1:]:
        fields |= {one.step.kind} - {"same", "new"}
        for change in one.link.changes if one.link else ():
            fields |= {change.field} - {"content", "title", "number", "path"}
            fields |= {"figures"} if change.figures else set()
    first = card.steps[0].step.kind
    yield from fields | ({first} - {"new"})


def _with_previous(
    steps: Sequence[ThreadStep],
) -> Iterator[tuple[ThreadStep | None, ThreadStep]]:
    return zip((None, *steps), steps, strict=False)


def _show_year(one: ThreadStep, before: ThreadStep | None, first: int) -> ShownYear:
    step = one.step
    link, kind = one.link, step.kind
    previous = (before.item,) if before else ()
    card = Card("reworded", previous, (one.item,), link)
    (item,) = show_side(card, is_current=True)
    notes = describe_link(link) if link else []
    if one.sources:
        notes.append(("来自", "".join(quote(name) for name in one.sources)))
    if step.gap:
        notes.append(("间隔", f"此前{step.gap}年没有"))
    mark = name_year(one, first)
    return ShownYear(
        step.year, kind, mark, item, kind == "same" and before is not None, tuple(notes)
    )
