"""Find the tables of a text and assign their cells to columns."""

from pipeline.parse.tables.flattened import find_tables
from pipeline.parse.tables.glued import find_glued
from pipeline.parse.tables.row_numbers import split_number
from pipeline.parse.tables.table import TableColumn, TableRow, TextTable

__all__ = [
    "TableColumn",
    "TableRow",
    "TextTable",
    "find_glued",
    "find_tables",
    "split_number",
]
