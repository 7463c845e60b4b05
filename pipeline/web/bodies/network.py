"""Draw a body and its partners as a network: where each is, how wide each line is.

The picture is read without colour: a line is as wide as there are common items and has their number,
and the shape of a partner says whether it mostly leads, helps or works beside the body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.web.bodies.partners import Partner, Side, Tie

# Units of the picture: the width of each half, the distance of two partners of one side, the margin
# above and below, and how far the side's ends bend towards the body.
_HALF, _ROW, _MARGIN, _BEND = 310, 34, 30, 66
# The distance of the outermost partners from the body, and of a label from its shape.
_REACH, _GAP = 150, 14
# The widest line, that of the most common items, and the narrowest.
_WIDEST, _NARROWEST = 9.0, 1.2
# Ties between partners that are drawn: more lines cannot be told apart.
_MOST_TIES = 16
# The longest label, in characters.
_LONGEST_LABEL = 12


class Node(NamedTuple):
    """A partner in the picture: its shape's middle, and where its label begins or ends."""

    partner: Partner
    label: str
    x: float
    y: float
    side: Side
    label_x: float
    anchor: Literal["start", "end"]


class Line(NamedTuple):
    """A line of the picture from the body, or between two partners as a curve by one point."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    items: int
    title: tuple[str, str]
    bend_x: float = 0.0
    bend_y: float = 0.0


@dataclass(frozen=True, slots=True)
class Network:
    """The picture of a body and its partners; the body is at `x`, `y`."""

    body: str
    width: float
    height: float
    x: float
    y: float
    nodes: tuple[Node, ...]
    spokes: tuple[Line, ...]
    ties: tuple[Line, ...]


def draw_network(
    body: str, partners: Sequence[Partner], ties: Sequence[Tie], place: str
) -> Network:
    """Draw a body between two columns of partners; those who work with each other are neighbours.

    `place` is left out at the head of labels. The same partners and ties give the same picture.
    """
    order = order_partners(partners, ties)
    left, right = order[: (len(order) + 1) // 2], order[(len(order) + 1) // 2 :]
    height = 2 * _MARGIN + _ROW * max(1, len(left) - 1)
    middle = height / 2
    nodes = [*_place_side(left, -1, middle, place), *_place_side(right[::-1], 1, middle, place)]
    by_name = {one.partner.body: one for one in nodes}
    most = max((one.items for one in partners), default=1)
    spokes = tuple(
        Line(_HALF, middle, one.x, one.y, _width(one.partner.items, most), one.partner.items,
             (body, one.partner.body))
        for one in nodes
    )  # fmt: skip
    drawn = tuple(_draw_tie(tie, by_name, most, middle) for tie in ties[:_MOST_TIES])
    return Network(body, 2.0 * _HALF, height, _HALF, middle, tuple(nodes), spokes, drawn)


def order_partners(partners: Sequence[Partner], ties: Sequence[Tie]) -> list[Partner]:
    """Order partners so that those with common items come near each other.

    This is the order by the Fiedler vector, the second eigenvector of the graph's Laplacian, which
    keeps the sum of squared distances over all ties small.
    """
    in_order = sorted(partners, key=lambda one: one.body)
    if len(in_order) < 3:
        return in_order
    number = {one.body: n for n, one in enumerate(in_order)}
    # A weak tie of all to all joins partners without any.
    weights = np.full((len(in_order), len(in_order)), 0.01)
    for tie in ties:
        if tie.one in number and tie.other in number:
            one, other = number[tie.one], number[tie.other]
            weights[one, other] = weights[other, one] = tie.items
    np.fill_diagonal(weights, 0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    vector = np.linalg.eigh(laplacian)[1][:, 1]
    # An eigenvector has no sign of its own, and its last digits depend on the machine.
    rounded = np.round(vector * np.sign(vector[np.argmax(np.abs(vector).round(6))]), 6)
    return [in_order[n] for n in sorted(range(len(in_order)), key=lambda n: (rounded[n], n))]


def _place_side(
    partners: Sequence[Partner], direction: Literal[-1, 1], middle: float, place: str
) -> list[Node]:
    """Place partners from above on one side of the body, those at the ends nearer to its column."""
    top = middle - _ROW * (len(partners) - 1) / 2
    nodes = []
    for n, one in enumerate(partners):
        y = top + n * _ROW
        # 0 in the middle of the side, 1 at its ends.
        share = abs(y - middle) / max(_ROW, middle - _MARGIN)
        x = _HALF + direction * (_REACH - _BEND * share**2)
        label_x = x + direction * _GAP
        anchor: Literal["start", "end"] = "start" if direction == 1 else "end"
        label = shorten(one.body, place)
        nodes.append(
            Node(one, label, round(x, 1), round(y, 1), one.side, round(label_x, 1), anchor)
        )
    return nodes


def shorten(body: str, place: str) -> str:
    """Return a name without the place that all share, cut where it is long: 盐田区民政局 -> 民政局."""
    bare = body.removeprefix(place) if len(body) > len(place) + 1 else body
    return bare if len(bare) <= _LONGEST_LABEL else bare[: _LONGEST_LABEL - 1] + "…"


def _width(items: int, most: int) -> float:
    return round(max(_NARROWEST, _WIDEST * items / most), 1)


def _draw_tie(tie: Tie, nodes: Mapping[str, Node], most: int, middle: float) -> Line:
    """Draw a curve between two partners that bends towards the body."""
    one, other = nodes[tie.one], nodes[tie.other]
    bend_x = (one.x + other.x) / 4 + _HALF / 2
    bend_y = (one.y + other.y) / 4 + middle / 2
    width = _width(tie.items, most) / 2
    title = (tie.one, tie.other)
    ends = (one.x, one.y, other.x, other.y)
    return Line(*ends, round(width, 1), tie.items, title, round(bend_x, 1), round(bend_y, 1))
