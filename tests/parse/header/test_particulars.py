"""The particulars of a document: the cases of tests/cases/parse/header.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest

from pipeline.parse.header import Header, find_header
from pipeline.parse.normalize import normalize_text
from tests.case_files import TextCase, read_cases

CASES = read_cases("parse/header.md")
FIRST_ITEM = "‖"


def header_of(text: str, page_title: str = "") -> tuple[Header, str]:
    """The header of a text, and the text; ‖ is where the first item begins, else at the end."""
    shadow = normalize_text(text.replace(FIRST_ITEM, ""))
    first = text.find(FIRST_ITEM)
    particulars = {"title": page_title} if page_title else {}
    return find_header(shadow, first if first >= 0 else len(text), particulars), shadow.text


def shown(header: Header, text: str) -> Iterator[str]:
    """The lines that a case expects of a header."""
    for one in fields(header):
        name, value = one.name, getattr(header, one.name)
        if name == "end":
            name, value = "behind", text[value:].strip()[:6].split("\n")[0] if value else None
        elif name in ("signature", "unread_number"):
            value = text[slice(*value)].replace("\n", "⏎") if value else None
        elif name == "place":
            name, value = "region", value.region
        elif name in ("unread_dates", "mended_dates"):
            value = ", ".join(text[slice(*span)] for span in value)
        if value:
            yield f"{name}: {value}"


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_header(case: TextCase) -> None:
    lines = "\n".join(shown(*header_of(case.text)))
    assert (lines or "none") == case.expected


def test_there_are_cases() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2020-03-06 11:32", "2020-03-06"),
        ("2020年3月6日", "2020-03-06"),
        ("２０２０/３/６", "2020-03-06"),
        ("20200306", "2020-03-06"),
        ("20200306113200", "2020-03-06"),
        ("2020-03-06T11:32:00+08:00", "2020-03-06"),
        ("2011-03-25 发布人：-", "2011-03-25"),
        ("20201306", None),
        ("2020-03", None),
        ("不详", None),
    ],
)
def test_days_of_a_page(value: str, day: str | None) -> None:
    text = normalize_text("甲县工作要点")
    header = find_header(text, 0, {"published_on": value, "issued_on": value})
    assert (header.published_on, header.issued_on) == (day, day)


def test_a_printed_day_comes_before_that_of_the_page() -> None:
    text = normalize_text("发布时间：2021-03-08")
    header = find_header(text, 15, {"published_on": "2021-03-09"})
    assert header.published_on == "2021-03-08"


PLAN = "甲县人民政府办公室\n2021年工作\n要点\n‖一、新建道路"


@pytest.mark.parametrize(
    ("page_title", "title"),
    [
        ("甲县人民政府办公室2021年工作要点", "甲县人民政府办公室2021年工作要点"),
        ("2021年工作 要点", "2021年工作要点"),
        ("甲县人民政府网", "甲县人民政府办公室2021年工作要点"),
        ("甲县2022年工作要点", "甲县人民政府办公室2021年工作要点"),
        (f"{'甲' * 146}工作要点", "甲县人民政府办公室2021年工作要点"),
    ],
)
def test_page_title_counts_where_it_is_printed(page_title: str, title: str) -> None:
    header, text = header_of(PLAN, page_title)
    assert header.title == title
    assert text[header.end :].strip() == "一、新建道路"


@pytest.mark.parametrize(("length", "found"), [(5989, True), (5990, False)])
def test_reach(length: int, found: bool) -> None:  # noqa: FBT001
    text = "\n" * length + "甲县2021年工作要点\n"
    assert (header_of(text)[0].title is not None) is found


@pytest.mark.parametrize(("above", "found"), [(29, True), (30, False)])
def test_a_title_is_on_one_of_the_first_lines(above: int, found: bool) -> None:  # noqa: FBT001
    assert (header_of("栏目:\n" * above + "甲县2021年工作要点\n")[0].title is not None) is found


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("附件2022年工作计划", (2022, 2022)),
        ("附件2022—2024年工作计划", (2022, 2024)),
        ("附件工作计划", (2021, 2021)),
    ],
)
def test_annex_title(title: str, years: tuple[int, int]) -> None:
    header = header_of("甲县2021年工作要点\n")[0].with_annex_title(title)
    assert (header.title, header.notice_title) == (title, "甲县2021年工作要点")
    assert (header.year, header.year_end) == years
