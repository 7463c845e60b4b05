"""The Chinese titles and the descriptions, in Chinese and English, of tables, records and columns.

They are the rows of column_descriptions.csv: `owner` is a table or a class of records, an empty
`column` describes the owner itself. The title of a field of a record is in the model.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.dataset.table_columns import DatasetColumn


class Description(NamedTuple):
    """What a table, a record or a column is; a title that the model has is empty here."""

    title: str
    zh: str
    en: str


_UNKNOWN = Description("", "", "")


@cache
def all_descriptions() -> Mapping[tuple[str, str], Description]:
    """Return every description by owner and column."""
    data = (files("pipeline.dataset") / "column_descriptions.csv").read_text("utf-8")
    rows = csv.reader(data.splitlines()[1:])
    return {(owner, column): Description(*told) for owner, column, *told in rows}


def describe(owner: str, column: str = "") -> Description:
    """Return what a column of a table or record is, or the owner itself; empty where nobody has told."""
    return all_descriptions().get((owner, column), _UNKNOWN)


def describe_column(table: str, column: DatasetColumn) -> Description:
    """Return what a column of a table is: as the table says, else as the model of its values does."""
    own = describe(table, column.name)
    if own is _UNKNOWN and column.model is not None:
        return describe(column.model.__name__, column.name)
    return own
