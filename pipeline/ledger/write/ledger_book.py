"""Write the workbook of a ledger, sheet by sheet, with the same bytes for the same notices."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from pipeline.dataset.files import write_whole
from pipeline.errors import OutputError
from pipeline.ledger.cell_text import CUT
from pipeline.ledger.columns import LEADERS, SHEETS, UNITS
from pipeline.ledger.content import gather
from pipeline.ledger.write.arrangement import arrange
from pipeline.ledger.write.basis_sheet import write_basis
from pipeline.ledger.write.main_sheet import write_main
from pipeline.ledger.write.paper import Paper
from pipeline.ledger.write.party_sheets import write_parties
from pipeline.ledger.write.problem_sheet import write_problems
from pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pipeline.errors import PipelineError
    from pipeline.ledger.content import Mark
    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.model import Notice

_MOST_SHEETS = 1000


def write_ledger(
    notices: Iterable[Notice],
    path: Path,
    progress: Iterable[Mark] = (),
    on_error: Callable[[PipelineError], None] | None = None,
) -> list[str]:
    """Write the ledger of notices with the progress that was kept of them; returns warnings.

    Values are those in force. With `on_error`, a notice of which cells cannot be made is reported to
    it and left out. Raises OutputError where the file cannot be written or a sheet would have too
    many rows.
    """
    data, warnings = make_ledger(notices, progress, on_error)
    write_whole(path, data)
    return warnings


def make_ledger(
    notices: Iterable[Notice],
    progress: Iterable[Mark] = (),
    on_error: Callable[[PipelineError], None] | None = None,
) -> tuple[bytes, list[str]]:
    """Return the ledger of notices as the bytes of its file, and warnings.

    The same notices and progress give the same bytes. Raises OutputError as `write_ledger` does.
    """
    arrangement = arrange(gather(notices, on_error), progress)
    made = BytesIO()
    with scratch_folder() as folder:
        # A row that is complete goes to a file; all cells of a large ledger take gigabytes.
        book = xlsxwriter.Workbook(made, {"constant_memory": True, "tmpdir": str(folder)})
        paper = Paper(book)
        try:
            _write_sheets(paper, arrangement)
            book.close()
        except FileCreateError as error:
            # The rows that the library keeps in files until the workbook is complete.
            fact = f"cannot be written ({error})"
            raise OutputError(folder, fact, "free space there, or set TMPDIR") from error
        finally:
            for sheet in book.worksheets():
                sheet.rest()
    return made.getvalue(), list(_warnings(paper, arrangement))


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
