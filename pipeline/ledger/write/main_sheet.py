"""Write the main sheet of a ledger (任务台账): all items, in the order of the plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import MAIN
from pipeline.ledger.content import notes_of
from pipeline.ledger.write.arrangement import find_title
from pipeline.ledger.write.paper import TOP, PaperRow

if TYPE_CHECKING:
    from pipeline.ledger.content import Entry, Ledger
    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.ledger.write.paper import Paper
    from pipeline.model import Notice

# The fields of the line below the title.
_LINE_FIELDS = ("document_number", "issued_on", "region")


class _Opening(NamedTuple):
    """The title of a ledger, the line below it, and notes on both where they were corrected."""

    title: str
    line: str
    notes: tuple[str, str] = ("", "")


def write_main(paper: Paper, arrangement: Arrangement) -> None:
    """Write the sheet of all items."""
    sheet = paper.add(MAIN)
    columns = arrangement.columns
    title, line, notes = _opening(arrangement.ledger)
    # Notes come first: a row that is complete leaves memory, and takes none any more.
    for row, note in enumerate(notes):
        if note:
            sheet.write_comment(row, 0, note, {"author": "fengong", "x_scale": 2})
    paper.title(sheet, title, line, len(columns) - 2)
    entries = arrangement.ledger.entries
    paper.rows(sheet, columns, len(entries), (_row(arrangement, one) for one in entries))
    sheet.freeze_panes(TOP + 1, find_title(columns) + 1)


def _row(arrangement: Arrangement, entry: Entry) -> PaperRow:
    filled = arrangement.filled.get(("", entry.item_id), {})
    return PaperRow(entry.cells, filled, entry.notes, depth=entry.depth)


def _opening(ledger: Ledger) -> _Opening:
    count = f"共 {len(ledger.entries)} 项"
    if ledger.is_several or ledger.only is None:
        return _Opening(MAIN, f"{ledger.notices} 份文件, {count}")
    notice, read = ledger.only
    title = notice.title or notice.notice_title or MAIN
    parts = (notice.document_number, notice.issued_on, notice.region, count)
    return _Opening(fit(title), fit("　".join(filter(None, parts))), _notes(read))


def _notes(read: Notice) -> tuple[str, str]:
    notes = notes_of(read, read.corrected)
    title = notes.get("title") or notes.get("notice_title", "")
    return title, "\n".join(notes[one] for one in _LINE_FIELDS if one in notes)
