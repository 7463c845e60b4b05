"""Write the sheet of problems (问题), each with its text and its item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import PROBLEMS, SEVERITIES, problem_columns
from pipeline.ledger.write.paper import TOP, PaperRow

if TYPE_CHECKING:
    from pipeline.ledger.content import Entry
    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.ledger.write.paper import Paper
    from pipeline.model import Notice, Problem

_LONGEST_QUOTE, _LONGEST_PLACE = 300, 15


def write_problems(paper: Paper, arrangement: Arrangement) -> None:
    """Write the problems of all notices."""
    ledger = arrangement.ledger
    columns = problem_columns(several=ledger.is_several)
    rows = [
        _problem_row(arrangement, notice, one)
        for notice in ledger.notices
        for one in notice.problems
    ]
    sheet = paper.add(PROBLEMS)
    paper.title(sheet, PROBLEMS, f"共 {len(rows)} 处, 请对照原文", len(columns) - 1)
    paper.rows(sheet, columns, rows)
    sheet.freeze_panes(TOP + 1, 0)


def _problem_row(arrangement: Arrangement, notice: Notice, problem: Problem) -> PaperRow:
    span = problem.span
    cells = {
        "plan_title": fit(notice.title or notice.notice_title or notice.notice_id),
        "severity": SEVERITIES[problem.severity],
        "code": problem.code,
        "message": fit(problem.message),
        "text": fit(_quote(notice.source.text[span.start : span.end] if span else "")),
    }
    entry = arrangement.entries.get(problem.item_id or "")
    if entry is None:
        return PaperRow(cells)
    cells["item"] = _item_words(entry)
    link = arrangement.links.to(entry.item.item_id, cells["item"])
    return PaperRow(cells, targets={"item": link})


def _quote(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "……"


def _item_words(entry: Entry) -> str:
    """The label of an item and the beginning of its title: 1、 建立完善社区…"""
    title = entry.cells.get("title", entry.item.item_id)
    words = " ".join((entry.item.label or "", *title.split()))
    return words if len(words) <= _LONGEST_PLACE else words[:_LONGEST_PLACE] + "…"
