"""Write a folder of files for other programs: tables in force, whole records, a data package.

The records are read one by one and never all kept in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from pipeline.dataset.aggregates import Aggregates, find_mentions
from pipeline.dataset.data_package import PACKAGE_NAME, FileKind, make_package
from pipeline.dataset.files import replace_whole
from pipeline.dataset.manifest import MANIFEST, PACKAGE
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_rows import notice_rows
from pipeline.errors import OutputError, PipelineError, hold_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pipeline.dataset.aggregates import Mentions
    from pipeline.dataset.table_rows import TableRow
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

    def add(self, rows: list[Any]) -> None:
        """Add rows."""

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
    """A text file while it is written: each portion of rows becomes bytes at once."""

    def __init__(self, file: BinaryIO, encode: Callable[[list[Any]], bytes]) -> None:
        self.count = 0
        self._file = file
        self._encode = encode

    def add(self, rows: list[Any]) -> None:
        """Write rows."""
        self.count += len(rows)
        self._file.write(self._encode(rows))

    def close(self) -> None:
        """Do nothing: no rows are kept back."""

    abandon = close


OnError = Callable[[PipelineError], None] | None


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
    with replace_whole(folder / PACKAGE, *paths, removed=gone) as (described, *files):
        sinks: dict[str, Sink] = {}
        try:
            for name, file in zip(names, files, strict=True):
                sinks[name] = form.open(name, file)
            _fill(sinks, notices, form, on_error)
            for sink in sinks.values():
                sink.close()
        except BaseException:
            for sink in sinks.values():
                sink.abandon()
            raise
        sizes = {name: sink.count for name, sink in sinks.items()}
        tables: dict[str, int | None] = {name: sizes[name] for name in COLUMNS}
        described.write(make_package(tables, form.kind, form.encoding, form.views))
    return sizes


def _fill(
    sinks: Mapping[str, Sink], notices: Iterable[Notice], form: Format, on_error: OnError
) -> None:
    """Write the rows of all notices into the files, then those that all notices give together."""
    aggregates = Aggregates()
    for portion in _split_into_portions(notices):
        made: list[tuple[dict[str, list[Any]], dict[str, list[TableRow]], Mentions]] = []
        for notice in portion:
            with hold_errors(notice.notice_id, on_error):
                views = {name: view(notice) for name, view in form.views.items()}
                made.append((views, notice_rows(notice), find_mentions(notice)))
        for name in form.views:
            sinks[name].add([row for views, _, _ in made for row in views[name]])
        for _, tables, mentions in made:
            aggregates.add(mentions)
            for table, rows in tables.items():
                sinks[table].add(rows)
    for table, rows in aggregates.rows().items():
        sinks[table].add(rows)


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
    if not path.exists():
        return set()
    try:
        package = json.loads(path.read_bytes())
        named = [one["path"] for one in package["resources"] if package["name"] == PACKAGE_NAME]
    except (OSError, ValueError, KeyError, TypeError):
        named = []
    if not named:
        raise OutputError(path, "is no data package of ours", "name another folder")
    return {folder / one for one in named if _RESOURCE.fullmatch(one)}
