"""The sheets of a ledger: the items, the units and leaders with theirs, the problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.decisions.anchors import anchors_of
from pipeline.ledger import columns as heads
from pipeline.ledger.cell_text import CUT, fit
from pipeline.ledger.columns import BASIS, LEADERS, MAIN, PROBLEMS, UNITS
from pipeline.ledger.content import Mark, notes_of
from pipeline.ledger.write.paper import Row, link
from pipeline.ledger.write.styles import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.url import Url
    from xlsxwriter.worksheet import Worksheet

    from pipeline.ledger.columns import Column
    from pipeline.ledger.content import Entry, Ledger, Party
    from pipeline.ledger.write.paper import Paper
    from pipeline.model import Notice, Problem

_TOP = 2
_LONGEST_QUOTE, _LONGEST_PLACE = 300, 15
_NOTED_FIELDS = ("document_number", "issued_on", "region")


class Sheets:
    """The sheets of one ledger while they are written; `homeless` is progress without a cell."""

    def __init__(self, paper: Paper, ledger: Ledger, progress: list[Mark]) -> None:
        self.paper = paper
        self.ledger = ledger
        self.progress = [mark._replace(value=fit(mark.value)) for mark in progress]
        self.filled: dict[tuple[str, str], dict[str, str]] = {}
        self.extras: dict[str, dict[str, None]] = {}
        for mark in self.progress:
            self.filled.setdefault((mark.unit, mark.item_id), {})[mark.column] = mark.value
            if mark.column not in heads.FILLED:
                self.extras.setdefault(mark.unit, {}).setdefault(mark.column)
        for name in heads.SHEETS:
            paper.names.take(name)
        self.entries = {entry.item.item_id: entry for entry in ledger.entries}
        self.present = {"item_id"}.union(*(entry.cells.keys() for entry in ledger.entries))
        columns = heads.main_columns(self.present, self.extras.get("", ()))
        at = next(n for n, column in enumerate(columns) if column.key == "title")
        self.main = columns
        self.rows = {entry.item.item_id: row for row, entry in enumerate(ledger.entries, _TOP + 1)}
        self.at = at
        self.places: dict[tuple[str, str], Url] = {}
        self.anchors = {k: v for notice in ledger.reads for k, v in anchors_of(notice).items()}
        self.homeless = list(self._homeless())

    @property
    def cut(self) -> int:
        """How many texts were too long for a cell."""
        ends = (text.endswith(CUT) for one in self.ledger.entries for text in one.cells.values())
        return sum(ends) + sum(mark.value.endswith(CUT) for mark in self.progress)

    def write(self) -> None:
        """Write every sheet."""
        self._write_main()
        for name, parties in ((UNITS, self.ledger.units), (LEADERS, self.ledger.leaders)):
            self._write_parties(name, parties)
        self._write_problems()
        self._write_basis()

    def _homeless(self) -> Iterator[Mark]:
        """Progress of an item that is here, in the sheet of a unit that has it no more."""
        parties = (*self.ledger.units, *self.ledger.leaders)
        homes = {(party.name, item_id) for party in parties for item_id in party.items}
        for mark in self.progress:
            has_item = mark.item_id in self.entries and mark.unit
            if has_item and (mark.unit, mark.item_id) not in homes:
                yield mark

    # --- The items ---------------------------------------------------------------------------

    def _write_main(self) -> None:
        sheet = self.paper.add(MAIN)
        title, line, notes = self._about()
        last = len(self.main) - 2
        self.paper.title(sheet, title, line, last)
        for row, note in enumerate(notes):
            if note:
                sheet.write_comment(row, 0, note, {"author": "fengong", "x_scale": 2})
        rows = [
            Row(entry.cells, self._filled("", entry), entry.notes, depth=entry.depth)
            for entry in self.ledger.entries
        ]
        self.paper.rows(sheet, _TOP, self.main, rows)
        at = next(n for n, column in enumerate(self.main) if column.key == "title")
        sheet.freeze_panes(_TOP + 1, at + 1)

    def _filled(self, unit: str, entry: Entry) -> dict[str, str]:
        return self.filled.get((unit, entry.item.item_id), {})

    def _about(self) -> tuple[str, str, tuple[str, str]]:
        """The title of the ledger, the line below it, and the notes on both."""
        count = f"共 {len(self.ledger.entries)} 项"
        if self.ledger.is_several or len(self.ledger.notices) != 1:
            return MAIN, f"{len(self.ledger.notices)} 份文件, {count}", ("", "")
        notice = self.ledger.notices[0]
        title = notice.title or notice.notice_title or MAIN
        told = (notice.document_number, notice.issued_on, notice.region, count)
        return fit(title), fit("　".join(filter(None, told))), self._notes(self.ledger.reads[0])

    def _notes(self, notice: Notice) -> tuple[str, str]:
        notes = notes_of(notice, notice.corrected)
        title = notes.get("title") or notes.get("notice_title", "")
        return title, "\n".join(notes[one] for one in _NOTED_FIELDS if one in notes)

    # --- Units and leaders -------------------------------------------------------------------

    def _write_parties(self, index: str, parties: list[Party]) -> None:
        """An index, and a sheet for each."""
        sheet = self.paper.add(index)
        columns = list(heads.INDEX_COLUMNS[index])
        self.paper.title(sheet, f"{index}目录", f"共 {len(parties)} 个", len(columns) - 1)
        names = [self.paper.names.take(party.name) for party in parties]
        rows = [
            Row(self._counts(index, party), targets={"name": link(name, 0, 0, party.name)})
            for party, name in zip(parties, names, strict=True)
        ]
        self.paper.rows(sheet, _TOP, columns, rows)
        sheet.freeze_panes(_TOP + 1, 1)
        for party, name in zip(parties, names, strict=True):
            self._write_party(index, party, name)

    def _counts(self, index: str, party: Party) -> dict[str, str]:
        if index == LEADERS:
            return {"name": party.name, "items": str(len(party.items))}
        names = fit("、".join(party.names))
        counts = {"hosted": str(party.count("主办")), "co_hosted": str(party.count("协办"))}
        return {"name": party.name, **counts, "names": names}

    def _write_party(self, index: str, party: Party, name: str) -> None:
        sheet = self.paper.add(name)
        is_leader = index == LEADERS
        extras = self.extras.get(party.name, ())
        columns = heads.own_columns(self.present, extras, leader=is_leader)
        counts = ((role, party.count(role)) for role in ("牵头", "主办", "协办"))
        line = ", ".join(f"{role} {count} 项" for role, count in counts if count)
        self.paper.title(sheet, party.name, line, len(columns) - 2)
        self._write_way_back(sheet, index, columns)
        at = next(n for n, column in enumerate(columns) if column.key == "title")
        self.paper.rows(sheet, _TOP, columns, list(self._own_rows(party, columns[at].width)))
        sheet.freeze_panes(_TOP + 1, at + 1)

    def _write_way_back(self, sheet: Worksheet, index: str, columns: list[Column]) -> None:
        """A link to the index, beside the table: it is of no use on paper."""
        form = self.paper.styles.plain("back")
        sheet.write_url(0, len(columns) - 1, link(index, 0, 0, f"返回{index}目录"), form)

    def _place(self, item_id: str, text: str) -> Url:
        """A link to an item's row in the main sheet, shared by all cells that lead there."""
        key = item_id, text
        if key not in self.places:
            self.places[key] = link(MAIN, self.rows[item_id], self.at, text)
        return self.places[key]

    def _own_rows(self, party: Party, width: float) -> Iterator[Row]:
        """What it hosts, then what it takes part in, each in the order of the plan."""
        ranked = sorted(party.items.items(), key=lambda one: "协办" in one[1] and len(one[1]) == 1)
        for item_id, roles in ranked:
            entry = self.entries[item_id]
            cells = {**entry.cells, "role": "、".join(roles)}
            filled = self._filled(party.name, entry)
            targets = {"role": self._place(item_id, cells["role"])}
            # LibreOffice shows of a link no more than one line.
            title = cells.get("title", "")
            if lines_of(title, width) == 1:
                targets["title"] = self._place(item_id, title)
            yield Row(cells, filled, entry.notes, targets)

    # --- Problems, and what the ledger held --------------------------------------------------

    def _write_problems(self) -> None:
        columns = heads.problem_columns(several=self.ledger.is_several)
        rows = [
            self._problem(notice, one) for notice in self.ledger.notices for one in notice.problems
        ]
        sheet = self.paper.add(PROBLEMS)
        self.paper.title(sheet, PROBLEMS, f"共 {len(rows)} 处, 请对照原文", len(columns) - 1)
        self.paper.rows(sheet, _TOP, columns, rows)
        sheet.freeze_panes(_TOP + 1, 0)

    def _problem(self, notice: Notice, one: Problem) -> Row:
        text = notice.source.text[one.span.start : one.span.end] if one.span else ""
        if len(text) > _LONGEST_QUOTE:
            text = text[:_LONGEST_QUOTE] + "……"
        cells = {
            "plan_title": fit(notice.title or notice.notice_title or notice.notice_id),
            "severity": heads.SEVERITIES[one.severity],
            "code": one.code,
            "message": fit(one.message),
            "text": fit(text),
        }
        entry = self.entries.get(one.item_id or "")
        if entry is None:
            return Row(cells)
        item_id = entry.item.item_id
        words = " ".join((entry.item.label or "", *entry.cells.get("title", item_id).split()))
        cells["item"] = words if len(words) <= _LONGEST_PLACE else words[:_LONGEST_PLACE] + "…"
        return Row(cells, targets={"item": self._place(item_id, cells["item"])})

    def _write_basis(self) -> None:
        """A hidden sheet of the items in the ledger, and of the progress that stands in it.

        Units fill in copies of one ledger; only what differs from what it held was written there.
        """
        sheet = self.paper.book.add_worksheet(BASIS)
        sheet.very_hidden()
        rows: list[tuple[str, ...]] = [heads.BASIS_HEADS]
        rows += map(self._held, self.ledger.entries)
        rows += [m for m in self.progress if m.item_id in self.entries and m not in self.homeless]
        for number, row in enumerate(rows):
            for at, text in enumerate(row):
                if text:
                    form = self.paper.styles.of("code", text)
                    sheet.write_string(number, at, text, form)

    def _held(self, entry: Entry) -> tuple[str, ...]:
        """An item's row: no column and no value, but its words, and by what it is found again."""
        item_id, *about = self.anchors[entry.item.item_id]
        words = (entry.cells.get("title", ""), entry.cells.get("content", ""))
        return item_id, "", "", "", *words, *map(fit, about)
