"""A series as a workbook: each demand by year, and the tables of the series, for A4 paper."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pipeline.compare.views.book_parts import Book, add_overview
from pipeline.compare.views.overview_tables import OverviewTable
from pipeline.compare.views.thread_tables import make_thread_tables, name_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.compare.views.overview_tables import Cell
    from pipeline.compare.views.thread_cards import ThreadCard


def threads_book(
    cards: Sequence[ThreadCard], years: Sequence[int], later_names: Mapping[str, str]
) -> bytes:
    """The workbook of a series; `later_names` are those of bodies that were renamed."""
    file = io.BytesIO()
    book = Book(file)
    add_overview(book, _make_year_table(cards, years))
    for one in make_thread_tables(cards, years, later_names):
        add_overview(book, one)
    book.workbook.close()
    return file.getvalue()


def _make_year_table(cards: Sequence[ThreadCard], years: Sequence[int]) -> OverviewTable:
    """A row a thread: what became of it in each year."""
    rows: list[tuple[Cell, ...]] = []
    for card in cards:
        marks = {one.step.year: name_year(one, years[0]) for one in card.steps}
        hosts = dict.fromkeys(name.name for name in card.item.host_units)
        shown = (marks.get(year, "—") for year in years)
        rows.append(((card.number,), card.title, card.section, "、".join(hosts), *shown))
    heads = ("序号", "事项", "部分", "主办单位", *(f"{year}年" for year in years))
    return OverviewTable("历年事项", heads, tuple(rows), "第一个年度的事项标“有”。")
