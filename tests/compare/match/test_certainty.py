"""The probability that two demands are one."""

from __future__ import annotations

from pipeline.compare.match import Demand, Pair, find_matches

_GARDEN = "新建口袋公园3座，完善绿道标识，补植行道树。"
_RIVER = "整治黑臭河道5条，清淤截污，建立河长巡查台账。"


def _demand(content: str, path: str = "城市建设") -> Demand:
    return Demand(content[:6], content, (path,), ("区城管局",))


def _pair(previous: list[Demand], current: list[Demand]) -> Pair:
    (match,) = (one for one in find_matches(previous, current) if 0 in one.previous)
    return next(pair for pair in match.pairs if pair.previous == 0)


def test_equal_words_are_certain() -> None:
    both = [_demand(_GARDEN), _demand(_RIVER)]
    assert _pair(both, both).certainty > 0.95


def test_few_common_words_are_less_certain_than_many() -> None:
    old = [_demand(_GARDEN), _demand(_RIVER)]
    near = [_demand(_GARDEN.replace("绿道标识", "便民座椅")), _demand(_RIVER)]
    far = [_demand("提升口袋公园品质，引入社会资本参与运营管理。"), _demand(_RIVER)]
    assert _pair(old, far).certainty < _pair(old, near).certainty


def test_a_rival_makes_a_pair_less_certain() -> None:
    changed = _demand("新建口袋公园3座，培训养护人员，开展园艺科普。")
    alone = _pair([_demand(_GARDEN), _demand(_RIVER)], [changed, _demand(_RIVER)])
    rival = _demand("新建口袋公园4座，完善绿道标识，增设座椅。")
    rivalled = _pair([_demand(_GARDEN), _demand(_RIVER)], [rival, changed, _demand(_RIVER)])
    assert rivalled.certainty < alone.certainty
