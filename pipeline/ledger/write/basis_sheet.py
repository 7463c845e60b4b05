"""Write the hidden sheet (底本) with the items and progress of the ledger as it is written.

Units fill in copies of one ledger: only a cell that differs from this sheet was written by them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import ANSWERS, BASIS, BASIS_HEADS, OUTSIDE
from pipeline.ledger.content import Mark
from pipeline.ledger.write.main_sheet import made_answers
from pipeline.ledger.write.worksheet import GrowingSheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.ledger.write.paper import Paper


def write_basis(paper: Paper, arrangement: Arrangement) -> None:
    """Write the texts outside of tables, the plan's heads, the items, then what is in their cells."""
    sheet = paper.book.add_worksheet(BASIS, GrowingSheet)
    sheet.very_hidden()
    rows = chain(
        (BASIS_HEADS,),
        (("", "", OUTSIDE, fit(text)) for text in paper.outside if text),
        (("", "", key, head) for key, head in arrangement.words.heads.items()),
        _item_rows(arrangement),
        _progress_rows(arrangement),
        _answer_rows(arrangement),
    )
    for number, row in enumerate(rows):
        for at, text in enumerate(row):
            if text:
                sheet.write_string(number, at, text, paper.styles.of("code", text))
    sheet.rest()


def _item_rows(arrangement: Arrangement) -> Iterator[tuple[str, ...]]:
    """Make a row of each item, without column and value: its words and the rest of its anchor."""
    anchors = arrangement.ledger.anchors.items
    for entry in arrangement.ledger.entries:
        item_id, *about = anchors[entry.item_id]
        words = (entry.cells.get("title", ""), entry.cells.get("content", ""))
        yield item_id, "", "", "", *words, *map(fit, about)


def _progress_rows(arrangement: Arrangement) -> Iterator[Mark]:
    """Yield the progress that has a cell in the ledger."""
    homeless = set(arrangement.homeless)
    for mark in arrangement.progress:
        if mark.item_id in arrangement.entries and mark not in homeless:
            yield mark


def _answer_rows(arrangement: Arrangement) -> Iterator[Mark]:
    """Yield the cells with the answers of units, by which a change of them by hand is seen."""
    for entry in arrangement.ledger.entries:
        if answers := made_answers(arrangement, entry.item_id):
            yield Mark(entry.item_id, "", ANSWERS, answers)
