"""Convert tables drawn with box characters to table rows: a line each, cells joined by a tab.

┌──┬──┐ a cell's words wrap over several lines, a merged cell goes on where the rule below a row
│甲│乙│ is open in its column; its text is repeated in each row that it covers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_BAR = re.compile("[│┃║]")
_JOINT = re.compile("[├┼┤┌┬┐└┴┘│┝┿┥╞╪╡╔╦╗╠╬╣╚╩╝║┃┠┨┯┷┏┓┗┛┣┫┳┻╋]")
_RULE = re.compile("[─━═]")
_LINE = re.compile("[ 　]*[│┃║├┌└┝╔╠╚┏┗┣┠╞].*[│┃║┤┐┘┥╗╣╝┓┛┫┨╡][ 　]*")
_CORNER = re.compile("[├┼┤┌┬┐└┴┘╔╦╗╠╬╣╚╩╝┏┓┗┛┣┫┳┻╋┝┿┥╞╪╡┠┨]")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\xad]")
_FEWEST_LINES = 3


@dataclass(slots=True)
class _BoxCell:
    """The pieces of a cell's text, one for each line."""

    pieces: list[str] = field(default_factory=list)

    def words(self) -> str:
        """The pieces joined, with a blank between Latin words."""
        joined = ""
        for piece in self.pieces:
            apart = joined and joined[-1].isascii() and piece[0].isascii() and joined[-1].isalnum()
            joined += f" {piece}" if apart and piece[0].isalnum() else piece
        return joined


def unbox(text: str) -> str:
    """The text with drawn tables as rows; a drawing with rows of different widths is unchanged."""
    if "─" not in text and "━" not in text and "═" not in text:
        return text
    out: list[str] = []
    block: list[str] = []
    for line in [*text.split("\n"), ""]:
        seen = _INVISIBLE.sub("", line)
        if _LINE.fullmatch(seen):
            block.append(seen.strip(" 　"))
        elif block and line.strip(" 　"):
            out += _rows(block)
            block = []
            out.append(line)
        elif not block:
            out.append(line)
    out += _rows(block)
    return "\n".join(out)


def _rows(block: list[str]) -> list[str]:
    """The rows of a drawn block, or its lines if it is no table of one width."""
    if len(block) < _FEWEST_LINES:
        return block
    width = len(_BAR.split(next((line for line in block if _is_content(line)), ""))) - 2
    if width < 1:
        return block
    rows: list[list[_BoxCell]] = []
    current: list[_BoxCell] = [_BoxCell() for _ in range(width)]
    filled = False
    for line in block:
        if _is_content(line):
            cells = _BAR.split(line)[1:-1]
            if len(cells) != width:
                return block
            for cell, words in zip(current, cells, strict=True):
                if words.strip(" 　"):
                    cell.pieces.append(words.strip(" 　"))
            filled = True
            continue
        segments = _JOINT.split(line)[1:-1]
        if filled:
            rows.append(current)
            if len(segments) != width:
                segments = ["─"] * width
            current = [
                _BoxCell() if _RULE.search(segment) else cell
                for cell, segment in zip(current, segments, strict=True)
            ]
        filled = False
    if filled:
        rows.append(current)
    return ["\t".join(cell.words() for cell in row) for row in rows]


def _is_content(line: str) -> bool:
    """Whether a line has cells: a rule, even a partial one, has a corner or a crossing."""
    return not _CORNER.search(line)
