"""Write a folder of files for other programs: tables in force, whole records, a data package.

The records are read one by one and never all kept in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Protocol

from pipeline.dataset.aggregates import Aggregates, find_mentions
from pipeline.dataset.data_package import PACKAGE_NAME, FileKind, make_package
from pipeline.dataset.files import replace_whole
from pipeline.dataset.manifest import MANIFEST, PACKAGE
from pipeline.dataset.ownership import keep_journal, read_journal
from pipeline.dataset.package_origin import Origin, find_origin
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_rows import notice_rows
from pipeline.errors import OnError, OutputError, PipelineError, RecordError, hold_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.dataset.aggregates import Mentions
    from pipeline.model import Notice

RECORDS = "records"
# A portion of notices ends at the first of these; in Parquet it is one row group.
_MOST_NOTICES = 500
_MOST_CHARACTERS = 5_000_000
# A file that an export of ours may have written. Must not match: ../own.csv
_RESOURCE = re.compile(r"\w+\.(?:parquet|jsonl|csv)")


class Sink(Protocol):
    """A file while it is written; `count` is the number of its rows so far."""

    count: int

    def encode(self, rows: list[Any]) -> Any:  # noqa: ANN401
        """Turn rows into what `write` takes; nothing is written yet."""

    def write(self, encoded: Any, count: int) -> None:  # noqa: ANN401
        """Write so many rows that were encoded."""

    def close(self) -> None:
        """Write what is left."""

    def abandon(self) -> None:
        """Close a file that will not be kept."""


@dataclass(frozen=True, slots=True)
class Format:
    """What an export writes: its kind of file, and files beside the tables.

    `open` starts a file by its name; `views` are the files beside the tables with the function
    that makes a notice's rows in each.
    """

    kind: FileKind
    open: Callable[[str, BinaryIO], Sink]
    views: Mapping[str, Callable[[Notice], list[Any]]]
    encoding: str = "utf-8"


class TextSink:
    """A text file while it is written; rows are encoded as bytes."""

    def __init__(self, file: BinaryIO, encode: Callable[[list[Any]], bytes]) -> None:
        self.count = 0
        self._file = file
        self.encode = encode

    def write(self, encoded: bytes, count: int) -> None:
        """Write rows that were encoded."""
        self.count += count
        self._file.write(encoded)

    def close(self) -> None:
        """Do nothing: no rows are kept back."""

    abandon = close


class _MadeNotice(NamedTuple):
    """One notice's source, its rows in each file, and its mentions of bodies and leaders."""

    notice_id: str
    origin: Origin
    rows: dict[str, list[Any]]
    mentions: Mentions


def write_folder(
    notices: Iterable[Notice], folder: Path, form: Format, on_error: OnError = None
) -> dict[str, int]:
    """Write all files of a folder together; return the rows of each. Raises OutputError.

    Files that an earlier export left there in another format are removed. With `on_error`, a notice
    of which rows cannot be made is reported to it and left out.
    """
    earlier = _find_earlier(folder)
    names = (*form.views, *COLUMNS)
    paths = [folder / f"{name}.{form.kind}" for name in names]
    for path in paths:
        if path.exists() and path not in earlier:
            fact = "is no file of an export and would be overwritten"
            raise OutputError(path, fact, "move it away, or name another folder")
    # The package is moved first: tables without a package beside them would be parsed as sources.
    gone = earlier.difference(paths)
    journal = keep_journal(folder, {path.name for path in earlier.union(paths)})
    with replace_whole(folder / PACKAGE, *paths, removed=gone, moving=journal) as (
        described,
        *files,
    ):
        sinks: dict[str, Sink] = {}
        try:
            for name, file in zip(names, files, strict=True):
                sinks[name] = form.open(name, file)
            origins = _fill(sinks, notices, form, on_error)
            for sink in sinks.values():
                sink.close()
        except BaseException:
            for sink in sinks.values():
                sink.abandon()
            raise
        sizes = {name: sink.count for name, sink in sinks.items()}
        tables: dict[str, int | None] = {name: sizes[name] for name in COLUMNS}
        described.write(make_package(tables, origins, form.kind, form.encoding, form.views))
    return sizes


