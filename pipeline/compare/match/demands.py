"""The values that matching takes and returns: demands, scored pairs of them, matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MatchKind = Literal["one", "split", "merged"]


@dataclass(frozen=True, slots=True)
class Demand:
    """The parts of an item that are compared: its words, the headings above it, its units."""

    title: str
    content: str
    path: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two demands by their positions in the lists, their score and its three parts (0 to 1).

    `certainty` is the probability that they are one demand.
    """

    previous: int
    current: int
    score: float
    words: float
    path: float
    units: float
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """Pairs that belong together: one to one, one to many (split) or many to one (merged)."""

    kind: MatchKind
    pairs: tuple[Pair, ...]

    @property
    def previous(self) -> tuple[int, ...]:
        """The positions in the previous list, in order."""
        return tuple(sorted({pair.previous for pair in self.pairs}))

    @property
    def current(self) -> tuple[int, ...]:
        """The positions in the current list, in order."""
        return tuple(sorted({pair.current for pair in self.pairs}))
