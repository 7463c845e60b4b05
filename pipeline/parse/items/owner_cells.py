"""Read the cells of owners' columns: units, leaders with posts, or units and persons together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from pipeline.names.leader_cells import read_leader_cell
from pipeline.names.leaders import is_post
from pipeline.names.lists import NameInList, NameList
from pipeline.names.units import LEVELS, is_unit
from pipeline.parse.clauses.clause import Share, make_field
from pipeline.parse.clauses.clause_shares import parse_shares
from pipeline.parse.items.tasks import Span
from pipeline.parse.tables.table import TableColumn

# 县交通局, 张三 and 13800000000 in 县交通局 张三(13800000000).
_PIECE = re.compile(r"[^、,;:/\s()]+")

_LEVELS = tuple(LEVELS)
# The end of a unit that a line break tears off: 输局 of 县交通运输局.
_LONGEST_TAIL = 2

_Kind = Literal["unit", "person", "number"]


class _Piece(NamedTuple):
    kind: _Kind
    span: Span


def read_owners(folded: str, column: TableColumn, cell: Span) -> list[Share]:
    """The shares of a cell in an owner's column that has a role."""
    if column.say is None:
        return []
    if column.persons:
        pieces = _split_pieces(folded, cell)
        if pieces is not None:
            return _make_shares(folded, column, pieces)
    leaders = read_leader_cell(folded[slice(*cell)]) if column.say == "leader" else None
    if leaders is None:
        shares = parse_shares(folded, cell, column.say, column.label)
        return [_join_torn(folded, share) for share in shares]
    return [Share(column.say, column.label, _move(leaders, cell[0]), *cell)]


def _join_torn(folded: str, share: Share) -> Share:
    """The share with a unit that its cell breaks over lines as one name: 县交通运|输局."""
    if share.printed_role in ("leader", "field", "deadline"):
        return share
    names: list[NameInList] = []
    for name in share.names.names:
        if names and _is_torn(folded, names[-1], name):
            names[-1] = name._replace(start=names[-1].start)
        else:
            names.append(name)
    return share._replace(names=share.names._replace(names=names))


def _is_torn(folded: str, first: NameInList, second: NameInList) -> bool:
    """Whether only blanks are between two names that together are a unit, and not each alone."""
    if first.end >= second.start or folded[first.end : second.start].strip(" \n"):
        return False
    head, tail = folded[first.start : first.end], folded[second.start : second.end]
    apart = is_unit(tail) and len(tail) > _LONGEST_TAIL
    if apart and (is_unit(head) or tail.startswith(_LEVELS)):
        return False
    return is_unit(head + tail)


def is_read_for_certain(folded: str, column: TableColumn, cell: Span) -> bool:
    """Whether a cell's persons are certain: each piece a name or a post, or a unit where one may be."""
    words = folded[slice(*cell)]
    if column.persons:
        return _split_pieces(folded, cell) is not None
    return column.say != "leader" or is_post(words) or read_leader_cell(words) is not None


def _split_pieces(folded: str, cell: Span) -> list[_Piece] | None:
    """The units and persons of a cell, in order; None where a piece is neither."""
    pieces: list[_Piece] = []
    for match in _PIECE.finditer(folded, *cell):
        kind = _classify(match[0])
        if kind is None:
            return None
        pieces.append(_Piece(kind, match.span()))
    return pieces


def _classify(words: str) -> _Kind | None:
    if is_post(words):
        return "person"
    if is_unit(words):
        return "unit"
    if words.replace("-", "").isdecimal():
        return "number"
    return "person" if read_leader_cell(words) else None


def _make_shares(folded: str, column: TableColumn, pieces: Sequence[_Piece]) -> list[Share]:
    """A share for each run of units, and one or a field for each run of persons."""
    shares: list[Share] = []
    for kind, run in groupby(
        pieces, key=lambda piece: "unit" if piece.kind == "unit" else "person"
    ):
        spans = [piece.span for piece in run]
        start, end = spans[0][0], spans[-1][1]
        leaders = read_leader_cell(folded[start:end]) if column.persons == "leader" else None
        if kind == "unit" and column.say:
            names = NameList([NameInList(*span) for span in spans], open_ended=False)
            shares.append(Share(column.say, column.label, names, start, end))
        elif leaders is not None:
            shares.append(Share("leader", column.label, _move(leaders, start), start, end))
        else:
            shares.append(make_field("field", column.label, start, end))
    return shares


def _move(names: NameList, by: int) -> NameList:
    """The names at offsets in the whole text, given those in a cell that begins at `by`."""
    return NameList(
        [
            NameInList(
                name.start + by,
                name.end + by,
                post=(name.post[0] + by, name.post[1] + by) if name.post else None,
            )
            for name in names.names
        ],
        names.open_ended,
    )
