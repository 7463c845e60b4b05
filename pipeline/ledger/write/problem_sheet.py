"""Write the sheet of problems (问题), each with its text and its item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.ledger.columns import PROBLEMS, problem_columns
from pipeline.ledger.write.paper import TOP, PaperRow

if TYPE_CHECKING:
    from pipeline.ledger.content import Entry, ProblemLine
    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.ledger.write.paper import Paper

_LONGEST_PLACE = 15


def write_problems(paper: Paper, arrangement: Arrangement) -> None:
    """Write the problems of all notices."""
    ledger = arrangement.ledger
    columns = problem_columns(several=ledger.is_several)
    count = len(ledger.problems)
    sheet = paper.add(PROBLEMS)
    paper.title(sheet, PROBLEMS, f"共 {count} 处, 请对照原文", len(columns) - 1)
    rows = (_problem_row(arrangement, one) for one in ledger.problems)
    paper.rows(sheet, columns, count, rows)
    sheet.freeze_panes(TOP + 1, 0)


def _problem_row(arrangement: Arrangement, problem: ProblemLine) -> PaperRow:
    cells = problem._asdict()
    entry = arrangement.entries.get(cells.pop("item_id"))
    if entry is None:
        return PaperRow(cells)
    cells["item"] = _item_words(entry)
    return PaperRow(cells, targets={"item": arrangement.links.to(entry.item_id, cells["item"])})


def _item_words(entry: Entry) -> str:
    """The label of an item and the beginning of its title: 1、 建立完善社区…"""
    title = entry.cells.get("title", entry.item_id)
    words = " ".join((entry.cells.get("label", ""), *title.split()))
    return words if len(words) <= _LONGEST_PLACE else words[:_LONGEST_PLACE] + "…"
