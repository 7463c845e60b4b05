"""Find the cells of the plan itself that were changed by hand in a filled-in ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.ledger.cell_text import rest_of
from pipeline.ledger.content import SHOWN
from pipeline.ledger.read.ledger_reading import Difference
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pipeline.ledger.content import Entry
    from pipeline.ledger.read.filled_rows import FilledRow


def find_differences(
    row: FilledRow,
    entry: Entry,
    fields: Collection[str],
    before: Mapping[str, str],
    read: Mapping[str, str],
) -> Iterator[Difference]:
    """Yield the cells of a row that differ from the item in force, as written before, and as read.

    `fields` are those that the row's table has a column for; `before` are the item's cells when the
    ledger was written, `read` those before they were corrected.
    """
    for key in SHOWN:
        text, now = row.data.get(key, ""), entry.cells.get(key, "")
        if key == "content":
            text = _with_title(text, entry.cells, before)
        is_emptied = not text and key not in ("title", "content")
        if text == now or key not in fields or not (text or is_emptied):
            continue
        if squeeze(text) in (squeeze(now), squeeze(before.get(key, now))):
            continue
        # A ledger that was written before a correction has the value that was read.
        if key in entry.notes and squeeze(text) == squeeze(read.get(key, "")):
            continue
        yield Difference(entry.item_id, key, now, text)


def _with_title(text: str, now: Mapping[str, str], before: Mapping[str, str]) -> str:
    """Return a content with the title that it begins with, which its cell does not repeat.

    A cell that has the rest of the content as it is, or as it was written, is that content.
    """
    for cells in (now, before):
        content = cells.get("content", "")
        if text and squeeze(text) == squeeze(rest_of(cells.get("title", ""), content)):
            return content
    title, content = now.get("title", ""), now.get("content", "")
    rest = rest_of(title, content)
    if not text or rest == content or squeeze(text).startswith(squeeze(title)):
        return text
    if rest:
        return content[: len(content) - len(rest)] + text
    return f"{title}{text}" if title[-1:] in "。.!?！？" else f"{title}。{text}"
