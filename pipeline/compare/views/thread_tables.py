"""The tables of a series over its years: bodies, demands with the same words, figures, deadlines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.compare.views.later_deadlines import count_days_later
from pipeline.compare.views.overview_tables import Cell, OverviewTable
from pipeline.compare.views.phrases import STEP_NAMES
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.compare.views.thread_cards import ThreadCard, ThreadStep
    from pipeline.model import Name

_NOTHING = "—"
_DUTIES = frozenset({"leaders", "host_units", "co_host_units", "deadline"})
_Values = dict[int, str]
# The days of a month on average.
_MONTH = 30.4


def make_thread_tables(
    cards: Sequence[ThreadCard], years: Sequence[int], later_names: Mapping[str, str]
) -> list[OverviewTable]:
    """The tables that have rows; `later_names` are those of bodies that were renamed."""
    tables = (
        _make_load_table(cards, years, later_names),
        _make_unchanged_table(cards),
        _make_figure_table(cards, years),
        _make_deadline_table(cards, years),
    )
    return [one for one in tables if one.rows]


def name_year(one: ThreadStep, first: int) -> str:
    """What became of a demand in a year; 有 in the first year of the series.

    Nobody knows which items of a series' first year were new then. The same words with other names
    or another day are 分工有变.
    """
    kind = one.step.kind
    if kind == "new" and one.step.year == first:
        return "有"
    changes = one.link.changes if one.link else ()
    if kind == "same" and any(change.field in _DUTIES for change in changes):
        return "分工有变"
    return STEP_NAMES[kind]


def _make_load_table(
    cards: Iterable[ThreadCard], years: Sequence[int], later_names: Mapping[str, str]
) -> OverviewTable:
    hosted: defaultdict[str, Counter[int]] = defaultdict(Counter)
    helped: defaultdict[str, Counter[int]] = defaultdict(Counter)
    shown: dict[str, str] = {}
    in_order = sorted(
        (step for card in cards for step in card.steps), key=lambda one: one.step.year
    )
    for one in in_order:
        hosts = _name_bodies(one.item.host_units, later_names)
        helpers = _name_bodies(one.item.co_host_units, later_names)
        for key in hosts:
            hosted[key][one.step.year] += 1
        for key in helpers.keys() - hosts.keys():
            helped[key][one.step.year] += 1
        shown |= helpers | hosts
    names = sorted(
        hosted.keys() | helped.keys(),
        key=lambda name: (-hosted[name].total(), -helped[name].total(), name),
    )
    rows = tuple(
        (shown[name], *(_show_load(hosted[name][year], helped[name][year]) for year in years))
        for name in names
    )
    heads = ("单位", *(f"{year}年" for year in years))
    return OverviewTable("单位历年承担事项", heads, rows, "主办项数；括号内为协办项数。")


def _name_bodies(names: Iterable[Name], later_names: Mapping[str, str]) -> dict[str, str]:
    """The bodies by their last canonical names, each with its printed name; persons are none."""
    units = [name for name in names if name.kind != "person"]
    keys = (name.canonical or name.name for name in units)
    return {later_names.get(key, key): name.name for key, name in zip(keys, units, strict=True)}


def _show_load(hosted: int, helped: int) -> str:
    """3（2） of three items hosted and two co-hosted."""
    if not hosted and not helped:
        return _NOTHING
    return f"{hosted}（{helped}）" if helped else str(hosted)


def _make_unchanged_table(cards: Iterable[ThreadCard]) -> OverviewTable:
    """The demands that several plans have in the same words, those of most plans first."""
    found = [(card, card.unchanged_years) for card in cards]
    runs = [(card, run) for card, run in found if run]
    runs.sort(key=lambda row: (-row[1][2], row[0].number))
    rows: list[tuple[Cell, ...]] = [
        (
            (card.number,),
            card.name,
            "、".join(dict.fromkeys(name.name for name in card.item.host_units)) or _NOTHING,
            f"{first}—{last}年",
            f"{count}个年度",
        )
        for card, (first, last, count) in runs
    ]
    heads = ("序号", "事项", "主办单位", "起止", "文字相同")
    return OverviewTable("多年文字不变的事项", heads, tuple(rows))


def _make_figure_table(cards: Iterable[ThreadCard], years: Sequence[int]) -> OverviewTable:
    rows: list[tuple[Cell, ...]] = []
    for card in cards:
        for about, values in _follow_figures(card.steps):
            shown = (values.get(year, _NOTHING) for year in years)
            rows.append(((card.number,), card.name, about or _NOTHING, *shown))
    heads = ("序号", "事项", "指标", *(f"{year}年" for year in years))
    note = "只列有过变动的指标；“—”表示当年没有该指标或没有该事项。"
    return OverviewTable("历年指标对照", heads, tuple(rows), note)


def _follow_figures(steps: Sequence[ThreadStep]) -> Iterator[tuple[str, _Values]]:
    """Each figure that ever changed, with its value by year: (增长, {2016: 8%, 2017: 10%}).

    A change goes on with the figure that had its earlier value last. In a year without a change of
    it a figure has its value only if the text still says so.
    """
    rows: list[tuple[str, _Values]] = []
    for before, one in pairwise(steps):
        changed: list[_Values] = []
        figures = [f for change in one.link.changes for f in change.figures] if one.link else []
        for figure in figures:
            row = _find_row(rows, figure.about, figure.before, before.step.year)
            if row is None:
                row = (figure.about, {before.step.year: figure.before})
                rows.append(row)
            row[1][one.step.year] = figure.after
            changed.append(row[1])
        for _, values in rows:
            value = values.get(before.step.year, "")
            if not any(values is other for other in changed) and _says(one, value):
                values[one.step.year] = value
    for _, values in rows:
        _fill_earlier(values, steps)
    yield from rows


def _fill_earlier(values: _Values, steps: Sequence[ThreadStep]) -> None:
    """Give a figure its value in the years before its first change, as long as the text says so."""
    first = min(values)
    for one in reversed([step for step in steps if step.step.year < first]):
        if not _says(one, values[first]):
            return
        values[one.step.year] = values[first]


def _says(one: ThreadStep, value: str) -> bool:
    """Whether an item's text has a figure: 5条 is not in 15条."""
    pattern = rf"(?<![\d.,]){re.escape(fold(value))}"
    return bool(value) and re.search(pattern, fold(one.item.content)) is not None


