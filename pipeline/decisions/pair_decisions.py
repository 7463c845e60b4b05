"""What people decided about pairs: whether two items are one demand, or two notices one series.

They are kept in OUTPUT/decided_pairs.csv with the anchors of both sides, and are found again as
corrections are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.dataset.csv_rows import read_rows, rows_to_csv
from pipeline.dataset.described_tables import write_table
from pipeline.dataset.edited_items import edited
from pipeline.dataset.manifest import DECIDED_PAIRS
from pipeline.decisions.anchors import Anchor, anchor_of, find_notice_ids
from pipeline.decisions.correction import read_decision_text
from pipeline.decisions.known_items import find_item, find_notice
from pipeline.errors import CorrectionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.decisions.anchors import NoticeOrigin, PresentAnchors
    from pipeline.model import Notice

PAIR_DECISIONS = ("same", "different")
_ANCHOR_COLUMNS = ("path", "sha256", "words", "rank")
_COLUMNS = (
    "one", "other", "decision", "who", "when", "why",
    *(f"{side}_{name}" for side in ("one", "other") for name in _ANCHOR_COLUMNS),
)  # fmt: skip

PairStatus = Literal["in force", "moved", "unfit"]


class PairDecision(NamedTuple):
    """One decision on two items or two notices: whether they are `same` or `different`."""

    one: Anchor
    other: Anchor
    decision: str
    who: str
    when: str
    why: str

    def row(self) -> dict[str, str]:
        """Return the decision as a row of decided_pairs.csv."""
        about = (self.one.item_id, self.other.item_id, self.decision, self.who, self.when, self.why)
        return dict(zip(_COLUMNS, (*about, *self.one[1:], *self.other[1:]), strict=True))

    @property
    def ids(self) -> frozenset[str]:
        """The two ids at the time of the decision."""
        return frozenset((self.one.item_id, self.other.item_id))

    @property
    def is_same(self) -> bool:
        """Whether the two go on as one another."""
        return self.decision == "same"


class PairFit(NamedTuple):
    """How a decision fits the records now: the ids of both sides, or the reason if it is unfit."""

    decision: PairDecision
    status: PairStatus
    ids: tuple[str, str] | None
    reason: str = ""


def read_pair_decisions(output: Path) -> list[PairDecision]:
    """Read the decisions on pairs that an OUTPUT keeps. Raises CorrectionError."""
    path = output / DECIDED_PAIRS
    if not path.is_file():
        return []
    text = read_decision_text(path)
    try:
        return [_parse_row(place, row) for place, row in read_rows(path, text, _COLUMNS)]
    except OutputError as error:
        raise CorrectionError(error.place, error.fact, error.remedy) from error


def _parse_row(place: str, row: Mapping[str, str]) -> PairDecision:
    values = {name: row[name].strip() for name in _COLUMNS}
    if values["decision"] not in PAIR_DECISIONS:
        fact = f"the decision is {values['decision'][:40]!r}"
        raise CorrectionError(place, fact, f"write one of {', '.join(PAIR_DECISIONS)}")
    check_ids(values["one"], values["other"], place)
    one, other = (
        Anchor(values[side], *(values[f"{side}_{name}"] for name in _ANCHOR_COLUMNS))
        for side in ("one", "other")
    )
    about = (values[name] for name in ("decision", "who", "when", "why"))
    return PairDecision(one, other, *about)


def check_ids(one: str, other: str, place: str = "") -> None:
    """Raise CorrectionError unless two ids are of items of two notices, or of two notices."""
    notices = [side.partition("#")[0] for side in (one, other)]
    if not all(notices) or ("#" in one) != ("#" in other):
        fact = f"{one} and {other} are an item and a notice"
        raise CorrectionError(place or one, fact, "name two items (with #) or two notices")
    if notices[0] == notices[1]:
        fact = f"{one} and {other} are of one notice"
        raise CorrectionError(place or one, fact, "name items or notices of two years")


def make_pair_decision(
    notices: Sequence[Notice], ids: tuple[str, str], decision: str, by: tuple[str, str, str]
) -> PairDecision:
    """Make a decision on two items or notices by their ids; `by` is who, when, why.

    Raises CorrectionError for ids that no record has, and for a pair that cannot be decided.
    """
    check_ids(*ids)
    one, other = (_find_anchor(notices, side) for side in ids)
    return PairDecision(one, other, decision, *by)


def _find_anchor(notices: Sequence[Notice], side: str) -> Anchor:
    notice = find_notice(notices, side)
    return anchor_of(edited(notice), find_item(notice, side))


def keep_pair_decisions(
    output: Path,
    present: PresentAnchors,
    more: Sequence[PairDecision],
    undone: Iterable[tuple[str, str]] = (),
    origins: Iterable[NoticeOrigin] = (),
) -> list[PairDecision]:
    """Keep decisions on pairs with an OUTPUT, and take back others by their two ids; return all.

    `present` are the notices that are concerned, `origins` those of all. A new decision on a pair
    replaces the earlier one. Raises CorrectionError, OutputError.
    """
    fits = find_pair_fits(read_pair_decisions(output), present, origins)
    for ids in undone:
        meant = frozenset(ids)
        left = [fit for fit in fits if not _is_of(fit, meant) and fit.decision.ids != meant]
        if len(left) == len(fits):
            fact = f"nothing is decided on it and {ids[1]}"
            raise CorrectionError(ids[0], fact, "see fengong corrections")
        fits = left
    decided = {one.ids for one in more}
    kept = [fit.decision for fit in fits if not any(_is_of(fit, ids) for ids in decided)]
    return _write(output, [*kept, *more])


def _is_of(fit: PairFit, ids: frozenset[str]) -> bool:
    return frozenset(fit.ids or ()) == ids if fit.ids else fit.decision.ids == ids


def find_pair_fits(
    decisions: Sequence[PairDecision],
    present: PresentAnchors,
    others: Iterable[NoticeOrigin] = (),
) -> list[PairFit]:
    """Find out which items and notices decisions mean now."""
    anchors = {side for one in decisions for side in (one.one, one.other)}
    items = present.find((one for one in anchors if one.is_item), others)
    found = {anchor: one.item_id for anchor, one in items.items()}
    found |= _find_notices([one for one in anchors if not one.is_item], present, others)
    return [_fit(one, found) for one in decisions]


def _find_notices(
    anchors: Sequence[Anchor], present: PresentAnchors, others: Iterable[NoticeOrigin]
) -> dict[Anchor, str]:
    """Find the notices that anchors mean; where another plan lies in its place, none is meant."""
    origins = {one.notice_id: one for one in others} | present.origins
    found = find_notice_ids(anchors, origins.values())
    return {
        anchor: notice_id
        for anchor, notice_id in found.items()
        if (now := present.notices.get(notice_id)) is not None
        and (anchor.sha256 == now.sha256 or anchor.words in ("", now.words))
    }


def _fit(one: PairDecision, found: Mapping[Anchor, str]) -> PairFit:
    sides = [found.get(side) for side in (one.one, one.other)]
    if sides[0] is None or sides[1] is None:
        lost = one.one if sides[0] is None else one.other
        kind = "item" if lost.is_item else "notice"
        return PairFit(one, "unfit", None, f"no {kind} is {lost.item_id} any more")
    ids = (sides[0], sides[1])
    is_same = ids == (one.one.item_id, one.other.item_id)
    return PairFit(one, "in force" if is_same else "moved", ids)


def tidy_pair_decisions(output: Path, notices: Sequence[Notice], fits: Sequence[PairFit]) -> None:
    """Anchor decisions that moved to what they mean now. Raises CorrectionError, OutputError."""
    if any(fit.status == "moved" for fit in fits):
        _write(output, [_anchor_anew(fit, notices) for fit in fits])


def _anchor_anew(fit: PairFit, notices: Sequence[Notice]) -> PairDecision:
    one = fit.decision
    if fit.status != "moved" or fit.ids is None:
        return one
    return make_pair_decision(notices, fit.ids, one.decision, (one.who, one.when, one.why))


def _write(output: Path, decisions: Iterable[PairDecision]) -> list[PairDecision]:
    in_order = sorted(decisions, key=lambda one: (one.one.order, one.other.order))
    rows = (one.row() for one in in_order)
    write_table(output, DECIDED_PAIRS.partition(".")[0], rows_to_csv(_COLUMNS, rows))
    return in_order
