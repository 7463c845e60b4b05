"""A cell's value under its number format, as a person sees it in the cell."""

from __future__ import annotations

import pytest

from pipeline.read.sheet.formats.built_in import format_code
from pipeline.read.sheet.formats.value import show_value
from tests.case_tables import read_cases


def as_value(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


@pytest.mark.parametrize("case", read_cases("number_formats"), ids=lambda case: case["format"])
def test_values_under_formats(case: dict[str, str]) -> None:
    assert show_value(as_value(case["value"]), case["format"]) == case["text"]


def test_days_from_1904_and_truth() -> None:
    assert show_value(44011.0, "yyyy/m/d", from_1904=True) == "2024/6/30"
    assert [show_value(one, "0.00") for one in (True, False)] == ["TRUE", "FALSE"]


@pytest.mark.parametrize("code", ["%" * 254 + "0", "0" * 255, "0." + "0" * 253, "0" + "," * 254])
def test_the_longest_formats_of_the_largest_numbers(code: str) -> None:
    assert {show_value(number, code)[:1] for number in (1e308, 1e-308)} <= {*"0123456789%"}
    assert show_value(float("inf"), code) == "#NUM!"


def test_a_format_longer_than_any_is_none() -> None:
    assert show_value(5.0, "0" * 255) == "5".zfill(255)
    assert show_value(5.0, "0" * 256) == "5"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "45473"), (9, "4547300%"), (14, "2024/6/30"), (31, "2024年6月30日"), (57, "2024年6月"),
     (58, "6月30日"), (99, "45473"), (164, "6月"), (44, "¥45,473.00")],
)  # fmt: skip
def test_formats_that_no_file_needs_to_define(number: int, text: str) -> None:
    """The date of the system is a Chinese one, whatever a file of another system defines."""
    defined = {164: 'm"月"', 14: "mm-dd-yy"}
    assert show_value(45473.0, format_code(number, defined)) == text
