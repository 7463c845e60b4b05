"""Find every clause that a label or a bracket marks, in reading order."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.parse.clauses.brackets import (
    find_brackets,
    find_next_edge,
    parse_bracket,
    parse_open_bracket,
)
from pipeline.parse.clauses.clause import Clause
from pipeline.parse.clauses.labelled import find_labels, parse_labelled


def find_clauses(folded: str, starts: list[int], ends: Iterable[int] = ()) -> list[Clause]:
    """Every marked clause of a folded text in reading order, without overlaps.

    `starts` and `ends` are where numbered blocks begin and end: no clause reaches over one.
    """
    edges = sorted({*starts, *ends})
    pairs, opened = find_brackets(folded, edges)
    found = [parse_bracket(folded, opening, closing, starts) for opening, closing in pairs]
    found += [parse_open_bracket(folded, opening, end) for opening, end in opened]
    labels = find_labels(folded, pairs)
    following = [*(label.start for label in labels[1:]), len(folded)]
    for label, next_label in zip(labels, following, strict=False):
        limit = min(next_label, find_next_edge(edges, label.colon, folded))
        found.append(parse_labelled(folded, label, limit))
    clauses = [clause for clause in found if clause is not None]
    return _outermost([c for c in clauses if c.end <= find_next_edge(edges, c.start, folded)])


def _outermost(clauses: list[Clause]) -> list[Clause]:
    """Remove brackets that are part of a label's list, such as 区委组织部(区编办)."""
    kept: list[Clause] = []
    for clause in sorted(clauses, key=lambda clause: (clause.start, -clause.end)):
        if not kept or clause.start >= kept[-1].end:
            kept.append(clause)
    return kept
