"""The items of a static copy as small scripts, which its page of search loads as it needs them.

`items-N.js` has the items of one part, newest plans first; `index-N.js` says in which items each pair of
neighbouring characters is. A search reads the index of its own characters and the parts of the items that
it shows, so that a hundred thousand items cost no more than a thousand.
"""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.web.library import ItemFilter
from pipeline.web.site.addresses import SEARCH, file_of, link_between
from pipeline.web.site.search_index import SearchIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.web.library import ItemRow, Snapshot

# So many items are in one script; the page's script knows it from the page.
PART = 100
_PAGE = 1000
_FOLDER = "search"


class SearchData(NamedTuple):
    """The scripts of a copy by their names, how many items they have, and how many parts the index has."""

    names: tuple[str, ...]
    items: int
    shards: int


def write_search(snapshot: Snapshot, folder: Path) -> SearchData:
    """Write the scripts of a copy's search below a folder."""
    (folder / _FOLDER).mkdir()
    index = SearchIndex()
    names = []
    rows = _list_items(snapshot)
    while some := [_shown(one) for one in islice(rows, PART)]:
        for one in some:
            index.add(one)
        names.append(_write(folder, f"items-{len(names)}", "fengongItems", len(names), some))
    shards = index.shards()
    for number, pairs in enumerate(shards):
        names.append(_write(folder, f"index-{number}", "fengongIndex", number, pairs))
    return SearchData(tuple(names), index.items, len(shards))


def _write(folder: Path, name: str, variable: str, number: int, data: object) -> str:
    # "<" as an escape: no text may end the script, wherever it is put.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    file = f"{_FOLDER}/{name}.js"
    made = f"(window.{variable} ??= {{}})[{number}] = {text};\n"
    # Half of a surrogate pair has no UTF-8; a script says it by its code.
    (folder / file).write_bytes(made.encode("utf-8", "backslashreplace"))
    return file


def _list_items(snapshot: Snapshot) -> Iterator[ItemRow]:
    after = None
    while True:
        page = snapshot.items(ItemFilter(), after, _PAGE)
        yield from page.rows
        after = page.following
        if after is None:
            return


def _shown(row: ItemRow) -> dict[str, str]:
    cells = row.cells
    names = (cells["leaders"], cells["host_units"], cells["co_host_units"])
    page = file_of(f"/notices/{row.notice_id}")
    return {
        "address": f"{link_between(file_of(SEARCH), page)}#i{row.position}",
        "title": row.title,
        "content": str(cells["content"] or ""),
        "names": "\n".join(str(one) for one in names if one),
        "more": "\n".join(str(cells[one]) for one in ("path", "fields") if cells[one]),
        "place": str(cells["place"] or cells["region"] or ""),
        "year": str(cells["year"] or ""),
    }
