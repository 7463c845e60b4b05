"""Give the columns of a sheet widths with which its letters are large enough on paper."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pipeline.ledger.write.styles import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.ledger.columns import LedgerColumn


class PaperSize(NamedTuple):
    """A size of paper: its number in a workbook, and the pixels of columns that go on it across.

    With so many pixels, or fewer, cells of 10 points are printed with 9.2 points or more: A4 is 277 mm
    wide without its margins, A3 400 mm, and a pixel is 0.75 points before a sheet is made smaller, in
    LibreOffice 0.8 points.
    """

    number: int
    pixels: int


SIZES = {"A4": PaperSize(9, 1060), "A3": PaperSize(8, 1530)}
# A column of w characters has 7 w + 5 pixels.
_PIXELS, _PADDING = 7, 5
# So many rows are measured; all of 100,000 would give the same widths.
_MEASURED = 2000
_SHARE = 0.9
# The columns after the last one that is printed: for the way back, not for paper.
_UNPRINTED = ("corrected", "item_id")
# The columns whose texts stay on one line: （十二）.
_WHOLE = ("label", "leaders")
_STEPS = 24
# A line is never full to its end.
_WASTE, _END = 1.1, 1.0


def measure(texts: Iterable[Mapping[str, str]]) -> dict[str, float]:
    """Measure by key how long most texts of a column are, in characters of half a Chinese one."""
    lengths: dict[str, list[int]] = {}
    for row in islice(texts, _MEASURED):
        for key, text in row.items():
            lengths.setdefault(key, []).append(length_of(text))
    return {key: float(sorted(own)[int(len(own) * _SHARE)]) for key, own in lengths.items()}


def length_of(text: str) -> int:
    """Measure a text on one line; its line feeds count as half a line."""
    return lines_of(text.replace("\n", " " * 12), 1.0)


def pixels_of(columns: Iterable[LedgerColumn]) -> float:
    """Count the pixels of the columns that are printed."""
    return sum(_PIXELS * one.width + _PADDING for one in printed(columns))


def printed(columns: Iterable[LedgerColumn]) -> list[LedgerColumn]:
    """List the columns that are printed."""
    return [one for one in columns if one.key not in _UNPRINTED]


def fit_widths(
    columns: Sequence[LedgerColumn], lengths: Mapping[str, float], pixels: int
) -> list[LedgerColumn]:
    """Widen columns from their least widths until they fill so many pixels or need no more.

    All columns get the width in which their texts take the same number of lines, the smallest for
    which there is room: so a row is as low as it can be.
    """
    few, many = 1.0, 2000.0
    for _ in range(_STEPS):
        lines = (few * many) ** 0.5
        if pixels_of(_widths(columns, lengths, lines)) <= pixels:
            many = lines
        else:
            few = lines
    return [one._replace(width=int(one.width * 4) / 4) for one in _widths(columns, lengths, many)]


def _widths(
    columns: Iterable[LedgerColumn], lengths: Mapping[str, float], lines: float
) -> list[LedgerColumn]:
    """Give each column the width in which its texts take so many lines, within its bounds."""
    return [
        one._replace(
            width=min(one.most, max(one.width, _need(one, lengths, lines))),
        )
        if one.most
        else one
        for one in columns
    ]


def _need(column: LedgerColumn, lengths: Mapping[str, float], lines: float) -> float:
    """Compute the width in which most texts of a column take so many lines."""
    length = lengths.get(column.key or column.head, 0.0)
    return _WASTE * length / (1.0 if column.key in _WHOLE else lines) + _END
