"""Arrange the texts of a sheet: fill merged cells, separate title lines from table rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.read.draft import DraftCell, DraftPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.read.draft import Draft
    from pipeline.read.sheet.shown_sheet import MergedArea


class SheetGrid:
    """The texts of a sheet with merged cells filled in; each row is a line or a table row."""

    def __init__(self, texts: list[list[str]], areas: Iterable[MergedArea] = ()) -> None:
        self._texts = texts
        self._owner: dict[tuple[int, int], tuple[int, int]] = {}
        for area in areas:
            self._fill(area)
        self._origins = [self._origins_of(row) for row in range(len(texts))]
        rows = [row for row, origins in enumerate(self._origins) if len(origins) > 1]
        self._body = range(rows[0], rows[-1] + 1) if rows else range(0)
        self._used = [
            column
            for column in range(max(map(len, texts), default=0))
            if any(texts[row][column] for row in (rows or range(len(texts))))
        ]

    def _fill(self, area: MergedArea) -> None:
        """Repeat a merged cell's value in every cell that it covers within the used range."""
        top, left, bottom, right = area
        if not (0 <= top < len(self._texts) and 0 <= left < len(self._texts[top])):
            return
        text = self._texts[top][left]
        for row in range(top, min(bottom + 1, len(self._texts))):
            for column in range(left, min(right + 1, len(self._texts[row]))):
                if (row, column) in self._owner:
                    return
                self._texts[row][column] = text
                self._owner[row, column] = (top, left)

    def _origins_of(self, row: int) -> list[tuple[int, int]]:
        """The first cells of a row's values: one for a merged cell, however wide."""
        found = (
            self._owner.get((row, column), (row, column))
            for column, text in enumerate(self._texts[row])
            if text
        )
        return list(dict.fromkeys(found))

    def write(
        self, draft: Draft, sheet: str | None, rows: Sequence[int], columns: Sequence[int]
    ) -> None:
        """Add the rows to a draft; `rows` and `columns` are their numbers in the sheet from 0."""
        for row, origins in enumerate(self._origins):
            if len(origins) == 1 and self._is_line(row, origins[0]):
                top, left = origins[0]
                if top == row:
                    text = self._texts[row][left]
                    draft.line(text, _place(sheet, rows[row], columns[left]))
            elif origins:
                draft.row(
                    [
                        DraftCell(
                            self._texts[row][column],
                            _place(sheet, rows[row], columns[column]),
                        )
                        for column in self._used
                    ]
                )

    def _is_line(self, row: int, origin: tuple[int, int]) -> bool:
        """Whether the only value of a row is a title or a note: merged over columns, or outside the table."""
        is_merged = self._owner.get((row, origin[1] + 1)) == origin
        return is_merged or row not in self._body or len(self._used) == 1


def _place(sheet: str | None, row: int, column: int) -> DraftPlace:
    """The place of a cell: (0, 27) -> cell AB1, row 1, column 28."""
    letters, number = "", column + 1
    while number:
        number, index = divmod(number - 1, 26)
        letters = chr(ord("A") + index) + letters
    place = DraftPlace(cell=f"{letters}{row + 1}", row=row + 1, column=column + 1)
    if sheet is not None:
        place["sheet"] = sheet
    return place
