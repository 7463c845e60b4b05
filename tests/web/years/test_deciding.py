"""What people decide about links and series takes effect at once, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.dataset.manifest import DECIDED_PAIRS
from pipeline.decisions.changes import Author
from pipeline.errors import CorrectionError
from pipeline.web.waiting import Waiting
from pipeline.web.years.deciding import (
    decide_pairs,
    list_series_decisions,
    pairs_to_join,
    pairs_to_part,
    take_back,
)
from pipeline.web.years.series_index import YearsOfOutput
from pipeline.web.years.shown_changes import list_refused, list_unlinked
from tests.web.years.small_outputs import LIVELIHOOD, REFORM

BY = Author("张三", "2024-06-30", "读过原文")
WAITING = Waiting()


def _years(years: YearsOfOutput) -> dict[str, list[int | None]]:
    return {
        name: [one.year for one in series.notices] for name, series in years.index().series.items()
    }


def _plans(years: YearsOfOutput) -> tuple[str, str]:
    one, other = [one.notice_id for one in years.index().series[REFORM].notices][1:]
    return one, other


def test_a_refused_link_is_gone_and_comes_back(own_output: Path) -> None:
    years = YearsOfOutput(own_output)
    before, after = _plans(years)
    found = years.compare(before, after)
    assert found is not None
    pair = (found.comparison.links[0].previous[0], found.comparison.links[0].current[0])
    decide_pairs(own_output, [pair], "different", BY, WAITING)
    refused = years.compare(before, after)
    assert refused is not None
    assert pair[0] in refused.comparison.dropped
    assert pair[1] in refused.comparison.added
    (one,) = list_refused(refused.comparison)
    assert (one.one, one.other, one.who, one.why) == (*pair, "张三", "读过原文")
    take_back(own_output, [pair], WAITING)
    again = years.compare(before, after)
    assert again is not None
    assert again.comparison == found.comparison


def test_two_items_are_joined_and_the_link_says_by_whom(own_output: Path) -> None:
    years = YearsOfOutput(own_output)
    before, after = _plans(years)
    found = years.compare(before, after)
    assert found is not None
    dropped, added = list_unlinked(found.cards)
    assert [one.name for one in dropped] == ["1、 整治黑臭水体"]
    assert [one.name for one in added] == ["3、 优化公交线网"]
    decide_pairs(own_output, [(dropped[0].item_id, added[0].item_id)], "same", BY, WAITING)
    joined = years.compare(before, after)
    assert joined is not None
    link = next(one for one in joined.comparison.links if added[0].item_id in one.current)
    assert link.decided
    threads = years.follow(REFORM)
    assert threads is not None
    assert max(len(card.steps) for card in threads.cards if card.name == "优化公交线网") == 3


def test_series_are_joined_and_parted(own_output: Path) -> None:
    years = YearsOfOutput(own_output)
    series = years.index().series
    decide_pairs(own_output, pairs_to_join(series[LIVELIHOOD], series[REFORM]), "same", BY, WAITING)
    ((joined, found),) = _years(years).items()
    assert found == [2015, 2016, 2017, 2018, 2019]
    one = years.index().series[joined]
    decided = list_series_decisions(own_output, one)
    assert len(decided) == 4
    assert {(row[1], row[2]) for row in decided} == {("same", "张三")}
    parted = one.notices[4].notice_id
    decide_pairs(own_output, pairs_to_part(one, parted), "different", BY, WAITING)
    assert sorted(_years(years).values()) == [[2015, 2016, 2017, 2018], [2019]]
    everything = [row[0] for row in list_series_decisions(own_output, one)]
    take_back(own_output, everything, WAITING)
    assert _years(years) == {REFORM: [2015, 2016, 2017], LIVELIHOOD: [2018, 2019]}


def test_a_decision_that_is_refused_leaves_everything_as_it_was(own_output: Path) -> None:
    before, after = _plans(YearsOfOutput(own_output))
    good, bad = (before, after), (before, "nothing")
    with pytest.raises(CorrectionError, match="no notice of this OUTPUT has this id"):
        decide_pairs(own_output, [good, bad], "same", BY, WAITING)
    with pytest.raises(CorrectionError, match="nobody has decided"):
        decide_pairs(own_output, [good], "same", Author(" ", "2024-06-30"), WAITING)
    with pytest.raises(CorrectionError, match="nothing is decided"):
        take_back(own_output, [good], WAITING)
    assert not (own_output / DECIDED_PAIRS).exists()
