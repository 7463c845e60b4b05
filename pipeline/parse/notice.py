"""Source -> Notice: calls the rooms below, builds the records, reports problems."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from pipeline.dates import parse_due
from pipeline.lexicon import words
from pipeline.model import Name, Notice, Source
from pipeline.names.bodies import describe, find_place, resolve_notice
from pipeline.names.lists import Listed, is_collective
from pipeline.parse.clauses.labels import field_key
from pipeline.parse.clauses.rules import GeneralRule, find_rule_sentence
from pipeline.parse.header.particulars import Header, find_header
from pipeline.parse.items.plan import find_plan
from pipeline.parse.items.tasks import Plan, Task
from pipeline.parse.normalize import NormalizedText, normalize_text
from pipeline.parse.review.coverage import find_parts
from pipeline.parse.review.doubts import find_flags, find_repairs
from pipeline.parse.review.genre import find_reason
from pipeline.parse.roles import Owner, settle
from pipeline.text import trim, without_blanks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ROLES = {"leader": "leaders", "host": "host_units", "co_host": "co_host_units"}
_TITLE_END = re.compile(r"[。!?\n]")
_BLANKS = " \t\n\u3000"
_BLANK = re.compile(r"\s")
_EDGES = " \t\n。;"

_LEAD_INS = frozenset(words("boilerplate", "lead_in"))
_Record = dict[str, Any]
_NAMES = TypeAdapter(list[Name])


def parse_notice(source: Source, notice_id: str | None = None) -> Notice:
    """The record of a source: its header, items, problems; no text whatever raises.

    `notice_id` defaults to the first twelve digits of the source's hash.
    """
    return _Parser(source, notice_id or source.sha256[:12]).notice()


class _Parser:
    """One source on its way to a record; holds what the steps share and nothing else.

    Everything below the record is in offsets of the normalized text; `_span` leads back to the source.
    """

    def __init__(self, source: Source, notice_id: str) -> None:
        self.source = source
        self.normalized: NormalizedText = normalize_text(source.text)
        self.text = self.normalized.text
        self.folded = self.normalized.folded
        self.notice_id = notice_id
        self.problems: list[_Record] = []
        self.plan: Plan = find_plan(self.folded)
        plan = self.plan
        self.blocks = plan.blocks
        opening = [task.start for task in plan.tasks[:1]]
        opening += [table.start for table in plan.tables[:1]]
        opening += [head.words[0] for head in list(plan.headings.values())[:1]]
        opening = opening or [block.start for block in self.blocks[:1]]
        first = min(opening, default=len(self.folded))
        self.header: Header = find_header(self.normalized, first, source.particulars)
        self._take_annex_title()
        self.plan_titles = [
            without_blanks(self.text[slice(*annex.title)]) if annex.title else self.header.title
            for annex in plan.annexes
        ]
        self.names: dict[tuple[int, int], Name] = {}
        self.bodies: dict[str, _Record] = {}
        self.place = self._find_place()

    def _find_place(self) -> str | None:
        """The notice's own place, read in simplified characters as the tables are."""
        header = self.header
        titles = (header.title, header.notice_title)
        told = (header.region, *titles, header.issuing_body, header.document_number)
        if self.normalized.plain is not self.folded:
            return find_place(*(normalize_text(one).folded if one else None for one in told))
        return find_place(*told)

    def notice(self) -> Notice:
        """The finished record."""
        reason = find_reason(self.folded, self._head(), self.plan)
        if reason:
            self._problem("not-a-plan", "error", f"不是任务分工:{reason}")
            self.plan.tasks.clear()
            self.plan.headings.clear()
        owners = [settle(task, self.plan) for task in self.plan.tasks]
        self._make_names(owners)
        items = [
            self._item(n, *pair)
            for n, pair in enumerate(zip(self.plan.tasks, owners, strict=True), 1)
        ]
        sections = [self._section(index) for index in self._headings()]
        for flag in find_flags(self.normalized, self.header, self.plan, owners):
            item_id = None if flag.task is None else self._item_id(flag.task + 1)
            self._problem(flag.code, flag.severity, flag.message, flag.span, item_id)
        parts = list(self._parts())
        for message, (start, end) in find_repairs(self.normalized.repairs):
            self.problems.append(
                _problem("repaired", "info", message, {"start": start, "end": end})
            )
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
                "place": self.place,
                "year": header.year,
                "year_end": header.year_end,
                "issued_on": header.issued_on,
                "published_on": header.published_on,
                "sections": sections,
                "items": items,
                "bodies": list(self.bodies.values()),
                "rules": [self._rule(rule) for rule in self.plan.rules] if items else [],
                "parts": parts,
                "problems": [*self.source.remarks, *self.problems],
            }
        )

    def _take_annex_title(self) -> None:
        """A notice that wraps no title of its own leaves the plan's title to the annex."""
        tasks, header = self.plan.tasks, self.header
        title = self.plan.annexes[tasks[0].annex].title if tasks else None
        if title and tasks[0].annex and header.notice_title is None:
            own = without_blanks(self.text[slice(*title)])
            header.notice_title, header.title = header.title, own
            header.retitle()

    def _head(self) -> str | None:
        """The document's own title, the notice's before the plan's, in simplified characters."""
        titles = (self.header.notice_title, self.header.title)
        head = "".join(title for title in titles if title)
        if not head or self.normalized.folded is self.normalized.plain:
            return head or None
        return normalize_text(head).folded

    def _span(self, start: int, end: int) -> dict[str, int]:
        a, b = self.normalized.source_span(start, end)
        return {"start": a, "end": b}

    def _rule(self, rule: GeneralRule) -> _Record:
        span = find_rule_sentence(self.folded, rule)
        return {"code": rule.code, "text": self.text[slice(*span)], "span": self._span(*span)}

    def _item_id(self, number: int) -> str:
        return f"{self.notice_id}#{number}"

    def _item(self, number: int, task: Task, owners: list[Owner]) -> _Record:
        title = self._title(task)
        item: _Record = {
            "item_id": self._item_id(number),
            "label": self.text[slice(*task.label)] if task.label else None,
            "number": task.number,
            "path": [self._words(*span) for span in task.path],
            "parent_id": self._item_id(task.parent + 1) if task.parent >= 0 else None,
            "plan_title": self.plan_titles[task.annex],
            "title": self._words(*title),
            "content": self._content(number - 1, task),
            "assignments": [self._assignment(owner) for owner in owners],
            "deadline": None,
            "fields": {},
            "span": self._span(task.start, task.end),
        }
        for role, key in _ROLES.items():
            item[key] = self._role_names(owners, role)
        hosts = {name.name for name in item["host_units"]}
        item["co_host_units"] = [n for n in item["co_host_units"] if n.name not in hosts]
        self._labelled(task, item)
        return item

    def _words(self, start: int, end: int) -> str:
        return self.text[start:end].strip()

    def _title(self, task: Task) -> tuple[int, int]:
        if task.pieces is not None:
            return task.pieces[0]
        limit = min([task.end, *(c.start for c in task.clauses if c.carrier != "sentence")])
        stop = _TITLE_END.search(self.folded, task.body, limit)
        if stop is None:
            return task.body, limit
        return task.body, stop.start() if stop[0] == "\n" else stop.end()

    def _content(self, number: int, task: Task) -> str:
        """The item's own text without its clauses and labelled fields."""
        if task.pieces is not None:
            return "\n".join(self._words(*piece) for piece in task.pieces)
        pieces, at = [], task.body
        own_end = self._measures_start(number, task)
        for clause in task.clauses:
            if clause.carrier == "sentence":
                continue
            pieces.append(self.text[at : max(at, clause.start)].strip(_BLANKS))
            at = max(at, clause.end)
        pieces.append(self.text[at:own_end].strip(_BLANKS))
        return "\n".join(piece for piece in pieces if piece and not _is_lead_in(piece))

    def _measures_start(self, number: int, task: Task) -> int:
        """Where the first measure that is an item of its own begins, else the item's end."""
        following = self.plan.tasks[number + 1 : number + 2]
        return following[0].start if following and following[0].parent == number else task.end

    def _headings(self) -> list[int]:
        return sorted(self.plan.headings, key=lambda index: self.plan.headings[index].words)

    def _section(self, index: int) -> _Record:
        head = self.plan.headings[index]
        start = head.label[0] if head.label else head.words[0]
        return {
            "label": self._words(*head.label) if head.label else None,
            "heading": self._words(*head.words),
            "level": head.level,
            "span": self._span(start, max(head.words[1], head.label[1] if head.label else 0)),
        }

    def _make_names(self, owners: list[list[Owner]]) -> None:
        """Every name's record, validated in one call: most stand in a role and an assignment."""
        found: dict[tuple[int, int], _Record] = {}
        lists: list[list[tuple[int, int]]] = []
        for own in owners:
            for owner in own:
                for listed in owner.names:
                    key = (listed.start, listed.end)
                    if key not in found:
                        found[key] = self._name(listed, owner.role)
                if owner.role == "leader":
                    continue
                lists.append([(listed.start, listed.end) for listed in owner.names])
        self._resolve(lists, found)
        _fill_posts(found.values())
        records = _NAMES.validate_python(list(found.values()))
        self.names = dict(zip(found, records, strict=True))

    def _resolve(
        self, lists: list[list[tuple[int, int]]], found: dict[tuple[int, int], _Record]
    ) -> None:
        """The canonical name of every unit and group; what fits two bodies is told.

        A name that stands in several lists is the body that the first of them makes it.
        """
        names = [tuple(without_blanks(self.folded[slice(*key)]) for key in keys) for keys in lists]
        told: set[str] = set()
        resolved = resolve_notice(names, self.place, self.header.year)
        for keys, said, answers in zip(lists, names, resolved, strict=True):
            for key, name, one in zip(keys, said, answers, strict=True):
                record = found[key]
                if record.get("canonical"):
                    continue
                if one.canonical:
                    record["canonical"] = one.canonical
                    if one.canonical not in self.bodies:
                        about = describe(name, self.place, one)
                        self.bodies[one.canonical] = about | {"kind": record["kind"]}
                elif one.candidates and name not in told:
                    told.add(name)
                    message = f"{record['name']}可指:{'、'.join(one.candidates)}"
                    self._problem("ambiguous-name", "info", message, key)

    def _name(self, listed: Listed, role: str) -> _Record:
        said = self.folded[listed.start : listed.end]
        name = said
        if self.normalized.plain is not self.folded:
            name = self.normalized.plain[listed.start : listed.end]
        if _BLANK.search(name):
            said, name = without_blanks(said), without_blanks(name)
        post = self.normalized.plain[slice(*listed.post)].strip("、, ") if listed.post else None
        kind = "person"
        if role != "leader":
            kind = "collective" if is_collective(said) else "unit"
        start, end = self.normalized.source_span(listed.start, listed.end)
        return {
            "text": self.source.text[start:end],
            "span": {"start": start, "end": end},
            "name": name.replace("[", "(").replace("]", ")"),
            "kind": kind,
            "post": post,
            "aliases": (self.normalized.plain[slice(*listed.plate)],) if listed.plate else (),
        }

    def _role_names(self, owners: list[Owner], role: str) -> list[Name]:
        found: dict[str, Name] = {}
        for owner in owners:
            if owner.role == role:
                for listed in owner.names:
                    record = self.names[listed.start, listed.end]
                    found.setdefault(record.name, record)
        return list(found.values())

    def _assignment(self, owner: Owner) -> _Record:
        return {
            "role": owner.role,
            "label": self.text[slice(*owner.label)].strip() if owner.label else None,
            "names": [self.names[listed.start, listed.end] for listed in owner.names],
            "open_ended": owner.open_ended,
            "span": self._span(*owner.span),
            "scope": self._span(*owner.scope),
            "reading": owner.reading,
        }

    def _labelled(self, task: Task, item: _Record) -> None:
        """Deadlines and other labelled fields; a role's label with nobody behind it."""
        for clause in task.clauses:
            for share in clause.shares:
                start, end = trim(self.folded, share.start, share.end, _EDGES)
                span = self._span(start, end)
                if share.printed_role == "deadline":
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
                elif share.printed_role in ("field", "guide") and start < end:
                    label = self.folded[slice(*share.label)].strip() if share.label else "指导"
                    key = field_key(label) if share.label else "guidance"
                    value = {"label": label, "text": self.text[start:end], "span": span}
                    item["fields"].setdefault(key, value)

    def _problem(
        self,
        code: str,
        severity: str,
        message: str,
        span: tuple[int, int] | None = None,
        item_id: str | None = None,
    ) -> None:
        place = self._span(*span) if span else None
        self.problems.append(_problem(code, severity, message, place, item_id))

    def _parts(self) -> Iterator[_Record]:
        """The named parts; what has no name is a problem; page marks left out are furniture."""
        for name, (a, b) in find_parts(self.folded, self.header, self.plan):
            if name is None:
                self._problem("unread-text", "info", "没有读懂的文字", (a, b))
            else:
                yield {"name": name, "span": self._span(a, b)}
        for repair in self.normalized.repairs:
            if repair.kind in ("page-mark", "pinyin"):
                yield {"name": "furniture", "span": {"start": repair.start, "end": repair.end}}


def _is_lead_in(piece: str) -> bool:
    """Whether words only open the measures below: 具体措施："""
    return piece[-1] in ":：" and piece[:-1] in _LEAD_INS


def _fill_posts(records: Iterable[_Record]) -> None:
    """A leader whose post the notice prints once has it wherever it names him."""
    posts: dict[str, set[str]] = {}
    leaders = [record for record in records if record["kind"] == "person"]
    for record in leaders:
        if record["post"]:
            posts.setdefault(record["name"], set()).add(record["post"])
    for record in leaders:
        own = posts.get(record["name"], set())
        if not record["post"] and len(own) == 1:
            record["post"] = next(iter(own))


def _problem(
    code: str,
    severity: str,
    message: str,
    span: dict[str, int] | None,
    item_id: str | None = None,
) -> _Record:
    return {
        "code": code,
        "severity": severity,
        "message": message,
        "span": span,
        "item_id": item_id,
    }
