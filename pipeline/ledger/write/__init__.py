"""Notices -> the task ledger (任务台账): a workbook to be printed, filled in and read back.

`pipeline.ledger` reads it back.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.dataset.files import write_whole
from pipeline.ledger.content import Mark, gather
from pipeline.ledger.write.paper import Paper
from pipeline.ledger.write.sheets import Sheets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.model import Notice

__all__ = ["Mark", "write_ledger"]
_MOST_SHEETS = 1000


def write_ledger(notices: Iterable[Notice], path: Path, progress: Iterable[Mark] = ()) -> list[str]:
    """Write the ledger of notices with the progress that was kept of them; returns warnings.

    Values are those in force. The same notices and progress give the same bytes. Raises
    OutputError where the file cannot be written or a sheet would have too many rows.
    """
    import xlsxwriter  # noqa: PLC0415  (a tenth of a second; only where a ledger is written)

    ledger = gather(notices)
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    days = [notice.issued_on or "" for notice in ledger.notices]
    book.set_properties({"title": "任务台账", "created": _moment(max(days, default=""))})
    paper = Paper(book)
    sheets = Sheets(paper, ledger, list(progress))
    sheets.write()
    book.close()
    write_whole(path, data.getvalue())
    return list(_warnings(paper, sheets))


def _moment(day: str) -> datetime:
    """When the workbook says it was made: the day of its last notice, never that of the run."""
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        return datetime(2000, 1, 1, tzinfo=UTC)


def _warnings(paper: Paper, sheets: Sheets) -> Iterable[str]:
    if sheets.cut:
        yield f"{sheets.cut} texts are longer than a cell holds and were cut; the records are whole"
    if paper.too_tall:
        yield f"{paper.too_tall} cells hold more than a row can show; the paper has their beginning"
    count = len(paper.book.worksheets())
    if count > _MOST_SHEETS:
        yield f"the ledger has {count:,} sheets; name single plans with --notice for smaller ones"
    for mark in sheets.homeless:
        where = mark.unit or "the ledger"
        yield f"{mark.item_id} {mark.column}: {mark.value!r} has no place in {where} any more"
