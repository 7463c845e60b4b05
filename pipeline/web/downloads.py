"""Give a table of a page as a file: CSV, JSON or a workbook."""

from __future__ import annotations

from typing import Literal, NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from pipeline.web.exported_table import export_table

Format = Literal["csv", "json", "xlsx"]


class PageTable(NamedTuple):
    """A table that a page shows: its name, the names of its columns, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def download(table: PageTable, kind: Format) -> Response:
    """Return a table as a file."""
    made = export_table(table.name, table.columns, table.rows, kind)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(made.filename)}"}
    return Response(made.data, media_type=made.media_type, headers=headers)
