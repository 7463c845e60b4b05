"""Write the texts that no row of a table can show whole (全文), in pieces that a page can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.ledger.columns import LONG_TEXTS, long_text_columns
from pipeline.ledger.write.paper import TOP, PaperRow
from pipeline.ledger.write.styles import MOST_LINES, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.ledger.write.paper import LongText, Paper


def write_long_texts(paper: Paper, arrangement: Arrangement) -> None:
    """Write a row for each piece of a text that is too long for its table; no sheet without any."""
    texts = [one for one in paper.too_tall if one.item_id]
    if not texts:
        return
    sheet = paper.add(LONG_TEXTS)
    columns = long_text_columns()
    width = columns[-1].width
    rows = [row for one in texts for row in _rows(arrangement, one, width)]
    line = f"共 {len(texts)} 处, 表中只印出开头"
    paper.title(sheet, LONG_TEXTS, line, len(columns) - 1)
    paper.rows(sheet, columns, len(rows), rows)
    sheet.freeze_panes(TOP + 1, 0)


def _rows(arrangement: Arrangement, one: LongText, width: float) -> Iterator[PaperRow]:
    cells = arrangement.entries[one.item_id].cells
    about = {"label": cells.get("label", ""), "title": cells.get("title", ""), "column": one.head}
    for piece in split_text(one.text, width):
        yield PaperRow(about | {"text": piece})


def split_text(text: str, width: float) -> Iterator[str]:
    """Split a text into pieces that a row can show in a column of so many characters."""
    length = MOST_LINES * int(width) // 2 - 1
    piece: list[str] = []
    for line in text.split("\n"):
        for start in range(0, max(1, len(line)), length):
            part = line[start : start + length]
            if piece and lines_of("\n".join([*piece, part]), width) > MOST_LINES:
                yield "\n".join(piece)
                piece = []
            piece.append(part)
    yield "\n".join(piece)
