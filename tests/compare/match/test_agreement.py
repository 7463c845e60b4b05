"""Names of sections and units compared."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.compare.match import Demand
from pipeline.compare.match.agreement import BestPairs, compare_names, find_agreement
from pipeline.compare.match.terms import weigh_terms

DEMANDS = [Demand("", "新建口袋公园。"), Demand("", "整治黑臭河道。")]
TERMS = weigh_terms(DEMANDS, DEMANDS)
NO_PAIRS = BestPairs(np.array([], np.int64), np.array([], np.int64), np.array([], np.float32))


def test_names_are_compared_by_letters_and_by_the_texts_under_them() -> None:
    names = compare_names([("区城管局",), ("区水务局",)], [("区城管局",), ("区河道办",)], TERMS)
    assert names.similarity[1].tolist() == pytest.approx([0, 3], abs=1e-5)
    assert names.similarity[0, 0] > 3.1
    assert names.similarity[0, 1] == 0


def test_the_best_pairs_decide_between_names() -> None:
    others = [Demand("", "开通公交。"), Demand("", "改造厨房。")]
    names = compare_names([("甲",), ("乙",)], [("丙",), ("丁",)], weigh_terms(DEMANDS, others))
    assert not names.similarity.any()
    best = BestPairs(np.array([0]), np.array([1]), np.array([0.25], np.float32))
    agreement = find_agreement(names, best)
    assert agreement.tolist() == [[0, 0.75], [0, 0]]


def test_a_demand_without_a_name_agrees_half() -> None:
    names = compare_names([(), ("区水务局",)], [("区城管局",), ("区水务局",)], TERMS)
    agreement = find_agreement(names, NO_PAIRS)
    assert agreement[0].tolist() == [0.5, 0.5]
    assert agreement[1, 1] == 1


def test_demands_without_any_names_agree_half() -> None:
    names = compare_names([(), ()], [("区城管局",), ("区水务局",)], TERMS)
    assert (find_agreement(names, NO_PAIRS) == 0.5).all()
