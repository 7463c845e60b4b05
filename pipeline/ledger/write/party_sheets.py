"""Write the sheets of units and leaders: an index of them, and the items of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import INDEX_COLUMNS, LEADERS, own_columns
from pipeline.ledger.write.arrangement import find_title
from pipeline.ledger.write.paper import TOP, PaperRow, link
from pipeline.ledger.write.styles import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.ledger.content import Party
    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.ledger.write.paper import Paper


def write_parties(
    paper: Paper, arrangement: Arrangement, index: str, parties: Sequence[Party]
) -> None:
    """Write an index (单位 or 领导), and a sheet for each of its parties."""
    sheet = paper.add(index)
    columns = INDEX_COLUMNS[index]
    paper.title(sheet, f"{index}目录", f"共 {len(parties)} 个", len(columns) - 1)
    names = [paper.names.take(party.name) for party in parties]
    rows = (
        PaperRow(_index_cells(index, party), targets={"name": link(name, 0, 0, party.name)})
        for party, name in zip(parties, names, strict=True)
    )
    paper.rows(sheet, columns, len(parties), rows)
    sheet.freeze_panes(TOP + 1, 1)
    for party, name in zip(parties, names, strict=True):
        _write_party(paper, arrangement, party, index=index, name=name)


def _index_cells(index: str, party: Party) -> dict[str, str]:
    if index == LEADERS:
        return {"name": party.name, "items": str(len(party.items))}
    names = fit("、".join(party.names))
    counts = {"hosted": str(party.count("主办")), "co_hosted": str(party.count("协办"))}
    return {"name": party.name, **counts, "names": names}


def _write_party(
    paper: Paper, arrangement: Arrangement, party: Party, *, index: str, name: str
) -> None:
    sheet = paper.add(name)
    extras = arrangement.extras.get(party.name, ())
    columns = own_columns(arrangement.present, extras, leader=index == LEADERS)
    counts = ((role, party.count(role)) for role in ("牵头", "主办", "协办"))
    line = ", ".join(f"{role} {count} 项" for role, count in counts if count)
    # The link to the index is beside the table: it is of no use on paper.
    back = link(index, 0, 0, f"返回{index}目录")
    paper.title(sheet, party.name, line, len(columns) - 2, back)
    at = find_title(columns)
    rows = _party_rows(arrangement, party, columns[at].width)
    paper.rows(sheet, columns, len(party.items), rows)
    sheet.freeze_panes(TOP + 1, at + 1)


def _party_rows(arrangement: Arrangement, party: Party, width: float) -> Iterator[PaperRow]:
    """Make the rows of items that a party hosts, then of others, in the order of the plan."""
    ranked = sorted(party.items.items(), key=lambda one: "协办" in one[1] and len(one[1]) == 1)
    for item_id, roles in ranked:
        entry = arrangement.entries[item_id]
        cells = {**entry.cells, "role": "、".join(roles)}
        filled = arrangement.filled.get((party.name, item_id), {})
        targets = {"role": arrangement.links.to(item_id, cells["role"])}
        # LibreOffice shows only one line of a link.
        title = cells.get("title", "")
        if lines_of(title, width) == 1:
            targets["title"] = arrangement.links.to(item_id, title)
        yield PaperRow(cells, filled, entry.notes, targets)
