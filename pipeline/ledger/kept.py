"""The progress that an OUTPUT keeps, and the items that it is of now."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from pipeline.anchors import Anchor, find_item, is_of, words_of
from pipeline.errors import OutputError
from pipeline.export.dataset import write_table
from pipeline.export.tables import OTHERS, restore, rows_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.model import Item, Notice

PROGRESS = "progress.csv"
COLUMNS = tuple(name for name, _, _ in OTHERS["progress"])


class Written(NamedTuple):
    """What somebody wrote of an item; `unit` is whose sheet it stood in, empty for the main one."""

    anchor: Anchor
    unit: str
    column: str
    value: str

    def row(self) -> dict[str, str]:
        """It as a row of the table."""
        about = self.anchor
        values = (about.item_id, self.unit, self.column, self.value)
        return dict(zip(COLUMNS, (*values, about.path, about.sha256, about.words), strict=True))


class Finder:
    """Finds the item that an anchor means among notices, without walking through all of them."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        self._notices: dict[tuple[str, str], list[Notice]] = defaultdict(list)
        self._words: dict[str, dict[str, list[Item]]] = {}
        for notice in notices:
            source = notice.source
            for key in (("id", notice.notice_id), ("sha256", source.sha256)):
                self._notices[key].append(notice)
            if source.path:
                self._notices["path", source.path].append(notice)

    def find(self, anchor: Anchor) -> Item | None:
        """The item that an anchor means now, or None."""
        for notice in self.notices_of(anchor):
            same = self._same(notice, anchor.words)
            if len(same) == 1:
                return same[0]
            found = find_item(anchor, notice)
            if found:
                return found.item
        return None

    def notices_of(self, anchor: Anchor) -> list[Notice]:
        """The notices that an anchor can mean, the one with its id first."""
        keys = (("id", anchor.item_id.partition("#")[0]), ("sha256", anchor.sha256))
        found = [
            one for key in (*keys, ("path", anchor.path)) for one in self._notices.get(key, ())
        ]
        return list({one.notice_id: one for one in found if is_of(anchor, one)}.values())

    def _same(self, notice: Notice, words: str) -> list[Item]:
        index = self._words.get(notice.notice_id)
        if index is None:
            index = self._words[notice.notice_id] = defaultdict(list)
            for item in notice.items:
                index[words_of(notice, item)].append(item)
        return index.get(words, [])


def read_kept(output: Path) -> list[Written]:
    """The progress that an OUTPUT keeps, none where nobody has given any. Raises OutputError."""
    path = output / PROGRESS
    if not path.is_file():
        return []
    remedy = "restore it, or remove it and read the ledgers again"
    try:
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""))
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            fact = f"its columns are {reader.fieldnames}"
            raise OutputError(path, fact, f"they should be {','.join(COLUMNS)}")
        return [_kept(row) for row in reader]
    except OSError as error:
        fact = f"cannot be read ({error.strerror})"
        raise OutputError(path, fact, "check rights") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise OutputError(path, f"is no CSV in UTF-8 ({error})", remedy) from error


def _kept(row: dict[str, str | None]) -> Written:
    item_id, unit, column, value, *about = (restore(row[name] or "") for name in COLUMNS)
    return Written(Anchor(item_id, about[0], about[1], about[2]), unit, column, value)


def keep(output: Path, notices: Iterable[Notice], changes: Iterable[Written]) -> int:
    """Lay changes over what an OUTPUT keeps; returns how many cells it keeps then.

    A change without a value takes away what was kept of its cell. What is kept of items that are
    gone stays, for they may come back. Raises OutputError, with nothing written.
    """
    finder = Finder(notices)
    cells: dict[tuple[str, str, str], Written] = {}
    for one in (*read_kept(output), *changes):
        item = finder.find(one.anchor)
        cells[item.item_id if item else one.anchor.item_id, one.unit, one.column] = one
    rows = [cells[key] for key in sorted(cells, key=_order) if cells[key].value]
    if rows or (output / PROGRESS).is_file():
        write_table(output, "progress", rows_to_csv(COLUMNS, (one.row() for one in rows)))
    return len(rows)


def _order(key: tuple[str, str, str]) -> tuple[str, int, str]:
    """The main sheet's cells before those of units, each as they came."""
    notice_id, _, number = key[0].partition("#")
    return notice_id, int(number) if number.isdecimal() else 0, key[1]
