"""Source -> Notice: calls the rooms below, builds the records, reports problems."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from pipeline.dates import find_date, parse_due
from pipeline.fields import Clause, field_key, find_clauses
from pipeline.header import Header, find_header
from pipeline.items import Owner, Plan, Task, find_tasks, heading_span, settle
from pipeline.lexicon import alternation, words
from pipeline.model import Name, Notice, Source
from pipeline.outline import Block, find_blocks
from pipeline.text import fold, trim, without_blanks
from pipeline.units import Listed, is_collective, is_unit, split_post

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLES = {"leader": "leaders", "host": "host_units", "co_host": "co_host_units"}
_TITLE_END = re.compile(r"[。!?\n]")
_FURNITURE = re.compile(alternation(words("boilerplate", "furniture")))
_NOT_PLAN = re.compile(alternation(words("boilerplate", "not_plan")))
_ATTACHMENTS = re.compile(r"附件?\s?:")
_LINE = re.compile(r"[^\n]+")
_BLANKS = " \t\n"
_EDGES = " \t\n。;"

# Short stems without an ending of their own are common: 公安、安监、发展改革.
_SHORT_NAME = 8

_Record = dict[str, Any]


def parse_notice(source: Source, notice_id: str | None = None) -> Notice:
    """The record of a source: its header, items, problems; no text whatever raises.

    `notice_id` defaults to the first twelve digits of the source's hash.
    """
    return _Parser(source, notice_id or source.sha256[:12]).notice()


class _Parser:
    """One source on its way to a record; holds what the steps share and nothing else."""

    def __init__(self, source: Source, notice_id: str) -> None:
        self.source = source
        self.text = source.text
        self.folded = fold(source.text)
        self.notice_id = notice_id
        self.problems: list[_Record] = []
        self.blocks: list[Block] = _plan_blocks(self.folded)
        self.clauses: list[Clause] = find_clauses(
            self.folded, [block.start for block in self.blocks]
        )
        self.clause_starts = [clause.start for clause in self.clauses]
        self.block_starts = {block.start for block in self.blocks}
        self.plan: Plan = find_tasks(self.folded, self.blocks, self.clauses)
        opening = [task.start for task in self.plan.tasks[:1]]
        opening += [self.blocks[index].start for index in self.plan.sections[:1]]
        opening = opening or [block.start for block in self.blocks[:1]]
        first = min(opening, default=len(self.folded))
        self.header: Header = find_header(self.text, self.folded, first)
        self.names: dict[tuple[int, int], Name] = {}
        self.heading_spans = {index: self._heading(index) for index in self.plan.sections}
        self.headings = {
            index: self.text[slice(*span)].strip() for index, span in self.heading_spans.items()
        }

    def notice(self) -> Notice:
        """The finished record."""
        items = [self._item(n, task) for n, task in enumerate(self.plan.tasks, 1)]
        sections = [self._section(index) for index in self.plan.sections]
        self._check(items)
        parts = list(self._parts(items, sections))
        header = self.header
        return Notice.model_validate(
            {
                "notice_id": self.notice_id,
                "source": self.source,
                "kind": header.kind,
                "title": header.title,
                "notice_title": header.notice_title,
                "document_number": header.document_number,
                "issuing_body": header.issuing_body,
                "region": header.region,
                "year": header.year,
                "year_end": header.year_end,
                "issued_on": header.issued_on,
                "published_on": header.published_on,
                "sections": sections,
                "items": items,
                "parts": parts,
                "problems": self.problems,
            }
        )

    def _item_id(self, number: int) -> str:
        return f"{self.notice_id}#{number}"

    def _item(self, number: int, task: Task) -> _Record:
        block = self.blocks[task.block]
        numbered = task.start == block.start
        owners = settle(task, self.plan.first_leads_from)
        title_end = self._title_end(task)
        item: _Record = {
            "item_id": self._item_id(number),
            "label": self.text[block.start : block.body].strip() if numbered else None,
            "number": block.number if numbered else None,
            "path": self._path(task),
            "parent_id": self._item_id(task.parent + 1) if task.parent >= 0 else None,
            "title": self.text[task.body : title_end].strip(),
            "content": self._content(number - 1, task),
            "assignments": [self._assignment(owner) for owner in owners],
            "deadline": None,
            "fields": {},
            "span": {"start": task.start, "end": task.end},
        }
        for role, key in _ROLES.items():
            item[key] = self._role_names(owners, role)
        hosts = {name.name for name in item["host_units"]}
        item["co_host_units"] = [n for n in item["co_host_units"] if n.name not in hosts]
        self._labelled(task, item)
        return item

    def _title_end(self, task: Task) -> int:
        limit = min([task.end, *(c.start for c in task.clauses if c.carrier != "sentence")])
        stop = _TITLE_END.search(self.folded, task.body, limit)
        if stop is None:
            return limit
        return stop.start() if stop[0] == "\n" else stop.end()

    def _path(self, task: Task) -> list[str]:
        """Headings above an item; a measure's path stops above its parent."""
        path = []
        index = self.blocks[task.block].parent
        while index >= 0:
            if index in self.headings:
                path.append(self.headings[index])
            index = self.blocks[index].parent
        return path[::-1]

    def _heading(self, index: int) -> tuple[int, int]:
        block = self.blocks[index]
        first = bisect_right(self.clause_starts, block.body)
        return heading_span(self.folded, block, self.clauses[first : first + 1])

    def _section(self, index: int) -> _Record:
        block = self.blocks[index]
        _, end = self.heading_spans[index]
        return {
            "label": self.text[block.start : block.body].strip(),
            "heading": self.headings[index],
            "level": block.depth + 1,
            "span": {"start": block.start, "end": max(end, block.body)},
        }

    def _content(self, number: int, task: Task) -> str:
        """The item's own text without its clauses and labelled fields."""
        pieces, at = [], task.body
        own_end = self._measures_start(number, task)
        for clause in task.clauses:
            if clause.carrier == "sentence":
                continue
            pieces.append(self.text[at : max(at, clause.start)].strip(_BLANKS))
            at = max(at, clause.end)
        pieces.append(self.text[at:own_end].strip(_BLANKS))
        return "\n".join(piece for piece in pieces if piece)

    def _measures_start(self, number: int, task: Task) -> int:
        """Where the first measure that is an item of its own begins, else the item's end."""
        following = self.plan.tasks[number + 1 : number + 2]
        return following[0].start if following and following[0].parent == number else task.end

    def _name(self, listed: Listed, role: str) -> Name:
        key = (listed.start, listed.end)
        known = self.names.get(key)
        if known is not None:
            return known
        name = without_blanks(self.folded[listed.start : listed.end])
        post = None
        if role == "leader":
            kind = "person"
            person, post = split_post(name)
            at = self.folded.find(person, listed.start, listed.end) if post else -1
            if at >= 0:
                listed, name = Listed(at, at + len(person)), person
        else:
            kind = "collective" if is_collective(name) else "unit"
        record = Name.model_validate(
            {
                "text": self.text[listed.start : listed.end],
                "span": {"start": listed.start, "end": listed.end},
                "name": name.replace("[", "(").replace("]", ")"),
                "kind": kind,
                "post": post,
                "aliases": (self.folded[slice(*listed.plate)],) if listed.plate else (),
            }
        )
        self.names[key] = record
        return record

    def _role_names(self, owners: list[Owner], role: str) -> list[Name]:
        found: dict[str, Name] = {}
        for owner in owners:
            if owner.role == role:
                for listed in owner.names:
                    record = self._name(listed, role)
                    found.setdefault(record.name, record)
        return list(found.values())

    def _assignment(self, owner: Owner) -> _Record:
        return {
            "role": owner.role,
            "label": self.text[slice(*owner.label)].strip() if owner.label else None,
            "names": [self._name(listed, owner.role) for listed in owner.names],
            "open_ended": owner.open_ended,
            "span": {"start": owner.span[0], "end": owner.span[1]},
            "scope": {"start": owner.scope[0], "end": owner.scope[1]},
        }

    def _labelled(self, task: Task, item: _Record) -> None:
        """Deadlines and other labelled fields; a role's label with nobody behind it."""
        for clause in task.clauses:
            for share in clause.shares:
                start, end = trim(self.folded, share.start, share.end, _EDGES)
                span = {"start": start, "end": end}
                if share.say == "deadline":
                    due = parse_due(self.folded[start:end], self.header.year)
                    if due.precision is None and start < end:
                        told = (start, end)
                        self._problem(
                            "unread-date", "warning", "时限没有读懂", told, item["item_id"]
                        )
                    item["deadline"] = {
                        "text": self.text[start:end],
                        "span": span,
                        "due": due.day,
                        "precision": due.precision,
                    }
                elif share.say in ("field", "guide") and start < end:
                    label = self.folded[slice(*share.label)].strip() if share.label else "指导"
                    key = field_key(label) if share.label else "guidance"
                    value = {"label": label, "text": self.text[start:end], "span": span}
                    item["fields"].setdefault(key, value)
            if not clause.shares and clause.carrier == "label":
                self._problem(
                    "empty-list",
                    "warning",
                    "标签后没有单位或人名",
                    (clause.start, clause.end),
                    item["item_id"],
                )

    def _problem(
        self,
        code: str,
        severity: str,
        message: str,
        span: tuple[int, int] | None = None,
        item_id: str | None = None,
    ) -> None:
        place = {"start": span[0], "end": span[1]} if span else None
        self.problems.append(
            {
                "code": code,
                "severity": severity,
                "message": message,
                "span": place,
                "item_id": item_id,
            }
        )

    def _check(self, items: list[_Record]) -> None:
        """What a careful reader of the notice would mark."""
        for span in self.header.unread_dates:
            self._problem("unread-date", "warning", "日期没有读懂", span)
        if self.header.unread_number:
            self._problem("unread-number", "warning", "文号没有读懂", self.header.unread_number)
        if not items:
            reason = _NOT_PLAN.search(self.header.title or self.text[:60])
            why = f"标题或开头含“{reason[0]}”" if reason else "没有写明责任的编号事项"
            self._problem("not-a-plan", "error", f"不是任务分工:{why}")
            return
        hosted = sum(bool(item["host_units"]) for item in items)
        led = sum(bool(item["leaders"]) for item in items)
        for item, task in zip(items, self.plan.tasks, strict=True):
            span = (task.start, task.end)
            if not item["host_units"] and hosted:
                self._problem("missing-host", "warning", "没有主办单位", span, item["item_id"])
            if not item["leaders"] and 2 * led >= len(items):
                self._problem("missing-leader", "warning", "没有牵头领导", span, item["item_id"])
            odd = self._odd_name(item)
            if odd:
                message = f"不像单位名称:{odd[:20]}"
                self._problem("odd-name", "warning", message, span, item["item_id"])
            if task.weak:
                self._problem("weak-sentence", "warning", "责任从句子读出", span, item["item_id"])
        self._check_numbers(items)

    @staticmethod
    def _odd_name(item: _Record) -> str | None:
        """A host or co-host that does not read as a unit: the list was probably cut wrong."""
        records: list[Name] = [*item["host_units"], *item["co_host_units"]]
        for record in records:
            name = record.name
            if len(name) < 2 or (len(name) > _SHORT_NAME and not is_unit(name)):
                return name
        return None

    def _check_numbers(self, items: list[_Record]) -> None:
        by_block = {
            task.block: item["item_id"] for item, task in zip(items, self.plan.tasks, strict=True)
        }
        before: dict[tuple[int, str], int] = {}
        for index, block in enumerate(self.blocks):
            if index not in by_block and index not in self.headings:
                continue
            last = before.get((block.parent, block.kind))
            span, item_id = (block.start, block.body), by_block.get(index)
            if last is not None and block.number > last + 1:
                message = f"编号从{last}跳到{block.number}"
                self._problem("number-gap", "warning", message, span, item_id)
            elif last is not None and block.number == last:
                self._problem("number-duplicate", "warning", f"编号{last}重复", span, item_id)
            before[block.parent, block.kind] = block.number

    def _parts(self, items: list[_Record], sections: list[_Record]) -> Iterator[_Record]:
        """Every stretch between items and headings, by what it is; blanks are nobody's."""
        taken = sorted(
            (record["span"]["start"], record["span"]["end"]) for record in (*items, *sections)
        )
        first = taken[0][0] if taken else len(self.text)
        last = max((end for _, end in taken), default=0)
        at = 0
        for start, end in [*taken, (len(self.text), len(self.text))]:
            if start > at:
                yield from self._gap(at, start, first, last)
            at = max(at, end)

    def _gap(self, start: int, end: int, first: int, last: int) -> Iterator[_Record]:
        for line in _LINE.finditer(self.folded, start, end):
            a, b = trim(self.folded, line.start(), line.end(), _EDGES)
            if a >= b:
                continue
            name = self._part_name(a, b, first, last)
            if name is None:
                self._problem("unread-text", "info", "没有读懂的文字", (a, b))
            else:
                yield {"name": name, "span": {"start": a, "end": b}}

    def _part_name(self, a: int, b: int, first: int, last: int) -> str | None:
        signature = self.header.signature
        # A line's last stop is no part of it, but tells a sentence from a title.
        prose = "。" in self.folded[a : b + 1]
        if signature and a < signature[1] and b > signature[0] and not prose:
            return "signature"
        if a in self.block_starts:
            return "requirements"
        dated = a < self.header.end and find_date(self.folded, a, b)
        if not prose and not dated and _FURNITURE.search(self.folded, a, b):
            return "furniture"
        if b <= first and a < self.header.end:
            return "notice" if prose else "header"
        if b <= first:
            return "foreword" if prose or ":" in self.folded[a:b] else "header"
        if a >= last:
            return "closing" if prose else None
        return "lead_in"


def _plan_blocks(folded: str) -> list[Block]:
    """The numbered blocks, without those of a list of attachments: 附件:1.…2.…"""
    blocks = find_blocks(folded)
    starts = [block.start for block in blocks]
    for match in _ATTACHMENTS.finditer(folded):
        index = bisect_left(starts, match.end())
        if index < len(blocks) and not folded[match.end() : blocks[index].start].strip():
            depth, parent = blocks[index].depth, blocks[index].parent
            cut = index
            while cut < len(blocks) and blocks[cut].depth >= depth and blocks[cut].parent >= parent:
                cut += 1
            if cut == len(blocks):
                for block in blocks[:index]:
                    block.end = min(block.end, match.start())
                    if block.first_child >= match.start():
                        block.first_child = 0
                return blocks[:index]
    return blocks
