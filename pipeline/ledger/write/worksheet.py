"""A worksheet of XlsxWriter with rows that have a height and still grow when they are filled in."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet


class GrowingSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A worksheet that gives its rows a height without fixing it.

    Without a height LibreOffice shows one line of a wrapped text; with a height that is marked as
    customHeight, Excel does not make a row higher when more is written into it.
    """

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:  # noqa: ANN401
        if tag == "row":
            attributes = [one for one in attributes if one[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def rest(self) -> None:
        """Close the file of the rows until the workbook is written: so many may be open at once."""
        self._opt_close()
