"""Write what a person decides about pairs: whether two items are one demand, two plans one series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pipeline.decisions.anchors import PresentAnchors
from pipeline.decisions.concerned import read_concerned
from pipeline.decisions.overlay import all_or_nothing
from pipeline.decisions.pair_decisions import (
    check_ids,
    keep_pair_decisions,
    make_pair_decision,
    read_pair_decisions,
)
from pipeline.errors import CorrectionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipeline.compare.series import Series
    from pipeline.decisions.changes import Author
    from pipeline.web.waiting import Waiting

_WHO = "who"
Ids = tuple[str, str]
PairDecisionWord = Literal["same", "different"]


def decide_pairs(
    output: Path, pairs: Sequence[Ids], decision: PairDecisionWord, by: Author, waiting: Waiting
) -> None:
    """Keep one decision on several pairs, all or none.

    Raises CorrectionError, OutputError.
    """
    if not by.who.strip():
        raise CorrectionError(_WHO, "nobody has decided", "write a name under who")
    with waiting.lock(output), all_or_nothing(output):
        concerned = read_concerned(output, [one for ids in pairs for one in ids], ())
        notices = concerned.notices
        made = [make_pair_decision(notices, ids, decision, by) for ids in pairs]
        keep_pair_decisions(output, PresentAnchors(notices), made, (), concerned.origins)


def take_back(output: Path, pairs: Iterable[Ids], waiting: Waiting) -> None:
    """Take back the decisions on pairs, all or none. Raises CorrectionError, OutputError."""
    pairs = list(pairs)
    for ids in pairs:
        check_ids(*ids)
    with waiting.lock(output), all_or_nothing(output):
        concerned = read_concerned(output, [one for ids in pairs for one in ids], ())
        present = PresentAnchors(concerned.notices)
        keep_pair_decisions(output, present, (), pairs, concerned.origins)


def pairs_to_join(one: Series, other: Series) -> list[Ids]:
    """Return the pairs of notices that make two series one: the earliest with each of all others.

    Plans are grouped year by year, so that each then finds the earliest in its group already.
    """
    both = [*one.notices, *other.notices]
    if not both:
        return []
    first = min(both, key=lambda notice: (notice.year or 0, notice.notice_id)).notice_id
    ids = dict.fromkeys([*_list_ids(one), *_list_ids(other)])
    return [(first, notice_id) for notice_id in ids if notice_id != first]


def pairs_to_part(series: Series, notice_id: str) -> list[Ids]:
    """Return the pairs that take a notice out of its series: the notice with each of the others."""
    return [(notice_id, one) for one in _list_ids(series) if one != notice_id]


def _list_ids(series: Series) -> list[str]:
    """Return the notices of a series, years first, those that are left out last, each once."""
    years = [one.notice_id for one in series.notices]
    return list(dict.fromkeys([*(out.notice.notice_id for out in series.left_out), *years]))


def list_series_decisions(
    output: Path, series: Series
) -> list[tuple[Ids, PairDecisionWord, str, str]]:
    """Return the decisions on the notices of a series: ids, decision, who and when."""
    own = set(_list_ids(series))
    return [
        (
            (one.one.item_id, one.other.item_id),
            "same" if one.is_same else "different",
            one.who,
            one.when,
        )
        for one in read_pair_decisions(output)
        if not one.one.is_item and own & one.ids
    ]