def _fill(
    sinks: Mapping[str, Sink], notices: Iterable[Notice], form: Format, on_error: OnError
) -> list[Origin]:
    """Write the rows of all notices into the files, then those that all notices give together.

    Return the sources of the notices that were written.
    """
    aggregates = Aggregates()
    origins: list[Origin] = []
    for portion in _split_into_portions(notices):
        made: list[_MadeNotice] = []
        for notice in portion:
            with hold_errors(notice.notice_id, on_error):
                made.append(_make_rows(notice, form))
        for one in _write_portion(sinks, made, on_error):
            aggregates.add(one.mentions)
            origins.append(one.origin)
    for table, rows in aggregates.rows().items():
        sinks[table].write(sinks[table].encode(rows), len(rows))
    return origins


def _make_rows(notice: Notice, form: Format) -> _MadeNotice:
    views = {name: view(notice) for name, view in form.views.items()}
    rows = views | notice_rows(notice)
    return _MadeNotice(notice.notice_id, find_origin(notice), rows, find_mentions(notice))


def _write_portion(
    sinks: Mapping[str, Sink], made: Sequence[_MadeNotice], on_error: OnError
) -> Sequence[_MadeNotice]:
    """Write the rows of some notices; return those that could be written."""
    encoded = None
    if on_error is None:
        encoded = _encode(sinks, made)
    else:
        errors: list[PipelineError] = []
        with hold_errors("", errors.append):
            encoded = _encode(sinks, made)
    if encoded is None:
        made = [one for one in made if _can_encode(sinks, one, on_error)]
        encoded = _encode(sinks, made)
    for name, (own, count) in encoded.items():
        sinks[name].write(own, count)
    return made


def _encode(sinks: Mapping[str, Sink], made: Sequence[_MadeNotice]) -> dict[str, tuple[Any, int]]:
    encoded: dict[str, tuple[Any, int]] = {}
    for name in made[0].rows if made else ():
        rows = [row for one in made for row in one.rows[name]]
        encoded[name] = sinks[name].encode(rows), len(rows)
    return encoded


def _can_encode(sinks: Mapping[str, Sink], made: _MadeNotice, on_error: OnError) -> bool:
    """Answer whether the rows of a notice can be written, and report the error if not."""
    with hold_errors(made.notice_id, on_error):
        try:
            _encode(sinks, [made])
        except RecordError as error:
            fact = f"{error.place}: {error.fact}"
            raise RecordError(made.notice_id, fact, error.remedy) from error
        return True
    return False


def _split_into_portions(notices: Iterable[Notice]) -> Iterator[list[Notice]]:
    """Yield notices in lists that fit into memory, however long each notice is."""
    portion: list[Notice] = []
    characters = 0
    for notice in notices:
        portion.append(notice)
        characters += len(notice.source.text)
        if len(portion) == _MOST_NOTICES or characters >= _MOST_CHARACTERS:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion


def _find_earlier(folder: Path) -> set[Path]:
    """Return the files that an earlier export left here.

    Raises OutputError where the folder is a file, a dataset, or has another data package.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(folder, "is a file", "name a folder")
    if (folder / MANIFEST).exists() or (folder / "json").is_dir():
        raise OutputError(folder, "holds a dataset", "name another folder")
    path = folder / PACKAGE
    journal = {folder / one for one in read_journal(folder) if _RESOURCE.fullmatch(one)}
    if not path.exists():
        return journal
    try:
        package = json.loads(path.read_bytes())
        named = [one["path"] for one in package["resources"] if package["name"] == PACKAGE_NAME]
    except (OSError, ValueError, KeyError, TypeError):
        named = []
    if not named:
        raise OutputError(path, "is no data package of ours", "name another folder")
    return journal | {folder / one for one in named if _RESOURCE.fullmatch(one)}
