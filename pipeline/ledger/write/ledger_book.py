"""Write the workbook of a ledger, sheet by sheet, with the same bytes for the same notices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from pipeline.dataset.files import replace_whole
from pipeline.dataset.manifest import file_hash
from pipeline.errors import OutputError
from pipeline.ledger.cell_text import CUT
from pipeline.ledger.columns import LEADERS, LONG_TEXTS, SHEETS, UNITS
from pipeline.ledger.content import gather
from pipeline.ledger.write.archive_file import ArchiveFile
from pipeline.ledger.write.arrangement import LedgerOptions, arrange
from pipeline.ledger.write.basis_sheet import write_basis
from pipeline.ledger.write.long_texts import write_long_texts
from pipeline.ledger.write.main_sheet import write_main
from pipeline.ledger.write.paper import MOST_LINKS, Paper
from pipeline.ledger.write.party_sheets import write_parties
from pipeline.ledger.write.problem_sheet import write_problems
from pipeline.ledger.write.summary_sheet import write_summary
from pipeline.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.errors import OnError
    from pipeline.ledger.content import Ledger, Mark
    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.model import Notice

_MOST_SHEETS = 1000
_USUAL = LedgerOptions()
# The widths of columns are counted in digits of these letters, which are as wide wherever the workbook is
# opened: fonts that take Arial's place have its widths.
_LETTERS = {
    "default_format_properties": {"font_name": "Arial", "font_size": 10, "font_scheme": False}
}


def write_ledger(
    notices: Iterable[Notice],
    path: Path,
    progress: Iterable[Mark] = (),
    on_error: OnError = None,
    options: LedgerOptions = _USUAL,
) -> list[str]:
    """Write the ledger of notices with the progress that was kept of them; returns warnings.

    Values are those in force. With `on_error`, a notice of which cells cannot be made is reported to
    it and left out. The same notices and progress give the same bytes. Raises OutputError where the
    file cannot be written or a sheet would have too many rows.
    """
    return write_gathered(gather(notices, on_error), path, progress, options=options)


def write_gathered(
    ledger: Ledger,
    path: Path,
    progress: Iterable[Mark] = (),
    seen: str | None = None,
    *,
    others: Iterable[Mark] = (),
    options: LedgerOptions = _USUAL,
) -> list[str]:
    """Write a ledger with its progress as `write_ledger` does; returns warnings.

    `others` are further values of a cell, which are shown beside the answers of units.
    With `seen`, a file whose hash is another one by the end is not replaced: somebody has saved it.
    Raises OutputError.
    """
    arrangement = arrange(ledger, progress, others, options)
    with scratch_folder() as folder, replace_whole(path) as (file,):
        # A row that is complete goes to a file; all cells of a large ledger take gigabytes.
        target = ArchiveFile(file)
        settings = {"constant_memory": True, "tmpdir": str(folder)} | _LETTERS
        book = xlsxwriter.Workbook(target, settings)
        paper = Paper(book, arrangement.size)
        try:
            _write_sheets(paper, arrangement)
            book.close()
        except FileCreateError as error:
            # The workbook, or the rows that the library keeps in files until it is complete.
            fact = f"cannot be written ({error})"
            remedy = f"check rights and free space, also in {folder.parent}, or set TMPDIR"
            raise OutputError(path, fact, remedy) from error
        finally:
            target.let_go()
            for sheet in book.worksheets():
                sheet.rest()
        if seen is not None and file_hash(path) != seen:
            raise OutputError(path, "was changed while its successor was made", "run it again")
    return list(_warnings(paper, arrangement))


def _write_sheets(paper: Paper, arrangement: Arrangement) -> None:
    ledger = arrangement.ledger
    created = _parse_moment(ledger.last_day)
    paper.book.set_properties({"title": "任务台账", "created": created})
    for name in SHEETS:
        paper.names.take(name)
    write_main(paper, arrangement)
    write_summary(paper, arrangement)
    write_parties(paper, arrangement, UNITS, ledger.units)
    if ledger.leaders:
        write_parties(paper, arrangement, LEADERS, ledger.leaders)
    write_problems(paper, arrangement)
    write_long_texts(paper, arrangement)
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
        fact = f"{len(paper.too_tall)} cells hold more than a row can show"
        yield f"{fact}; the paper has their beginning, and the sheet {LONG_TEXTS} the whole texts"
    if paper.too_wide:
        where = f"{paper.too_wide[0]}{' and others' if len(paper.too_wide) > 1 else ''}"
        yield f"{where}: more columns than a page holds in letters of 9 points; try --paper A3"
    if paper.unlinked:
        where = f"{next(iter(paper.unlinked))}{' and others' if len(paper.unlinked) > 1 else ''}"
        fact = f"Excel takes {MOST_LINKS:,} links on a sheet, and no more are in {where}"
        yield f"{fact}: {sum(paper.unlinked.values()):,} cells there have their words, but no link"
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
