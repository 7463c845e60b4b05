"""The distribution of loads: how many bodies have how many items."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

# More columns are too narrow on a telephone.
_MOST_COLUMNS = 20


class Column(NamedTuple):
    """How many bodies have from `least` to `most` items, and whether the body itself is one of them."""

    least: int
    most: int
    bodies: int
    is_own: bool


def make_histogram(items: Iterable[int], own: int) -> list[Column]:
    """Count bodies by their number of items, from 1 to the greatest number in columns of one width."""
    counts = list(items)
    greatest = max(counts, default=0)
    width = -(-greatest // _MOST_COLUMNS)
    columns = []
    for least in range(1, greatest + 1, max(1, width)):
        most = least + width - 1
        bodies = sum(least <= count <= most for count in counts)
        columns.append(Column(least, most, bodies, is_own=least <= own <= most))
    return columns
