"""Collect the files that units returned: what each says, and where two of them contradict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.manifest import file_hash
from pipeline.errors import NoLedgerError, PipelineError, hold_errors
from pipeline.ledger.read import read_filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.ledger.content import Ledger, Mark
    from pipeline.ledger.progress import Progress, WrittenCell
    from pipeline.ledger.read import LedgerReading

# The ends of names of workbooks; files with other names are not opened.
WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xls", ".et", ".ods"))
# Names of the files that programs keep beside a workbook that is open.
_LOCK_FILES = ("~$", ".~")
_Cell = tuple[str, str, str]


class ReturnedValue(NamedTuple):
    """A value that a file has in a cell; an empty one was emptied."""

    path: Path
    cell: WrittenCell


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A file and what it says; without a reading it was skipped, `facts` say why.

    `is_failed` says that a workbook that may hold answers could not be read.
    """

    path: Path
    reading: LedgerReading | None
    facts: tuple[str, ...] = ()
    is_failed: bool = False

    @property
    def units(self) -> list[str]:
        """The units and leaders whose cells the file changes; an empty one is the main sheet."""
        written = self.reading.written if self.reading else ()
        return list(dict.fromkeys(one.unit for one in written if one.value))


class Conflict(NamedTuple):
    """A cell of which files have different values: the one that counts, and all with their files."""

    counts: str
    values: list[ReturnedValue]


class Replaced(NamedTuple):
    """A value that was kept until now, and the one that takes its place."""

    before: str
    now: ReturnedValue


@dataclass(slots=True)
class Collection:
    """All files, and what becomes of their values.

    `written` count, `others` are kept beside a value that counts.
    """

    files: list[ReturnedFile] = field(default_factory=list)
    written: list[WrittenCell] = field(default_factory=list)
    others: list[WrittenCell] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    replaced: list[Replaced] = field(default_factory=list)


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Find the files that are named or lie in folders, in the order of their names, each once."""
    found = [one for path in paths for one in _walk(path)]
    return list(dict.fromkeys(found))


def _walk(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = (one for one in path.rglob("*") if one.is_file() or one.is_symlink())
    return sorted(one for one in files if not one.name.startswith(_LOCK_FILES))


def collect(paths: Iterable[Path], ledger: Ledger, kept: Progress) -> Collection:
    """Read files as ledgers of these notices, of which `kept` is kept by now.

    A file that cannot be read, is no ledger, is of another plan, or is the same as one before is
    left out with the fact; nothing is written.
    """
    collection = Collection()
    seen: dict[str, Path] = {}
    values: dict[_Cell, list[ReturnedValue]] = {}
    for path in paths:
        digest = file_hash(path)
        if digest and digest in seen:
            fact = f"is the same file as {seen[digest]}; it counts once"
            collection.files.append(ReturnedFile(path, None, (fact,)))
            continue
        seen[digest] = path
        one = _read_file(path, ledger, kept.marks)
        collection.files.append(one)
        for cell in one.reading.written if one.reading else ():
            key = (cell.anchor.item_id, cell.unit, cell.column)
            values.setdefault(key, []).append(ReturnedValue(path, cell))
    before = {(mark.item_id, mark.unit, mark.column): mark.value for mark in kept.marks}
    known: dict[_Cell, set[str]] = {}
    for other in kept.others:
        key = (other.anchor.item_id, other.unit, other.column)
        known.setdefault(key, set()).add(other.value)
    for key, own in values.items():
        _settle(collection, own, before.get(key, ""), known.get(key, set()))
    return collection


def _read_file(path: Path, ledger: Ledger, kept: Iterable[Mark]) -> ReturnedFile:
    """Read a file, or say why it is left out."""
    if path.suffix.lower() not in WORKBOOKS:
        fact = "is no workbook; it was left out"
        return ReturnedFile(path, None, (fact,))
    if not path.is_file():
        fact = "is no file that can be read; check the path and the rights"
        return ReturnedFile(path, None, (fact,), is_failed=True)
    errors: list[PipelineError] = []
    try:
        with hold_errors(path, errors.append):
            reading = read_filled(path, ledger, kept)
    except NoLedgerError as error:
        fact = f"{error.fact}; it was left out"
        return ReturnedFile(path, None, (fact,))
    except PipelineError as error:
        errors.append(error)
    if errors:
        facts = tuple(f"{one.fact}; {one.remedy}" for one in errors)
        return ReturnedFile(path, None, facts, is_failed=True)
    return _judge(path, reading)


def _judge(path: Path, reading: LedgerReading) -> ReturnedFile:
    """Say what is to be known of a file that was read; one of another plan is left out."""
    origin = reading.origin
    if origin.items and not origin.found:
        fact = f"is a ledger of another plan ({', '.join(origin.paths[:3])}); it was left out"
        return ReturnedFile(path, None, (fact,), is_failed=True)
    if not origin.items and not reading.found:
        fact = "none of its rows is of an item; it was left out"
        return ReturnedFile(path, None, (fact,), is_failed=True)
    return ReturnedFile(path, _without_doubtful(reading), tuple(_find_remarks(reading)))


def _find_remarks(reading: LedgerReading) -> Iterator[str]:
    origin = reading.origin
    if origin.has_basis and origin.found < origin.items:
        yield f"{origin.items - origin.found} of its {origin.items} items are there no more"
    if origin.older:
        yield f"of an older version: {origin.older} of its items have been read anew since"
    if not origin.has_basis:
        yield "its hidden sheet is lost: every word counts, an empty cell takes nothing away"
    if not any(one.value for one in reading.written):
        yield "nothing new is filled in"


def _without_doubtful(reading: LedgerReading) -> LedgerReading:
    """Leave out emptied cells where it is not known whether they were empty from the start."""
    if reading.origin.has_basis:
        return reading
    reading.written[:] = [one for one in reading.written if one.value]
    return reading


def _settle(collection: Collection, own: list[ReturnedValue], before: str, known: set[str]) -> None:
    """Decide which value of a cell counts: the first that is new; the others stay beside it.

    Files are collected again and again: what is kept already is no news, and takes no new value away.
    """
    values: dict[str, ReturnedValue] = {}
    for one in own:
        if one.cell.value:
            values.setdefault(one.cell.value, one)
    if not values:
        if before:
            collection.written.append(own[0].cell)
            collection.replaced.append(Replaced(before, own[0]))
        return
    new = [value for value in values if value != before and value not in known]
    counts = new[0] if new else before or next(iter(values))
    if new:
        collection.written.append(values[counts].cell)
        if before and before not in values:
            collection.replaced.append(Replaced(before, values[counts]))
    others = [values[value].cell for value in values if value != counts]
    collection.others += others
    if len(values) > 1:
        collection.conflicts.append(Conflict(counts, [values[value] for value in values]))
