"""The items of a static copy as scripts, which a page loads where no server is asked."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from pipeline.web.library import ItemFilter
from pipeline.web.site.addresses import SEARCH, file_of, link_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.web.library import ItemRow, Snapshot

# So many items are in one script.
PART = 2000
_PAGE = 1000


def part_name(number: int) -> str:
    """Return the file of a part of the items."""
    return f"search/items-{number}.js"


def make_parts(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the items, newest plans first, in scripts of so many."""
    items = _list_items(snapshot)
    while some := [_shown(one) for one in islice(items, PART)]:
        # "<" as an escape: no text may end the script, wherever it is put.
        data = json.dumps(some, ensure_ascii=True).replace("<", "\\u003c")
        yield f"(window.fengongItems ??= []).push({data});\n".encode()


def _list_items(snapshot: Snapshot) -> Iterator[ItemRow]:
    after = None
    while True:
        page = snapshot.items(ItemFilter(), after, _PAGE)
        yield from page.rows
        after = page.following
        if after is None:
            return


def _shown(row: ItemRow) -> dict[str, object]:
    cells = row.cells
    names = (cells["leaders"], cells["host_units"], cells["co_host_units"])
    page = file_of(f"/notices/{row.notice_id}")
    return {
        "address": f"{link_between(file_of(SEARCH), page)}#i{row.position}",
        "title": row.title,
        "content": cells["content"] or "",
        "names": "\n".join(str(one) for one in names if one),
        "more": "\n".join(str(cells[one]) for one in ("path", "fields") if cells[one]),
        "place": cells["place"] or cells["region"] or "",
        "year": cells["year"] or "",
    }
