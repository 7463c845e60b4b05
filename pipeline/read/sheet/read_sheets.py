"""The result of every reader of workbooks: the sheets in order, and what was left out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.read.sheet.shown_sheet import Budget, SheetCells, ShownSheet

# What a reader does not see, for one and for several.
_HIDDEN_MESSAGES = {
    "row": ("{} hidden row", "{} hidden rows"),
    "column": ("{} hidden column", "{} hidden columns"),
    "value": ("{} hidden value", "{} hidden values"),
}


@dataclass(slots=True)
class ReadSheets:
    """The visible sheets of a workbook, the names of the hidden ones, and remarks as code and message."""

    sheets: list[ShownSheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)

    def begin(self, name: str) -> SheetCells:
        """A sheet to be filled; `end` adds it."""
        return SheetCells(name, self.budget)

    def end(self, cells: SheetCells) -> None:
        """Add a sheet that has been filled. Raises ValueError where it is too large."""
        sheet = cells.finish()
        if sheet.rows:
            self.sheets.append(sheet)
        self._tell(cells)

    def remark(self, code: str, message: str) -> None:
        """Add a remark on what was left out or could not be read."""
        self.remarks.append((code, message))

    def _tell(self, cells: SheetCells) -> None:
        rows, columns = cells.hidden_parts()
        counts = {"row": rows, "column": columns, "value": cells.masked}
        hidden_parts = [
            _HIDDEN_MESSAGES[noun][count > 1].format(count)
            for noun, count in counts.items()
            if count
        ]
        if hidden_parts:
            message = f"the sheet {cells.name} has {', '.join(hidden_parts)}, left out"
            self.remark("hidden-cells", message)
        if cells.uncounted:
            fact = (
                f"{cells.uncounted} cells of the sheet {cells.name} hold formulas without a value"
            )
            remedy = "open and save the file with a spreadsheet program"
            self.remark("formulas-without-values", f"{fact}; {remedy}")


def shared_text(texts: Sequence[str], number: int) -> str:
    """One of the texts that cells share. Raises ValueError where the file has none of this number."""
    if not 0 <= number < len(texts):
        fact = f"a cell shows the text {number:,} of {len(texts):,}"
        raise ValueError(fact)
    return texts[number]