def _find_row(
    rows: Iterable[tuple[str, _Values]], about: str, before: str, year: int
) -> tuple[str, _Values] | None:
    """The row of a figure whose value was `before` in a year, of the same subject if there are two."""
    same_value = [row for row in rows if row[1].get(year) == before]
    same_subject = [row for row in same_value if row[0] == about]
    return next(iter(same_subject or same_value), None)


def _make_deadline_table(cards: Iterable[ThreadCard], years: Sequence[int]) -> OverviewTable:
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for card in cards:
        days = sum(max(0, _count_days(before, one)) for before, one in pairwise(card.steps))
        if days:
            phrases = {
                one.step.year: one.item.deadline.text for one in card.steps if one.item.deadline
            }
            shown = (phrases.get(year, _NOTHING) for year in years)
            delay = f"{days}天（约{days / _MONTH:.0f}个月）" if days >= _MONTH else f"{days}天"
            rows.append((days, ((card.number,), card.name, *shown, delay)))
    rows.sort(key=lambda row: -row[0])
    heads = ("序号", "事项", *(f"{year}年" for year in years), "累计推迟")
    note = "按各自年度计算：同一月日顺延到下一年度的不算推迟。"
    return OverviewTable("完成时限推迟的事项", heads, tuple(row for _, row in rows), note)


def _count_days(before: ThreadStep, after: ThreadStep) -> int:
    """How many days later a deadline is than in the year before; 0 where either has no day."""
    days = [one.item.deadline.due if one.item.deadline else None for one in (before, after)]
    if days[0] is None or days[1] is None:
        return 0
    return count_days_later(days[0], days[1], (before.step.year, after.step.year))
