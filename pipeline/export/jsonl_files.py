"""Export records and tables as JSON Lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from pipeline.dataset.table_rows import plain_row
from pipeline.export.export_folder import RECORDS, Format, Sink, TextSink, write_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.errors import OnError
    from pipeline.model import Notice

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_jsonl(
    notices: Iterable[Notice], folder: Path, on_error: OnError = None
) -> dict[str, int]:
    """Write records.jsonl, a whole record in a line, and the tables; return the rows of each.

    A table's line is an object of all its columns, null for what is absent. Raises OutputError.
    """
    views = {RECORDS: lambda notice: [notice.model_dump_json()]}
    return write_folder(notices, folder, Format("jsonl", _open_sink, views), on_error)


def _open_sink(name: str, file: BinaryIO) -> Sink:
    if name == RECORDS:
        return TextSink(file, _join_lines)
    return TextSink(
        file, lambda rows: _join_lines([_to_json(plain_row(name, row)) for row in rows])
    )


def _join_lines(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
