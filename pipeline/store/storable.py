"""Find out whether a store can keep a record, and make its texts fit for every database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.in_force import in_force
from pipeline.errors import StoreError
from pipeline.model import Notice
from pipeline.store.schema import ITEM_STEP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Item

_LAST_YEAR = 9999
_GREATEST = 2**63 - 1
# PostgreSQL's index has room for so many bytes of a name and its body together.
_LONGEST_NAME = 2500
# A NUL in the text of a JSON document. Must not match the six characters that are written \\\\u0000.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_REMEDY = "put the document right and parse it again, or correct the field"


class StorableRecord(NamedTuple):
    """A record: `text` is its JSON as it is, `notice` has U+FFFD for each NUL.

    PostgreSQL keeps no NUL in a text, and programs that read SQLite end a text there.
    """

    notice: Notice
    text: str


def make_storable(notice: Notice) -> StorableRecord:
    """Make a record storable. Raises StoreError for one that no store can keep whole."""
    text = notice.model_dump_json()
    if "\\u0000" in text:
        notice = Notice.model_validate_json(_NUL.sub("\\1\ufffd", text))
    for fact in _find_unfit(in_force(notice)):
        raise StoreError(notice.notice_id, fact, _REMEDY)
    return StorableRecord(notice, text)


def _find_unfit(notice: Notice) -> Iterator[str]:
    """Yield facts about a notice that no store can keep."""
    for year in (notice.year, notice.year_end):
        if year is not None and not 0 <= year <= _LAST_YEAR:
            yield f"the year {year} is beyond what a store counts"
    for item in notice.items:
        yield from _find_unfit_item(item)


def _find_unfit_item(item: Item) -> Iterator[str]:
    if item.number is not None and abs(item.number) > _GREATEST:
        yield f"the number of {item.item_id} is beyond what a store counts"
    names = [name for one in item.assignments for name in one.names]
    if len(names) >= ITEM_STEP:
        yield f"{item.item_id} has {len(names):,} names, a store keeps {ITEM_STEP - 1:,}"
    for name in names:
        size = len(f"{name.name}{name.canonical or ''}".encode())
        if size > _LONGEST_NAME:
            yield f"a name in {item.item_id} has {size:,} bytes, an index keeps {_LONGEST_NAME:,}"
