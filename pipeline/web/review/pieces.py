"""Render a part of a page piece by piece, and only the pieces that are another than the last time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Piece = TypeVar("_Piece")


class Pieces(Generic[_Piece]):
    """The pieces of one part of a page, such as the cards of a notice, as they were rendered last.

    Many threads may render at once: each uses what the others have finished.
    """

    def __init__(self) -> None:
        self._latest: list[tuple[_Piece, str]] = []

    def render(self, pieces: Iterable[_Piece], render: Callable[[_Piece], str]) -> list[str]:
        """Return the part piece by piece; one that equals the one that was at its place is as it was."""
        before = self._latest
        made = [
            before[number]
            if number < len(before) and before[number][0] == one
            else (one, render(one))
            for number, one in enumerate(pieces)
        ]
        self._latest = made
        return [text for _, text in made]
