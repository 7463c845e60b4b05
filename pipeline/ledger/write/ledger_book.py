"""Write the workbook of a ledger, sheet by sheet, with the same bytes for the same notices."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from pipeline.dataset.files import replace_whole
from pipeline.errors import hold_errors
from pipeline.ledger.cell_text import CUT
from pipeline.ledger.columns import LEADERS, SHEETS, UNITS
from pipeline.ledger.content import gather
from pipeline.ledger.write.arrangement import arrange
from pipeline.ledger.write.basis_sheet import write_basis
from pipeline.ledger.write.main_sheet import write_main
from pipeline.ledger.write.paper import Paper
from pipeline.ledger.write.party_sheets import write_parties
from pipeline.ledger.write.problem_sheet import write_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.errors import OnError, PipelineError
    from pipeline.ledger.content import Mark
    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.model import Notice

_MOST_SHEETS = 1000


def write_ledger(
    notices: Iterable[Notice],
    path: Path,
    progress: Iterable[Mark] = (),
    on_error: OnError = None,
) -> list[str]:
    """Write the ledger of notices with the progress that was kept of them; returns warnings.

    Values are those in force. With `on_error`, a notice of which cells cannot be made is reported to
    it and left out. The same notices and progress give the same bytes. Raises
    OutputError where the file cannot be written or a sheet would have too many rows.
    """
    if on_error is None:
        return _write(notices, path, progress)
    notices, progress = list(notices), list(progress)
    errors: list[PipelineError] = []
    with hold_errors(path, errors.append):
        return _write(notices, path, progress)
    sound = [one for one in notices if _can_write(one, progress, on_error)]
    return _write(sound, path, progress)


def _can_write(notice: Notice, progress: Iterable[Mark], on_error: OnError) -> bool:
    """Answer whether a ledger of one notice can be written, and report the error if not."""
    item_ids = {item.item_id for item in notice.items}
    own = [mark for mark in progress if mark.item_id in item_ids]
    with (
        hold_errors(notice.notice_id, on_error),
        tempfile.TemporaryDirectory(prefix="fengong-") as folder,
    ):
        _write([notice], Path(folder) / "ledger.xlsx", own)
        return True
    return False


def _write(notices: Iterable[Notice], path: Path, progress: Iterable[Mark]) -> list[str]:
    arrangement = arrange(gather(notices), progress)
    with tempfile.TemporaryDirectory(prefix="fengong-") as folder, replace_whole(path) as (file,):
        # A row that is complete goes to a file; all cells of a large ledger take gigabytes.
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        paper = Paper(book)
        try:
            _write_sheets(paper, arrangement)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.rest()
    return list(_warnings(paper, arrangement))


def _write_sheets(paper: Paper, arrangement: Arrangement) -> None:
    ledger = arrangement.ledger
    days = [notice.issued_on or "" for notice in ledger.notices]
    created = _parse_moment(max(days, default=""))
    paper.book.set_properties({"title": "任务台账", "created": created})
    for name in SHEETS:
        paper.names.take(name)
    write_main(paper, arrangement)
    write_parties(paper, arrangement, UNITS, ledger.units)
    write_parties(paper, arrangement, LEADERS, ledger.leaders)
    write_problems(paper, arrangement)
    write_basis(paper, arrangement)


def _parse_moment(day: str) -> datetime:
    """Parse the day that the workbook gives as its own: its last notice's, never that of the run."""
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        return datetime(2000, 1, 1, tzinfo=UTC)


def _warnings(paper: Paper, arrangement: Arrangement) -> Iterator[str]:
    if cut := _count_cut(arrangement):
        yield f"{cut} texts are longer than a cell holds and were cut; the records are whole"
    if paper.too_tall:
        yield f"{paper.too_tall} cells hold more than a row can show; the paper has their beginning"
    count = len(paper.book.worksheets())
    if count > _MOST_SHEETS:
        yield f"the ledger has {count:,} sheets; name single plans with --notice for smaller ones"
    for mark in arrangement.homeless:
        where = mark.unit or "the ledger"
        yield f"{mark.item_id} {mark.column}: {mark.value!r} has no place in {where} any more"


def _count_cut(arrangement: Arrangement) -> int:
    """Count the texts that were too long for a cell."""
    entries = arrangement.ledger.entries
    ends = (text.endswith(CUT) for entry in entries for text in entry.cells.values())
    return sum(ends) + sum(mark.value.endswith(CUT) for mark in arrangement.progress)
