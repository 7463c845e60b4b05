"""Arrange a ledger before it is written: its columns, the progress of each sheet, links to items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.ledger.answers import Answers
from pipeline.ledger.cell_text import fit, rest_of
from pipeline.ledger.columns import ANSWERS, FILLED, MADE, MAIN, PROGRESS, main_columns
from pipeline.ledger.plan_words import NO_WORDS, PlanWords, find_plan_words
from pipeline.ledger.write.layout import SIZES, fit_widths, measure
from pipeline.ledger.write.paper import TOP, link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.ledger.columns import LedgerColumn
    from pipeline.ledger.content import Entry, Ledger, Mark
    from pipeline.ledger.write.layout import PaperSize
    from pipeline.ledger.write.worksheet import Link

# Room for what people will write, in characters, where nothing is written yet.
_ROOM = {PROGRESS: 120.0}


class LedgerOptions(NamedTuple):
    """How a ledger is written: the size of its paper, and the day (2024-06-30) that days count to.

    Without a day the workbook counts to the day on which it is opened.
    """

    paper: str = "A4"
    today: str = ""


class ItemLinks:
    """Links to the rows of items in the main sheet."""

    def __init__(self, item_ids: Iterable[str], column: int) -> None:
        self._rows = {item_id: row for row, item_id in enumerate(item_ids, TOP + 1)}
        self._column = column

    def to(self, item_id: str, text: str) -> Link:
        """Link a text to an item's row."""
        return link(MAIN, self._rows[item_id], self._column, text)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A ledger with everything that its sheets share.

    `filled` is progress by unit and item, then by column; `extras` are the columns that people
    added, by unit; `present` are the keys with a value in any row; `homeless` is progress without
    a cell; `lengths` is by key how long most texts are; `words` are the plan's own.
    """

    ledger: Ledger
    progress: list[Mark]
    entries: dict[str, Entry]
    filled: dict[tuple[str, str], dict[str, str]]
    extras: dict[str, tuple[str, ...]]
    present: set[str]
    columns: list[LedgerColumn]
    links: ItemLinks
    homeless: list[Mark]
    answers: Answers
    lengths: dict[str, float]
    words: PlanWords
    size: PaperSize
    today: str


def arrange(
    ledger: Ledger,
    progress: Iterable[Mark],
    others: Iterable[Mark] = (),
    options: LedgerOptions = LedgerOptions(),  # noqa: B008 - a tuple that never changes
) -> Arrangement:
    """Arrange a ledger with the progress that was kept of its items; `others` are further values."""
    marks = [mark._replace(value=fit(mark.value)) for mark in progress]
    entries = {entry.item_id: entry for entry in ledger.entries}
    filled, extras = _sort_marks(marks)
    words = find_plan_words(ledger.only[0]) if ledger.only and not ledger.is_several else NO_WORDS
    answers = Answers(ledger, marks, others, words.roles)
    present = _find_present(ledger.entries)
    lengths = _measure(ledger, answers, filled)
    size = SIZES[options.paper]
    columns = main_columns(present, extras.get("", ()), words.heads, has_answers=answers.has_any)
    columns = fit_widths(columns, lengths, size.pixels)
    links = ItemLinks((entry.item_id for entry in ledger.entries), find_title(columns))
    homeless = list(_find_homeless(ledger, entries, marks))
    return Arrangement(
        ledger, marks, entries, filled, extras, present, columns, links, homeless, answers,
        lengths, words, size, options.today,
    )  # fmt: skip


def shown(entry: Entry) -> dict[str, str]:
    """Return the cells of an item as sheets show them: its content does not repeat its title."""
    content = entry.cells.get("content", "")
    rest = rest_of(entry.cells.get("title", ""), content)
    return entry.cells if rest == content else entry.cells | {"content": rest}


def _sort_marks(
    marks: Iterable[Mark],
) -> tuple[dict[tuple[str, str], dict[str, str]], dict[str, tuple[str, ...]]]:
    """Sort progress by unit and item, then column; and the columns that people added, by unit."""
    filled: dict[tuple[str, str], dict[str, str]] = {}
    extras: dict[str, dict[str, None]] = {}
    for mark in marks:
        if mark.column in MADE:
            continue
        filled.setdefault((mark.unit, mark.item_id), {})[mark.column] = mark.value
        if mark.column not in FILLED:
            extras.setdefault(mark.unit, {}).setdefault(mark.column)
    return filled, {unit: tuple(columns) for unit, columns in extras.items()}


def _find_present(entries: Iterable[Entry]) -> set[str]:
    """Find the keys with a value in any row, of contents with more than their titles."""
    present = {"item_id"}
    for entry in entries:
        more = entry.cells.keys() - present
        if "content" in more and not shown(entry).get("content"):
            more -= {"content"}
        present |= more
    return present


def _measure(
    ledger: Ledger, answers: Answers, filled: Mapping[tuple[str, str], Mapping[str, str]]
) -> dict[str, float]:
    """Measure how long most texts are: cells by key, what was filled in by head."""
    lengths = measure(map(shown, ledger.entries)) | _ROOM
    written = measure(filled.values())
    lengths |= {head: max(length, lengths.get(head, 0.0)) for head, length in written.items()}
    if answers.has_any:
        lengths |= measure({ANSWERS: answers.of(one.item_id)} for one in ledger.entries)
    return lengths


def find_title(columns: Sequence[LedgerColumn]) -> int:
    """Find the position of the column of titles."""
    return next(n for n, column in enumerate(columns) if column.key == "title")


def _find_homeless(
    ledger: Ledger, entries: Mapping[str, Entry], progress: Iterable[Mark]
) -> Iterator[Mark]:
    """Find progress that no sheet shows: of a unit without the item now, in a column that is made."""
    parties = (*ledger.units, *ledger.leaders)
    homes = {(party.name, item_id) for party in parties for item_id in party.items}
    for mark in progress:
        has_item = mark.item_id in entries and mark.unit
        is_lost = has_item and (mark.unit, mark.item_id) not in homes
        if is_lost or (mark.item_id in entries and mark.column in MADE):
            yield mark
