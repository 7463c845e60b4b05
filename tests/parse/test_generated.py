"""Plans written from known records are read back: every carrier in every layout, with damage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.batch.verify import find_notice_faults
from pipeline.model import Item, Notice
from tests.conftest import parse
from tests.plans import AMBIGUOUS, CELLS, Plan, write_plan
from tests.plans.score import find_faults, find_silent, plain, run

pytestmark = pytest.mark.tries

MANY, EXACT = 800, 0.995


def test_plans_are_read_back() -> None:
    """Of the items that a careful reader reads for certain, 995 in 1000 are exact."""
    score = run(parse, CELLS, MANY, seed=0)
    told = [
        f"{carrier} / {layout}: {score.share(f'cell {carrier}', layout):.3f}, seed {seed}: "
        + "; ".join(one for found in faults.values() for one in found)[:160]
        for (carrier, layout), (seed, _, faults) in score.failures.items()
    ]
    assert score.share("all") >= EXACT, "\n".join([f"exact {score.share('all'):.4f}", *told])


def test_what_nobody_can_read_for_certain_is_flagged() -> None:
    silent = find_silent(parse, seed=0)
    assert silent == [], "\n".join(map(str, silent))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from((*CELLS, *AMBIGUOUS)), st.integers(0, 2**32))
def test_records_of_generated_plans_hold(cell: tuple[str, str], seed: int) -> None:
    assert list(find_notice_faults(parse(write_plan(seed, *cell).text))) == []


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CELLS), st.integers(0, 2**32))
def test_what_is_known_stands_in_the_text(cell: tuple[str, str], seed: int) -> None:
    """The generator keeps its word: openings in order, every name and heading printed."""
    plan = write_plan(seed, *cell)
    assert write_plan(seed, *cell) == plan
    text, at = plain(plan.text), 0
    for task in plan.tasks:
        if cell[1] != "box":
            at = text.index(plain(task.title), at)
        assert task.hosts, "a task that nobody hosts"
        for words in (*task.leaders, *task.hosts, *task.co_hosts, *task.path):
            assert plain(words).rstrip("。") in text
        assert len({*task.leaders, *task.hosts, *task.co_hosts}) == len(
            [*task.leaders, *task.hosts, *task.co_hosts]
        )


def _lose_host(item: Item) -> Item:
    return replace(item, host_units=item.host_units[1:])


def _swap_roles(item: Item) -> Item:
    return replace(item, host_units=item.co_host_units, co_host_units=item.host_units)


def _lose_label(item: Item) -> Item:
    return replace(item, label=None)


def _lose_path(item: Item) -> Item:
    return replace(item, path=("别处",))


def _lose_opening(item: Item) -> Item:
    return replace(item, content=item.content[3:])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_lose_host, "hosts"),
        (_swap_roles, "co-hosts"),
        (_lose_label, "label"),
        (_lose_path, "path"),
        (_lose_opening, "missed"),
    ],
)
def test_a_wrong_record_is_found_wrong(change: Callable[[Item], Item], told: str) -> None:
    plan, notice = _readable()
    assert find_faults(plan, notice) == {}
    first, *rest = notice.items
    wrong = notice.model_copy(update={"items": (change(first), *rest)})
    assert told in str(find_faults(plan, wrong)[0])
    assert "extra" in str(
        find_faults(plan, notice.model_copy(update={"items": (*notice.items, first)}))
    )


def _readable() -> tuple[Plan, Notice]:
    """The first plan of the plainest kind that is read without a fault."""
    for seed in range(50):
        plan = write_plan(seed, "round verbs", "lines")
        notice = parse(plan.text)
        if plan.damage == "none" and not find_faults(plan, notice):
            return plan, notice
    pytest.fail("not one plain plan is read back")
