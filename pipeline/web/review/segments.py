"""Cut a text at the edges of marks that may lie over each other in any way."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Layer = Literal["item", "value", "doubt", "grey"]


class Mark(NamedTuple):
    """A stretch of the text that means something: in the layer `item` its item's number, and so on."""

    start: int
    end: int
    layer: Layer
    means: str


class Segment(NamedTuple):
    """A stretch of the text in which no mark begins or ends; of each layer the innermost mark counts."""

    start: int
    end: int
    item: str = ""
    value: str = ""
    doubt: str = ""
    grey: str = ""


def cut_segments(marks: Iterable[Mark], length: int) -> list[Segment]:
    """Cut a text of a length into segments, in order and without gaps, in the time of sorting."""
    kept = [one for one in marks if 0 <= one.start < one.end <= length]
    edges = sorted({0, length, *(one.start for one in kept), *(one.end for one in kept)})
    # Of marks that begin together the longer one is the outer one.
    coming = sorted(kept, key=lambda one: (one.start, -one.end), reverse=True)
    layers: dict[Layer, list[Mark]] = {"item": [], "value": [], "doubt": [], "grey": []}
    active = tuple(layers.values())
    made = []
    for start, end in itertools.pairwise(edges):
        while coming and coming[-1].start == start:
            mark = coming.pop()
            layers[mark.layer].append(mark)
        made.append(Segment(start, end, *[_innermost(marks, start) for marks in active]))
    return made


def _innermost(marks: list[Mark], at: int) -> str:
    """Return the meaning of the latest mark that is still there; forget those that have ended."""
    while marks and marks[-1].end <= at:
        marks.pop()
    return marks[-1].means if marks else ""


def cut_stretch(segments: list[Segment], first: int, start: int, end: int) -> Iterator[Segment]:
    """Yield the parts of segments inside a stretch; `first` is the number of one at or before its start."""
    for number in range(first, len(segments)):
        one = segments[number]
        if one.start >= end:
            return
        if one.start >= start and one.end <= end:
            yield one
        elif one.end > start:
            yield one._replace(start=max(one.start, start), end=min(one.end, end))
