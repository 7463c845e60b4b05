"""A series as a workbook."""

from __future__ import annotations

import io

import openpyxl

from pipeline.compare.series import find_series
from pipeline.compare.threads import follow_items
from pipeline.compare.views.book_parts import fit_widths
from pipeline.compare.views.thread_cards import make_thread_cards
from pipeline.compare.views.threads_book import threads_book
from tests.compare.small_series import plan


def test_a_row_a_thread_and_a_sheet_a_table() -> None:
    (series,) = find_series([plan(2016, "school", "river"), plan(2017, "river", "bus")])
    cards = make_thread_cards(series, follow_items(series))
    data = threads_book(cards, [2016, 2017], {})
    assert data == threads_book(cards, [2016, 2017], {})
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["历年事项", "单位历年承担事项", "多年文字不变的事项"]
    rows = [tuple(row) for row in book["历年事项"].iter_rows(values_only=True)]
    assert rows == [
        ("序号", "事项", "部分", "主办单位", "2016年", "2017年"),
        ("1", "整治黑臭水体", "重点改革项目", "区水务局", "有", "不变"),
        ("2", "优化公交线网", "重点改革项目", "区交通局", "—", "新增"),
        ("3", "建设智慧校园", "重点改革项目", "区教育局", "有", "—"),
    ]


def test_columns_fit_a_sheet() -> None:
    widths = fit_widths([("事项" * 40, "1", "年" * 20, *("2016年",) * 10)])
    assert sum(widths) <= 160
    assert min(widths) >= 8
    assert fit_widths([("序号", "事项")]) == [8.0, 8.0]
