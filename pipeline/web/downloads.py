"""Give a table of a page as a file: CSV, JSON or a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.web.exported_table import ExportFormat, export_table

if TYPE_CHECKING:
    from starlette.responses import Response


class PageTable(NamedTuple):
    """A table that a page shows: the name of its file, the names of its columns, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def download(table: PageTable, kind: ExportFormat) -> Response:
    """Return a table as a file."""
    rows = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    return export_table(table.name, table.columns, rows, kind).as_response()
