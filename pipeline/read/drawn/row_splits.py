"""Split a row that is drawn as one but counts 1, 2, 3 in its first cell: a frame without level lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.read.drawn.lines import DrawnLine, starts_count

# Texts of one row begin at the same height, up to this share of a character.
_LEVEL = 0.5
# The gap between two rows may be smaller than that between a cell's lines by this share of a character.
_CLOSER = 0.2
Lines = dict[int, list[DrawnLine]]


def split_rows(rows: Sequence[Sequence[int]], lines: Lines) -> tuple[list[list[int]], Lines]:
    """The rows of a table by the numbers of their cells, and the lines of each cell.

    A row whose first cell counts becomes one row a number; cells of it get new numbers.
    """
    found: list[list[int]] = []
    new = dict(lines)
    used = [region for row in rows for region in set(row)]
    following = 1 + max((*used, *lines), default=0)
    for row in rows:
        parts = _parts(row, lines) if all(used.count(region) == 1 for region in row) else []
        if not parts:
            found.append(list(row))
        for part in parts:
            numbers = {region: following + at for at, region in enumerate(dict.fromkeys(row))}
            following += len(numbers)
            new |= {numbers[region]: some for region, some in part.items()}
            found.append([numbers[region] for region in row])
    return found, new


def _parts(row: Sequence[int], lines: Lines) -> list[Lines]:
    """The lines of each row in one drawn row; none where it is one, or where that is in doubt."""
    first = lines.get(row[0], [])
    if len(first) < 2 or len(set(row)) < 2 or not starts_count([line.text for line in first]):
        return []
    parts: list[Lines] = [{} for _ in first]
    for region in dict.fromkeys(row):
        groups = _by_start(lines.get(region, []), first)
        if not _are_apart(groups, has_head=not first[0].text[:1].isdecimal()):
            return []
        for part, group in zip(parts, groups, strict=True):
            part[region] = group
    if not all(any(region != row[0] and some for region, some in part.items()) for part in parts):
        return []
    return parts


def _by_start(lines: Sequence[DrawnLine], first: Sequence[DrawnLine]) -> list[list[DrawnLine]]:
    """The lines of a cell by the number of the first cell at whose height they begin."""
    groups: list[list[DrawnLine]] = [[] for _ in first]
    for line in lines:
        reached = [at for at, one in enumerate(first) if line.top > one.top - _LEVEL * one.em]
        groups[reached[-1] if reached else 0].append(line)
    return groups


def _are_apart(groups: Sequence[Sequence[DrawnLine]], *, has_head: bool) -> bool:
    """Whether lines of one group are nearer to each other than to the next group's.

    A head has one line: a second one would belong to a cell that is centred beside its number.
    """
    if has_head and len(groups[0]) > 1:
        return False
    inner = [two.top - one.top for group in groups for one, two in pairwise(group)]
    filled = [group for group in groups if group]
    outer = [two[0].top - one[-1].top for one, two in pairwise(filled)]
    em = max((line.em for group in groups for line in group), default=0.0)
    return max(inner, default=0.0) <= min(outer, default=float("inf")) + _CLOSER * em
