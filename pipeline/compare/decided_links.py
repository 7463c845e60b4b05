"""People's decisions on links: matches as they found them, with what people confirmed, joined or refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.compare.match import Match, Pair
from pipeline.comparison import Decided
from pipeline.decisions.pair_decisions import PairFit, find_pair_fits, read_pair_decisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.compare.match import MatchKind
    from pipeline.decisions.anchors import PresentAnchors
    from pipeline.model import Item

_Edge = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DecidedPairs:
    """The decisions on pairs that apply now, by the two ids; `links` of items, `series` of notices.

    `unfit` are those whose items or notices are gone.
    """

    links: Mapping[frozenset[str], PairFit] = field(default_factory=dict)
    series: Mapping[frozenset[str], PairFit] = field(default_factory=dict)
    unfit: tuple[PairFit, ...] = ()

    def is_joined(self, one: str, other: str) -> bool:
        """Whether a person said of two items that one goes on as the other."""
        fit = self.links.get(frozenset((one, other)))
        return fit is not None and fit.decision.is_same

    @property
    def judged_series(self) -> dict[frozenset[str], bool]:
        """Whether each two notices are of one series."""
        return {ids: fit.decision.is_same for ids, fit in self.series.items()}


NOTHING_DECIDED = DecidedPairs()


def read_decided_pairs(output: Path, present: PresentAnchors) -> DecidedPairs:
    """Read the decisions on pairs that an OUTPUT keeps, for the notices present. Raises CorrectionError."""
    fits = find_pair_fits(read_pair_decisions(output), present)
    known = [(frozenset(fit.ids), fit) for fit in fits if fit.ids]
    return DecidedPairs(
        {ids: fit for ids, fit in known if fit.decision.one.is_item},
        {ids: fit for ids, fit in known if not fit.decision.one.is_item},
        tuple(fit for fit in fits if not fit.ids),
    )


@dataclass(frozen=True, slots=True)
class ObeyedMatches:
    """Matches that agree with all decisions; `edges` are the decided pairs of positions in them."""

    matches: list[Match]
    edges: frozenset[_Edge]
    decided: tuple[Decided, ...]


def obey(
    matches: list[Match], before: Sequence[Item], after: Sequence[Item], pairs: DecidedPairs
) -> ObeyedMatches:
    """Change matches of two plans' items so that they agree with what people decided.

    A pair that is refused is no link. A pair that is joined takes its two items out of the links
    that were found for them, unless a person confirmed these. Nothing else changes.
    """
    if not pairs.links:
        return ObeyedMatches(matches, frozenset(), ())
    places = {one.item_id: n for n, one in enumerate(before)}
    later = {one.item_id: n for n, one in enumerate(after)}
    meant = _find_meant(pairs, places, later)
    found = {(pair.previous, pair.current): pair for match in matches for pair in match.pairs}
    kept = {
        edge: pair
        for edge, pair in found.items()
        if edge not in meant or meant[edge].decision.is_same
    }
    same = [edge for edge, fit in meant.items() if fit.decision.is_same]
    sure = {edge for edge in same if edge in kept}
    joined: set[_Edge] = set()
    for edge in same:
        if edge not in kept and _can_join(edge, sure | joined):
            joined.add(edge)
    kept = {
        edge: pair
        for edge, pair in kept.items()
        if edge in sure or not any(edge[0] == p or edge[1] == q for p, q in joined)
    }
    kept |= {edge: _make_pair(edge, before, after) for edge in joined}
    effects = {edge: _find_effect(edge, fit, found, sure | joined) for edge, fit in meant.items()}
    decided = tuple(_describe(fit, effects[edge]) for edge, fit in sorted(meant.items()))
    return ObeyedMatches(_make_matches(kept), frozenset(sure | joined), decided)


def _find_meant(
    pairs: DecidedPairs, before: Mapping[str, int], after: Mapping[str, int]
) -> dict[_Edge, PairFit]:
    """Return the decisions on an item of either plan, by the positions of the two."""
    meant = {}
    for fit in pairs.links.values():
        for one, other in (fit.ids or ("", ""), (fit.ids or ("", ""))[::-1]):
            if one in before and other in after:
                meant[before[one], after[other]] = fit
    return meant


def _can_join(edge: _Edge, sure: Iterable[_Edge]) -> bool:
    """Answer whether a pair and the pairs that are sure are links: one to one, split or merged.

    Where 1 is split into 2 and 3, and 4 is to go on in 3 as well, 3 would be both.
    """
    edges = {*sure, edge}
    splits = {p for p, _ in edges if sum(one == p for one, _ in edges) > 1}
    mergers = {q for _, q in edges if sum(one == q for _, one in edges) > 1}
    return not any(p in splits and q in mergers for p, q in edges)


def _make_pair(edge: _Edge, before: Sequence[Item], after: Sequence[Item]) -> Pair:
    """Make the pair of two items that a person joined: sure, however unlike the words are."""
    one, other = (
        {text[n : n + 2] for n in range(len(text) - 1)}
        for text in (before[edge[0]].content, after[edge[1]].content)
    )
    words = 2 * len(one & other) / max(1, len(one) + len(other))
    return Pair(*edge, score=1.0, words=round(words, 3), path=0.0, units=0.0)


def _make_matches(edges: Mapping[_Edge, Pair]) -> list[Match]:
    """Group pairs that share an item; each group is one match."""
    groups: list[list[_Edge]] = []
    for edge in sorted(edges):
        near = [one for one in groups if any(p == edge[0] or q == edge[1] for p, q in one)]
        groups = [one for one in groups if one not in near]
        groups.append([*(other for one in near for other in one), edge])
    matches = []
    for group in groups:
        kind: MatchKind = "one"
        if len(group) > 1:
            kind = "split" if len({p for p, _ in group}) == 1 else "merged"
        matches.append(Match(kind, tuple(edges[edge] for edge in sorted(group))))
    return sorted(matches, key=lambda match: (match.current, match.previous))


def _find_effect(
    edge: _Edge, fit: PairFit, found: Mapping[_Edge, Pair], in_force: set[_Edge]
) -> str:
    """Return what a decision did to the matches, in the words of `Decided`."""
    if not fit.decision.is_same:
        return "refused" if edge in found else "confirmed"
    if edge not in in_force:
        return "none"
    return "confirmed" if edge in found else "joined"


def _describe(fit: PairFit, effect: str) -> Decided:
    one = fit.decision
    ids = fit.ids or (one.one.item_id, one.other.item_id)
    return Decided.model_validate(
        {
            "one": ids[0], "other": ids[1], "decision": one.decision, "who": one.who,
            "when": one.when, "why": one.why, "effect": effect,
        }
    )  # fmt: skip
