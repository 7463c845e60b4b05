"""The elements of a drawn page: characters and straight lines, with their positions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Glyph(NamedTuple):
    """A character and its box on the page, in points from the upper left corner."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


class Edge(NamedTuple):
    """A drawn line, level or upright, from its upper left to its lower right end."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page: its characters and drawn lines; sizes in points, y grows downwards."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    edges: list[Edge] = field(default_factory=list)
