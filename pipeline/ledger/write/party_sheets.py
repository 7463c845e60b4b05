"""Write the sheets of units and leaders: an index of them, and the items of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.ledger.answers import OTHER_STATE
from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import (
    CO_HOST,
    HOST,
    LEAD,
    LEADERS,
    ROLE,
    STATES,
    LedgerColumn,
    index_columns,
    own_columns,
)
from pipeline.ledger.write.arrangement import find_title, shown
from pipeline.ledger.write.layout import fit_widths, printed
from pipeline.ledger.write.overdue import OverdueDays
from pipeline.ledger.write.paper import TOP, Formula, PaperRow, link
from pipeline.ledger.write.styles import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.ledger.content import Party
    from pipeline.ledger.write.arrangement import Arrangement
    from pipeline.ledger.write.paper import Paper


class _OwnSheet(NamedTuple):
    """The sheet of a unit or leader: its name, columns, and formulas; `kind` is the index it is in."""

    party: Party
    name: str
    kind: str
    columns: list[LedgerColumn]
    days: OverdueDays


def write_parties(
    paper: Paper, arrangement: Arrangement, index: str, parties: Sequence[Party]
) -> None:
    """Write an index (单位 or 领导), and a sheet for each of its parties."""
    sheet = paper.add(index)
    has_days = "due" in arrangement.present
    columns = index_columns(index, arrangement.words.roles, has_days=has_days)
    paper.title(sheet, f"{index}目录", f"共 {len(parties)} 个", len(columns) - 1)
    sheets = _own_sheets(paper, arrangement, index, parties)
    rows = (
        PaperRow(
            _index_cells(arrangement, own),
            targets={"name": link(own.name, 0, 0, own.party.name)},
            formulas={"overdue": _count_overdue(arrangement, own)} if has_days else {},
        )
        for own in sheets
    )
    paper.rows(sheet, columns, len(parties), rows)
    sheet.freeze_panes(TOP + 1, 1)
    for own in sheets:
        _write_party(paper, arrangement, own)


def _own_sheets(
    paper: Paper, arrangement: Arrangement, index: str, parties: Sequence[Party]
) -> list[_OwnSheet]:
    """Name the sheets of parties; sheets with the same columns of people's own share theirs."""
    known: dict[tuple[str, ...], tuple[list[LedgerColumn], OverdueDays]] = {}
    sheets = []
    for party in parties:
        extras = arrangement.extras.get(party.name, ())
        if extras not in known:
            columns = own_columns(
                arrangement.present, extras, arrangement.words.heads, leader=index == LEADERS
            )
            columns = fit_widths(columns, arrangement.lengths, arrangement.size.pixels)
            days = OverdueDays(columns, arrangement.answers, arrangement.today)
            known[extras] = columns, days
        sheets.append(_OwnSheet(party, paper.names.take(party.name), index, *known[extras]))
    return sheets


def _index_cells(arrangement: Arrangement, own: _OwnSheet) -> dict[str, str]:
    party = own.party
    counts = arrangement.answers.count_party(party)
    numbers = {"answered": counts.answered, "silent": counts.silent}
    numbers |= {state: counts.states[state] for state in (*STATES, OTHER_STATE)}
    if own.kind == LEADERS:
        numbers["items"] = len(party.items)
        return {"name": party.name} | {key: str(number) for key, number in numbers.items()}
    numbers |= {"hosted": party.count(HOST), "co_hosted": party.count(CO_HOST)}
    names = {"name": party.name, "names": fit("、".join(party.names))}
    return names | {key: str(number) for key, number in numbers.items()}


def _count_overdue(arrangement: Arrangement, own: _OwnSheet) -> Formula:
    """Count the items that a unit hosts, or a leader leads, and that are late."""
    role = LEAD if own.kind == LEADERS else HOST
    word = arrangement.words.roles.get(role, role)
    count = len(own.party.items)
    roles = own.days.range(
        own.name, count, next(n for n, c in enumerate(own.columns) if c.head == ROLE)
    )
    late = own.days.range(own.name, count)
    value = sum(
        own.days.days(arrangement.entries[item_id], own.party.name) > 0
        for item_id, own_roles in own.party.items.items()
        if role in own_roles
    )
    return Formula(f'=COUNTIFS({roles},"*{word}*",{late},">0")', value)


def _write_party(paper: Paper, arrangement: Arrangement, own: _OwnSheet) -> None:
    party, columns = own.party, own.columns
    sheet = paper.add(own.name)
    words = arrangement.words.roles
    counts = ((words.get(role, role), party.count(role)) for role in (LEAD, HOST, CO_HOST))
    line = ", ".join(f"{role} {count} 项" for role, count in counts if count)
    # The link to the index is beside the table: it is of no use on paper.
    back = link(own.kind, 0, 0, f"返回{own.kind}目录")
    paper.title(sheet, party.name, _name_plan(arrangement) + line, len(printed(columns)) - 1, back)
    paper.rows(sheet, columns, len(party.items), _party_rows(arrangement, own))
    sheet.freeze_panes(TOP + 1, find_title(columns) + 1)


def _name_plan(arrangement: Arrangement) -> str:
    """Name the plan of a ledger of one: a unit may get its sheet alone."""
    only = arrangement.ledger.only
    title = (only[0].title or only[0].notice_title or "") if only else ""
    return fit(f"{title}　") if title and not arrangement.ledger.is_several else ""


def _party_rows(arrangement: Arrangement, own: _OwnSheet) -> Iterator[PaperRow]:
    """Make the rows of items that a party hosts, then of others, in the order of the plan."""
    words = arrangement.words.roles
    width = own.columns[find_title(own.columns)].width
    party = own.party
    ranked = sorted(party.items.items(), key=lambda one: CO_HOST in one[1] and len(one[1]) == 1)
    for row, (item_id, roles) in enumerate(ranked, TOP + 1):
        entry = arrangement.entries[item_id]
        cells = {**shown(entry), "role": "、".join(words.get(role, role) for role in roles)}
        filled = arrangement.filled.get((party.name, item_id), {})
        targets = {"role": arrangement.links.to(item_id, cells["role"])}
        # LibreOffice shows only one line of a link.
        title = cells.get("title", "")
        if lines_of(title, width) == 1:
            targets["title"] = arrangement.links.to(item_id, title)
        formulas = own.days.of(entry, row, party.name)
        yield PaperRow(cells, filled, entry.notes, targets, formulas=formulas, item_id=item_id)
