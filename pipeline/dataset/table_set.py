"""Make all tables of an OUTPUT; a notice of which rows cannot be written is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.aggregates import Aggregates, find_mentions
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_rows import notice_rows, table_to_csv
from pipeline.errors import hold_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from pipeline.dataset.aggregates import Mentions
    from pipeline.dataset.table_rows import TableRow
    from pipeline.errors import PipelineError
    from pipeline.model import Notice


class Contribution(NamedTuple):
    """A notice's rows in each table, and its mentions of bodies and leaders."""

    rows: dict[str, list[TableRow]]
    mentions: Mentions


class MadeTable(NamedTuple):
    """A table as CSV, and the number of its rows."""

    data: bytes
    size: int | None


def contribute(notice: Notice) -> Contribution:
    """Return what a notice gives to the tables."""
    return Contribution(notice_rows(notice), find_mentions(notice))


def make_tables(contributions: Iterable[Contribution]) -> dict[str, MadeTable]:
    """Make every table of what notices give, in the order of the notices."""
    rows: dict[str, list[TableRow]] = {table: [] for table in COLUMNS}
    aggregates = Aggregates()
    for one in contributions:
        aggregates.add(one.mentions)
        for table, of_table in one.rows.items():
            rows[table].extend(of_table)
    rows |= aggregates.rows()
    return {name: MadeTable(table_to_csv(name, own), len(own)) for name, own in rows.items()}


def make_sound_tables(
    contributions: Mapping[str, Contribution], hold: Callable[[str], AbstractContextManager[None]]
) -> tuple[dict[str, MadeTable], set[str]]:
    """Make every table; return with them the ids of the notices that had to be left out.

    `hold` gives the context that takes the error of a notice. Where making the tables fails, each
    notice's own tables are tried, to find out at which notice it fails.
    """
    errors: list[PipelineError] = []
    with hold_errors("", errors.append):
        return make_tables(contributions.values()), set()
    sound: dict[str, Contribution] = {}
    for notice_id, one in contributions.items():
        with hold(notice_id):
            make_tables([one])
            sound[notice_id] = one
    return make_tables(sound.values()), contributions.keys() - sound.keys()
