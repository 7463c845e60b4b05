"""Items that take up one that was dropped in an earlier year."""

from __future__ import annotations

from pipeline.compare.decided_links import NOTHING_DECIDED, DecidedPairs
from pipeline.compare.revived import Pause, find_revived
from pipeline.compare.series import find_series
from pipeline.compare.threads import follow_items
from pipeline.comparison import Step
from pipeline.decisions.anchors import Anchor
from pipeline.decisions.pair_decisions import PairDecision, PairFit
from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from tests.compare.small_series import plan
from tests.conftest import source


def _years(*names: str) -> list[Notice]:
    return [plan(2015 + n, *one.split()) for n, one in enumerate(names)]


def _follow(notices: list[Notice], decided: DecidedPairs = NOTHING_DECIDED) -> list[Step]:
    (series,) = find_series(notices)
    return follow_items(series, decided=decided)


def _decide(one: str, other: str, decision: str) -> DecidedPairs:
    made = PairDecision(Anchor(one, "", "", ""), Anchor(other, "", "", ""), decision, "张", "", "")
    return DecidedPairs({made.ids: PairFit(made, "in force", (one, other))})


def test_an_item_that_is_more_like_one_that_goes_on_is_not_revived() -> None:
    years = _years("school park", "school bus", "school river")
    waiting = {0: {years[0].items[1].item_id}}
    added = {years[2].items[1].item_id}
    assert find_revived(Pause(years, waiting), 2, added, NOTHING_DECIDED) == {}


def test_a_revived_item_says_how_sure_it_is_and_who_came() -> None:
    years = _years("school park", "school bus", "school park")
    text = years[2].source.text.replace("区城管局", "区园林局")
    steps = _follow([*years[:2], parse_notice(source(text), "last")])
    (step,) = (one for one in steps if one.kind == "revived")
    assert step.previous == (years[0].items[1].item_id,)
    assert step.score is not None
    assert step.score > 0.25
    assert step.gained == ("区园林局",)
    assert step.lost == ("区城管局",)
    assert not step.decided


def test_a_person_refuses_a_revival() -> None:
    years = _years("school park", "school bus", "school park")
    pair = years[0].items[1].item_id, years[2].items[1].item_id
    steps = _follow(years, _decide(*pair, "different"))
    assert not [one for one in steps if one.kind == "revived"]


def test_a_person_joins_items_with_any_years_between() -> None:
    years = _years("school park", "school", "school", "school", "school", "school bus")
    pair = years[0].items[1].item_id, years[5].items[1].item_id
    assert not [one for one in _follow(years) if one.kind == "revived"]
    steps = _follow(years, _decide(*pair, "same"))
    (step,) = (one for one in steps if one.kind == "revived")
    assert (step.item_id, step.previous, step.decided) == (pair[1], pair[:1], True)
    assert step.thread_id == next(one.thread_id for one in steps if one.item_id == pair[0])
