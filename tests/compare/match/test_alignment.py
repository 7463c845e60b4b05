"""Two lists of demands aligned: what goes on as what, over generated years and small lists."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare.match import Demand, Match, find_matches
from tests.plans.years import SECTIONS, Task, two_years

TEXTS = st.text(alphabet="推进社区养老服务建设,。、12%年 \n", max_size=40)
DEMANDS = st.lists(
    st.builds(
        Demand,
        title=TEXTS,
        content=TEXTS,
        path=st.tuples(st.sampled_from(["民生", "改革", ""])),
        units=st.lists(st.sampled_from(["区民政局", "区财政局"]), max_size=2).map(tuple),
    ),
    max_size=8,
)


def demands(tasks: list[Task]) -> list[Demand]:
    return [Demand(t.title, t.content, (SECTIONS[t.section],), t.hosts) for t in tasks]


def edges(matches: list[Match]) -> set[tuple[int, int]]:
    return {(pair.previous, pair.current) for match in matches for pair in match.pairs}


def f1(found: set[tuple[int, int]], wanted: set[tuple[int, int]]) -> float:
    return 2 * len(found & wanted) / max(1, len(found) + len(wanted))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.4, 0.6])
def test_generated_years(share: float) -> None:
    scores = []
    for seed, size in enumerate((12, 24, 40, 40, 60, 100)):
        years = two_years(seed, size, share)
        found = edges(find_matches(demands(years.previous), demands(years.current)))
        scores.append(f1(found, set(years.edges)))
    assert sum(scores) / len(scores) >= 0.98, scores


@given(DEMANDS, DEMANDS)
@settings(max_examples=60, deadline=None)
def test_every_demand_is_in_one_match_at_most(
    previous: list[Demand], current: list[Demand]
) -> None:
    matches = find_matches(previous, current)
    for side, many in (("previous", len(previous)), ("current", len(current))):
        members = [n for match in matches for n in getattr(match, side)]
        assert len(members) == len(set(members))
        assert set(members) <= set(range(many))
    for match in matches:
        assert 1 in (len(match.previous), len(match.current))
        kinds = {
            "one": (1, 1),
            "split": (1, len(match.current)),
            "merged": (len(match.previous), 1),
        }
        assert kinds[match.kind] == (len(match.previous), len(match.current))
        assert all(0 <= pair.score <= 1 for pair in match.pairs)


def test_shuffled_lists_give_the_same_pairs() -> None:
    years = two_years(5, 40, 0.4)
    before, after = demands(years.previous), demands(years.current)
    found = edges(find_matches(before, after))
    order = list(range(len(before)))
    Random(1).shuffle(order)  # noqa: S311 - any order will do
    moved = edges(find_matches([before[n] for n in order], after[::-1]))
    last = len(after) - 1
    assert {(order[p], last - q) for p, q in moved} == found


def test_the_other_direction_mirrors() -> None:
    years = two_years(6, 40, 0.4)
    before, after = demands(years.previous), demands(years.current)
    there, back = edges(find_matches(before, after)), edges(find_matches(after, before))
    assert {(p, q) for q, p in back} == there


def test_the_same_list_twice_pairs_each_with_itself() -> None:
    tasks = demands(two_years(2, 60, 0.0).previous)
    assert edges(find_matches(tasks, tasks)) == {(n, n) for n in range(60)}


def test_equal_items_pair_in_order() -> None:
    same = [Demand("加强监管", "加强监管。", ("一",), ("区民政局",))] * 4
    assert edges(find_matches(same, same)) == {(n, n) for n in range(4)}


@pytest.mark.parametrize("turned", [False, True])
def test_one_against_many(*, turned: bool) -> None:
    tasks = demands(two_years(3, 400, 0.0).previous)
    one, many = [tasks[137]], tasks
    if turned:
        assert edges(find_matches(many, one)) == {(137, 0)}
    else:
        assert edges(find_matches(one, many)) == {(0, 137)}


def test_nothing_against_something() -> None:
    one = [Demand("加强监管", "加强监管。")]
    assert find_matches([], one) == find_matches(one, []) == find_matches([], []) == []


def test_items_without_words_do_not_go_on_as_others() -> None:
    empty, full = Demand("", ""), Demand("新建公园", "新建公园三座。")
    assert edges(find_matches([empty, full], [full, empty])) >= {(1, 0)}
    assert (0, 0) not in edges(find_matches([empty, full], [full, empty]))


def test_a_split_and_a_merger() -> None:
    before = [
        Demand("口袋公园", "新建口袋公园12个,建设健身步道15公里。", ("环境",), ("区城管局",)),
        Demand("停车", "新增公共停车泊位3000个。", ("环境",), ("区城管局",)),
        Demand("充电", "新建电动汽车充电桩500个。", ("环境",), ("区发改局",)),
    ]
    after = [
        Demand(
            "停车", "新增公共停车泊位4000个,新建电动汽车充电桩800个。", ("环境",), ("区城管局",)
        ),
        Demand("口袋公园", "新建口袋公园10个。", ("环境",), ("区城管局",)),
        Demand("健身步道", "建设健身步道20公里。", ("环境",), ("区文体局",)),
    ]
    found = {match.kind: (match.previous, match.current) for match in find_matches(before, after)}
    assert found == {"merged": ((1, 2), (0,)), "split": ((0,), (1, 2))}


@pytest.mark.parametrize("many", [300, 900])
def test_a_plan_that_repeats_itself_pairs_in_order(many: int) -> None:
    """Hundreds of equal items: each goes on as the one at its place."""
    same = [Demand("完成村道硬化", "完成村道硬化5公里。", ("农村",), ("区交通局",))] * many
    assert edges(find_matches(same, same)) == {(n, n) for n in range(many)}
