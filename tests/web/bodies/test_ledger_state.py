"""The ledger's state of bodies and leaders: what was reported, what is done, what is overdue."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.dataset.record_files import read_records
from pipeline.decisions.anchors import anchor_of
from pipeline.ledger.progress import WrittenCell, write_progress
from pipeline.web.bodies.ledger_state import read_kept_ledger
from tests.web.bodies.small_plans import FINANCE, HOUSING, URBAN


@pytest.fixture
def output(small_output: Path, tmp_path: Path) -> Path:
    """The small plans, of which finance has reported two items of 2011, one of them as done."""
    output = tmp_path / "output"
    shutil.copytree(small_output, output)
    notices = list(read_records(output))
    first = next(one for one in notices if one.year == 2011)
    cells = [
        WrittenCell(anchor_of(first, first.items[number]), unit, column, value)
        for number, unit, column, value in (
            (0, FINANCE, "完成情况", "推进中"),
            (0, FINANCE, "进展", "已拨款"),
            (2, FINANCE, "完成情况", "办结"),
            (0, "王宏彬", "完成情况", "滞后"),
        )
    ]
    write_progress(output, notices, cells)
    return output


def test_nothing_is_said_where_no_ledger_was_filled_in(small_output: Path) -> None:
    assert read_kept_ledger(small_output) is None


def test_a_body_has_its_answers_and_what_is_overdue(output: Path) -> None:
    ledger = read_kept_ledger(output)
    assert ledger is not None
    state = ledger.of_body(FINANCE, "2011-07-10")
    assert state is not None
    assert (len(state.items), state.reported, state.overdue) == (5, 2, 1)
    assert {name: count for name, count in state.states.items() if count} == {
        "推进中": 1,
        "已完成": 1,
    }
    first = next(one for one in read_records(output) if one.year == 2011)
    _, late, done = (state.items[item.item_id] for item in first.items)
    # Due on 2011-06-30 by 6月底前, and neither finance nor its host has answered.
    assert (late.is_reported, late.item_state, late.days_over) == (False, "未填", 10)
    assert (done.is_reported, done.state, done.item_state) == (True, "办结", "已完成")


def test_nothing_is_overdue_on_the_last_day(output: Path) -> None:
    ledger = read_kept_ledger(output)
    assert ledger is not None
    state = ledger.of_body(HOUSING, "2011-06-30")
    assert state is not None
    assert (state.reported, state.overdue) == (0, 0)
    assert ledger.of_body("没有的局", "2011-06-30") is None
    assert ledger.of_body(URBAN, "2011-06-30") is not None


def test_a_leader_is_found_by_name_and_items(output: Path) -> None:
    ledger = read_kept_ledger(output)
    assert ledger is not None
    own = [one.items[0].item_id for one in read_records(output)]
    state = ledger.of_leader("王宏彬", own, "2011-07-10")
    assert state is not None
    assert (len(state.items), state.reported) == (2, 1)
    assert ledger.of_leader("王宏彬", ["other#1"], "2011-07-10") is None
