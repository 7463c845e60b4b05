"""The progress that an OUTPUT keeps, and the items that it is of now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.csv_rows import read_rows, rows_to_csv
from pipeline.dataset.described_tables import write_table
from pipeline.dataset.manifest import read_manifest
from pipeline.dataset.table_columns import OTHER_COLUMNS
from pipeline.decisions.anchors import (
    Anchor,
    FoundItem,
    NoticeOrigin,
    anchors_of,
    find_items,
    find_notice_ids,
    origin_of,
)
from pipeline.errors import OutputError
from pipeline.ledger.content import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pipeline.model import Notice

PROGRESS = "progress.csv"
COLUMNS = tuple(name for name, _, _ in OTHER_COLUMNS["progress"])
_NEEDED = ("item_id", "column", "value")
_HOW = ("same", "moved", "like")
_Cell = tuple[str, str, str]


class Written(NamedTuple):
    """What somebody wrote of an item; `unit` is whose sheet it stood in, empty for the main one."""

    anchor: Anchor
    unit: str
    column: str
    value: str

    def row(self) -> dict[str, str]:
        """It as a row of the table."""
        told = self.anchor._asdict() | {"unit": self.unit, "column": self.column}
        return told | {"value": self.value}


@dataclass(frozen=True, slots=True)
class Progress:
    """What an OUTPUT keeps: a mark a cell of the ledger, and what has no cell there.

    `others` are kept of a cell that has another mark; `gone` of items that are there no more.
    """

    marks: list[Mark]
    others: list[Written]
    gone: list[Written]

    @property
    def count(self) -> int:
        """How many rows are kept."""
        return len(self.marks) + len(self.others) + len(self.gone)


class _Cells(NamedTuple):
    """What is kept of each cell, what counts first; and what is of no item any more."""

    cells: dict[_Cell, list[Written]]
    gone: list[Written]

    def told(self) -> Progress:
        marks = [Mark(*key, rows[0].value) for key, rows in self.cells.items() if rows]
        others = [one for rows in self.cells.values() for one in rows[1:]]
        return Progress(marks, others, self.gone)


def find_progress(output: Path, notices: Iterable[Notice]) -> Progress:
    """The progress that an OUTPUT keeps of some of its notices, with the ids that items have now.

    Raises OutputError.
    """
    notices = list(notices)
    # Which notice is meant depends on all that are there, not only on those that were chosen.
    told = read_manifest(output).records.values()
    spots = {one.notice_id: NoticeOrigin(one.notice_id, one.path or "", one.source) for one in told}
    spots |= {one.notice_id: origin_of(one) for one in notices}
    return _place(read_kept(output), notices, spots.values()).told()


def keep(output: Path, notices: Iterable[Notice], changes: Iterable[Written]) -> Progress:
    """Lay changes over what an OUTPUT keeps, with all its notices; returns what it keeps then.

    A change takes the place of what counted in its cell; one without a value takes it away. What
    is kept of items that are gone stays, for they may come back. Raises OutputError, with nothing
    written.
    """
    notices = list(notices)
    kept = _place(read_kept(output), notices, map(origin_of, notices))
    for one in changes:
        key = (one.anchor.item_id, one.unit, one.column)
        others = [other for other in kept.cells.get(key, [])[1:] if other.value != one.value]
        kept.cells[key] = [one, *others] if one.value else others
    rows = sorted([one for own in kept.cells.values() for one in own] + kept.gone, key=_order)
    if rows or (output / PROGRESS).is_file():
        write_table(output, "progress", rows_to_csv(COLUMNS, (one.row() for one in rows)))
    return kept.told()


def read_kept(output: Path) -> list[Written]:
    """The progress that an OUTPUT keeps, none where nobody has given any. Raises OutputError."""
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
        Written(
            Anchor(*(row.get(name, "") for name in Anchor._fields)),
            row.get("unit", ""),
            row["column"],
            row["value"],
        )
        for _, row in read_rows(path, text, _NEEDED)
    ]


def find_all(
    anchors: Iterable[Anchor], notices: Mapping[str, Notice], spots: Iterable[NoticeOrigin]
) -> dict[Anchor, FoundItem]:
    """The items that anchors mean in the notices that are there, all of one notice together."""
    own: defaultdict[str, list[Anchor]] = defaultdict(list)
    for anchor, home in find_notice_ids(anchors, spots).items():
        own[home].append(anchor)
    found: dict[Anchor, FoundItem] = {}
    for home, meant in own.items():
        if home in notices:
            found |= find_items(meant, notices[home])
    return found


def _place(
    written: list[Written], notices: Iterable[Notice], spots: Iterable[NoticeOrigin]
) -> _Cells:
    """What is kept at the items that it is of now, anchored anew where it counts.

    Two values of one cell both stay: what was found more surely counts.
    """
    known = {notice.notice_id: notice for notice in notices}
    found = find_all((one.anchor for one in written), known, spots)
    cells: defaultdict[_Cell, list[tuple[int, Written]]] = defaultdict(list)
    now: dict[str, Anchor] = {}
    for notice in known.values():
        now |= anchors_of(notice)
    gone = []
    for one in written:
        if one.anchor not in found:
            gone.append(one)
            continue
        item, how = found[one.anchor]
        # What was told of this very item counts before what came to it.
        rank = 0 if one.anchor == now[item.item_id] else 1 + _HOW.index(how)
        cells[item.item_id, one.unit, one.column].append((rank, one))
    return _Cells({key: _ranked(own, now[key[0]]) for key, own in cells.items()}, gone)


def _ranked(own: list[tuple[int, Written]], now: Anchor) -> list[Written]:
    """What counts first, of equal values one."""
    values: dict[str, Written] = {}
    for _, one in sorted(own, key=lambda ranked: ranked[0]):
        values.setdefault(one.value, one)
    first, *others = values.values()
    return [first._replace(anchor=now), *others]


def _order(one: Written) -> tuple[str, int, str]:
    """The main sheet's cells before those of units, each as they came."""
    return *one.anchor.order, one.unit
