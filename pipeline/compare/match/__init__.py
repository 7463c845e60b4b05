"""Which demand of one list goes on as which of another: similarity, assignment, splits, mergers.

Pure functions over plain values. Importing this package loads numpy and scipy, so the command line
imports it only when it compares.
"""

from __future__ import annotations

from pipeline.compare.match.alignment import find_matches
from pipeline.compare.match.demands import Demand, Match, MatchKind, Pair

__all__ = ["Demand", "Match", "MatchKind", "Pair", "find_matches"]
