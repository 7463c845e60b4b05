"""Write the main sheet of a ledger (任务台账): all items, in the order of the plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import ANSWERS, MAIN
from pipeline.ledger.content import notes_of
from pipeline.ledger.write.arrangement import find_title, shown
from pipeline.ledger.write.layout import printed
from pipeline.ledger.write.overdue import OverdueDays
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
            paper.note(sheet, row, 0, note)
    paper.title(sheet, title, line, len(printed(columns)) - 1)
    entries = arrangement.ledger.entries
    days = OverdueDays(columns, arrangement.answers, arrangement.today)
    rows = (_row(arrangement, one, n, days) for n, one in enumerate(entries, TOP + 1))
    paper.rows(sheet, columns, len(entries), rows)
    sheet.freeze_panes(TOP + 1, find_title(columns) + 1)


def _row(arrangement: Arrangement, entry: Entry, row: int, days: OverdueDays) -> PaperRow:
    filled = arrangement.filled.get(("", entry.item_id), {})
    if answers := made_answers(arrangement, entry.item_id):
        filled = filled | {ANSWERS: answers}
    formulas = days.of(entry, row)
    return PaperRow(
        shown(entry),
        filled,
        entry.notes,
        depth=entry.depth,
        formulas=formulas,
        item_id=entry.item_id,
    )


def made_answers(arrangement: Arrangement, item_id: str) -> str:
    """Write the cell with all answers about an item; empty where nobody has answered anything."""
    return fit(arrangement.answers.of(item_id)) if arrangement.answers.has_any else ""


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
