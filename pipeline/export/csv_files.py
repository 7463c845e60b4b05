"""Export the tables as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from pipeline.dataset.table_rows import table_to_csv
from pipeline.export.export_folder import Format, Sink, TextSink, write_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.dataset.table_rows import TableRow
    from pipeline.errors import OnError
    from pipeline.model import Notice


def write_csv(
    notices: Iterable[Notice], folder: Path, *, bom: bool = True, on_error: OnError = None
) -> dict[str, int]:
    """Write the tables as CSV, formulas defused; return the rows of each. Raises OutputError.

    `bom` is the byte-order mark by which Excel recognizes UTF-8; for `on_error` see `write_folder`.
    """

    def open_sink(table: str, file: BinaryIO) -> Sink:
        file.write(table_to_csv(table, [], mark=bom))
        return TextSink(file, lambda rows: _rows_without_head(table, rows))

    encoding = "utf-8-sig" if bom else "utf-8"
    return write_folder(notices, folder, Format("csv", open_sink, {}, encoding), on_error)


def _rows_without_head(table: str, rows: list[TableRow]) -> bytes:
    return table_to_csv(table, rows, mark=False).partition(b"\n")[2]
