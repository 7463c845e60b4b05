"""The formats of a ledger's cells, each made once; heights of rows."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

# First characters by which a spreadsheet takes an edited text for a formula, or drops them (').
RISKY = frozenset("=+-@\t\r\n＝＋－＠'")
# The greatest height of a row, and that of a line, in points.
TALLEST, LINE = 409.0, 14.0
MOST_LINES = 28

_BODY = {
    "font_name": "宋体", "font_size": 10, "border": 1, "border_color": "#7F7F7F",
    "valign": "vcenter", "text_wrap": True,
}  # fmt: skip
_STYLES: dict[str, dict[str, Any]] = {
    "text": {},
    "tall": {"valign": "top"},
    "short": {"align": "center", "num_format": "@"},
    "centre": {"align": "center"},
    "number": {"align": "center"},
    "days": {"align": "center", "num_format": "0", "font_color": "#9C0006"},
    "date": {"align": "center", "num_format": "yyyy-mm-dd"},
    "code": {"font_size": 7, "font_color": "#808080", "num_format": "@"},
    "head": {"font_name": "黑体", "align": "center", "bg_color": "#E7E6E6"},
    "title": {"font_name": "黑体", "font_size": 18, "align": "center", "border": 0},
    "line": {"align": "center", "border": 0, "font_color": "#595959", "text_wrap": False},
    "back": {"border": 0, "font_color": "#1F4E79", "text_wrap": False},
}
_LINKED = {"font_color": "#1F4E79"}
_NOTED = {"bg_color": "#FFF2CC"}


class Styles:
    """A workbook's formats: `get(name, quoted, noted, indent, linked)`.

    A quoted text stays a text when its cell is edited; a noted cell was corrected by a person.
    """

    def __init__(self, book: Workbook) -> None:
        self.get: Callable[[str, bool, bool, int, bool], Format] = cache(
            lambda name, quoted, noted, indent, linked: book.add_format(
                _BODY
                | _STYLES[name]
                | ({"quote_prefix": True} if quoted else {})
                | (_NOTED if noted else {})
                | ({"indent": indent} if indent else {})
                | (_LINKED if linked else {})
            )
        )
        self.states = {
            "已完成": book.add_format({"font_color": "#375623", "bg_color": "#E2EFDA"}),
            "滞后": book.add_format({"font_color": "#9C0006", "bg_color": "#FFC7CE"}),
        }

    def of(self, name: str, text: str) -> Format:
        """The format of a style for a text that may have to be quoted."""
        return self.get(name, text[:1] in RISKY, False, 0, False)

    def plain(self, name: str) -> Format:
        """The format of a style with nothing special about the cell."""
        return self.get(name, False, False, 0, False)


@lru_cache(1 << 16)
def lines_of(text: str, width: float) -> int:
    """Estimate the lines of a text in a column of so many characters; a Chinese one counts two."""
    cells = max(1, int(width))
    lines = 0
    for line in text.split("\n"):
        wide = (len(line.encode("utf-8", "replace")) - len(line)) // 2
        lines += max(1, -(-(len(line) + wide) // cells))
    return lines


def height_of(lines: int) -> float:
    """Compute the height of a row, in points, from its lines."""
    return min(TALLEST, 6 + LINE * lines)
