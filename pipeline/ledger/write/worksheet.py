"""A worksheet of XlsxWriter with rows that still grow when they are filled in, most of it on disk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format


class Link(NamedTuple):
    """A link to a cell of the workbook, and the text that it shows."""

    location: str
    text: str


class GrowingSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A worksheet that gives its rows a height without fixing it.

    Without a height LibreOffice shows one line of a wrapped text; with a height that is marked as
    customHeight, Excel does not make a row higher when more is written into it.

    The library keeps the height and the links of every row until the workbook is written: some
    500 bytes a row. Here a row's height is forgotten with the row, and links go to a file when the
    sheet is complete.
    """

    def __init__(self) -> None:
        super().__init__()
        self.links = 0
        self._pending: list[tuple[str, Link]] = []
        self._sizes: dict[tuple[Any, ...], list[Any]] = {}

    @property
    def _links_path(self) -> Path:
        return Path(f"{self.row_data_filename}.links")

    def write_link(self, row: int, column: int, link: Link, text: str, form: Format) -> None:
        """Write a text that is a link; links have to be written row by row, column by column."""
        self.write_string(row, column, text, form)
        self._pending.append((xl_rowcol_to_cell(row, column), link))
        self.links += 1

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 - as the library calls it
        """Leave a formula as it is: the library looks for thirty functions of later versions in each."""
        return formula.removeprefix("=")

    def rest(self) -> None:
        """Close the file of the rows until the workbook is written: so many may be open at once."""
        if self._pending:
            with self._links_path.open("w", encoding="utf-8") as file:
                self._write_pending(file)
        if not (self.comments or self.charts):
            # Only notes and charts are placed by the heights of rows.
            self.row_sizes.clear()
        self._opt_close()

    def _write_pending(self, file: Any) -> None:  # noqa: ANN401 - a file as the library has it
        self._set_filehandle(file)
        for cell, link in self._pending:
            attributes = [("ref", cell), ("location", link.location), ("display", link.text)]
            self._xml_empty_tag("hyperlink", attributes)
        self._set_filehandle(self.row_data_fh)
        self._pending = []

    def _write_hyperlinks(self) -> None:
        if self._links_path.is_file():
            self._xml_start_tag("hyperlinks")
            with self._links_path.open(encoding="utf-8") as file:
                shutil.copyfileobj(file, self.fh)
            self._xml_end_tag("hyperlinks")
            self._links_path.unlink()

    def _write_single_row(self, current_row_num: int = 0) -> None:
        row = self.previous_row
        super()._write_single_row(current_row_num)
        self.row_info.pop(row, None)
        if size := self.row_sizes.get(row):
            self.row_sizes[row] = self._sizes.setdefault(tuple(size), size)

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:  # noqa: ANN401
        if tag == "row":
            attributes = [one for one in attributes if one[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)
