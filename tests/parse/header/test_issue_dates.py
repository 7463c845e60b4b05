"""The day of a notice where only a line of its own prints it."""

from __future__ import annotations

import pytest

from tests.conftest import parse

PLAN = "某区2020年工作要点\n一、事项\n1.推进改革。(区财政局负责)\n2.推进试点。(区教育局负责)\n"


@pytest.mark.parametrize("day", ["2020年5月6日", "(2020年5月6日)", "二〇二〇年五月六日"])
def test_a_date_alone_on_the_first_line(day: str) -> None:
    notice = parse(f"{day}\n{PLAN}")
    assert (notice.title, notice.issued_on) == ("某区2020年工作要点", "2020-05-06")


def test_a_stamp_alone_on_the_first_line_is_the_day_of_publication() -> None:
    notice = parse(f"2020-05-06\n{PLAN}")
    assert (notice.issued_on, notice.published_on) == (None, "2020-05-06")


@pytest.mark.parametrize("line", ["2020年5月", "截至2020年5月6日", "2020年5月6日起"])
def test_a_line_with_more_or_less_than_a_day(line: str) -> None:
    assert parse(f"{line}\n{PLAN}").issued_on is None
