"""The elements of a drawn page: characters and straight lines, with their positions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Ink:
    """How characters are drawn.

    `turn` is by how many degrees clockwise the page has to be turned so that they stand upright: 0, 90,
    180 or 270. `em` is their size in points, 0 where it is not known. `lightness` is 0 for black, 1 for
    what does not show on white paper; `is_hidden`: the file itself says that they are not shown.
    """

    turn: int = 0
    is_slanted: bool = False
    em: float = 0.0
    lightness: float = 0.0
    is_hidden: bool = False


PLAIN = Ink()
# No page is so large, in points; what a damaged file places farther away shows nowhere.
FARTHEST = 1e6


class Glyph(NamedTuple):
    """A character and its box on the page, in points from the upper left corner."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    ink: Ink = PLAIN


class Edge(NamedTuple):
    """A drawn line, level or upright, from its upper left to its lower right end."""

    x0: float
    top: float
    x1: float
    bottom: float


class Ground(NamedTuple):
    """A filled area or a picture, on which text of its own colour would not show."""

    x0: float
    top: float
    x1: float
    bottom: float
    lightness: float


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page: its characters and drawn lines; sizes in points, y grows downwards.

    `grounds` are filled areas in the order in which they are drawn, `outlines` the boxes of shapes that
    look like letters.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    edges: list[Edge] = field(default_factory=list)
    grounds: list[Ground] = field(default_factory=list)
    outlines: list[Edge] = field(default_factory=list)


def seen_lightness(red: float, green: float, blue: float, opacity: float) -> float:
    """How light a colour looks on white paper, from 0 to 1; its parts are 0 to 255, its opacity 0 to 1."""
    own = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return 1 - (1 - own) * opacity
