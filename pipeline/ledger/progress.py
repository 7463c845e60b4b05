"""Read and write the progress that an OUTPUT keeps, each value at the item that it is of now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.csv_rows import read_rows, rows_to_csv
from pipeline.dataset.described_tables import write_table
from pipeline.dataset.manifest import read_manifest
from pipeline.dataset.table_columns import OTHER_COLUMNS
from pipeline.decisions.anchors import Anchor, NoticeOrigin, PresentAnchors
from pipeline.errors import OutputError
from pipeline.ledger.content import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.model import Notice

PROGRESS = "progress.csv"
COLUMNS = tuple(name for name, _, _ in OTHER_COLUMNS["progress"])
_NEEDED = ("item_id", "column", "value")
_HOW = ("same", "moved", "like")
_Cell = tuple[str, str, str]


class WrittenCell(NamedTuple):
    """A value that somebody wrote about an item; `unit` is the party of its sheet, if it has one."""

    anchor: Anchor
    unit: str
    column: str
    value: str

    def row(self) -> dict[str, str]:
        """Make the row of the table."""
        row = self.anchor._asdict() | {"unit": self.unit, "column": self.column}
        return row | {"value": self.value}


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress that an OUTPUT keeps: one mark for each cell of the ledger, and values without.

    `others` are further values of a cell that has a mark, `gone` those of items that are gone.
    """

    marks: list[Mark]
    others: list[WrittenCell]
    gone: list[WrittenCell]

    @property
    def count(self) -> int:
        """The number of rows that are kept."""
        return len(self.marks) + len(self.others) + len(self.gone)


class _PlacedCells(NamedTuple):
    """The values of each cell, the one that counts first, and values of items that are gone."""

    cells: dict[_Cell, list[WrittenCell]]
    gone: list[WrittenCell]

    def as_progress(self) -> Progress:
        marks = [Mark(*key, rows[0].value) for key, rows in self.cells.items() if rows]
        others = [one for rows in self.cells.values() for one in rows[1:]]
        return Progress(marks, others, self.gone)


def read_progress(output: Path, notices: Iterable[Notice] | PresentAnchors) -> Progress:
    """Read the progress that an OUTPUT keeps of some of its notices, with the items' present ids.

    Raises OutputError.
    """
    # Which notice an anchor means depends on all notices, not only on those that were chosen.
    records = read_manifest(output).records.values()
    others = [NoticeOrigin(one.notice_id, one.path or "", one.source) for one in records]
    return _place(_read_table(output), _anchors(notices), others).as_progress()


def write_progress(
    output: Path,
    notices: Iterable[Notice] | PresentAnchors,
    changes: Iterable[WrittenCell],
    others: Iterable[WrittenCell] = (),
) -> Progress:
    """Write changes into the progress that an OUTPUT keeps of all its notices; returns the result.

    A change replaces the value that counted in its cell; an empty one removes it. `others` are
    values that are kept beside the one that counts. Progress of items that are gone stays, for they
    may come back. Raises OutputError, with nothing written.
    """
    placed = _place(_read_table(output), _anchors(notices))
    kept = _add_others(_apply_changes(placed, changes), others)
    rows = sorted([one for own in kept.cells.values() for one in own] + kept.gone, key=_order)
    if rows or (output / PROGRESS).is_file():
        write_table(output, "progress", rows_to_csv(COLUMNS, (one.row() for one in rows)))
    return kept.as_progress()


def _anchors(notices: Iterable[Notice] | PresentAnchors) -> PresentAnchors:
    return notices if isinstance(notices, PresentAnchors) else PresentAnchors(notices)


def _apply_changes(placed: _PlacedCells, changes: Iterable[WrittenCell]) -> _PlacedCells:
    """Put each change before the other values of its cell, once; an empty one removes the first."""
    cells = dict(placed.cells)
    for one in changes:
        key = (one.anchor.item_id, one.unit, one.column)
        others = [other for other in cells.get(key, [])[1:] if other.value != one.value]
        cells[key] = [one, *others] if one.value else others
    return placed._replace(cells=cells)


def _add_others(placed: _PlacedCells, others: Iterable[WrittenCell]) -> _PlacedCells:
    """Put further values behind those of their cells, each once."""
    cells = dict(placed.cells)
    for one in others:
        key = (one.anchor.item_id, one.unit, one.column)
        own = cells.get(key, [])
        if one.value and one.value not in (other.value for other in own):
            cells[key] = [*own, one]
    return placed._replace(cells=cells)


def _read_table(output: Path) -> list[WrittenCell]:
    """Read the table of progress; an OUTPUT without one has none. Raises OutputError."""
    path = output / PROGRESS
    if not path.is_file():
        return []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        fact = f"cannot be read ({error.strerror})"
        raise OutputError(path, fact, "check rights") from error
    except UnicodeDecodeError as error:
        remedy = "restore it, or remove it and read the ledgers again"
        raise OutputError(path, f"is no CSV in UTF-8 ({error})", remedy) from error
    return [
        WrittenCell(
            Anchor(*(row.get(name, "") for name in Anchor._fields)),
            row.get("unit", ""),
            row["column"],
            row["value"],
        )
        for _, row in read_rows(path, text, _NEEDED)
    ]


def _place(
    written: list[WrittenCell], present: PresentAnchors, others: Iterable[NoticeOrigin] = ()
) -> _PlacedCells:
    """Place values at the items that they are of now; those that count get new anchors.

    Two values of one cell both stay: the one that was found more surely counts.
    """
    found = present.find((one.anchor for one in written), others)
    cells: defaultdict[_Cell, list[tuple[int, WrittenCell]]] = defaultdict(list)
    now = present.items
    gone = []
    for one in written:
        if one.anchor not in found:
            gone.append(one)
            continue
        item_id, how = found[one.anchor]
        # A value of this very item counts before one whose item was found elsewhere.
        rank = 0 if one.anchor == now[item_id] else 1 + _HOW.index(how)
        cells[item_id, one.unit, one.column].append((rank, one))
    return _PlacedCells({key: _rank_values(own, now[key[0]]) for key, own in cells.items()}, gone)


def _rank_values(own: list[tuple[int, WrittenCell]], now: Anchor) -> list[WrittenCell]:
    """Order the values of a cell, the one that counts first; of equal values one stays."""
    values: dict[str, WrittenCell] = {}
    for _, one in sorted(own, key=lambda ranked: ranked[0]):
        values.setdefault(one.value, one)
    first, *others = values.values()
    return [first._replace(anchor=now), *others]


def _order(one: WrittenCell) -> tuple[str, int, str]:
    """Sort by item, the main sheet's cells before those of units."""
    return *one.anchor.order, one.unit
