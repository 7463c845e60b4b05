"""Turn the plain values of a parsed notice into records, each validated once.

The parts of an item are typed dictionaries until pydantic validates the whole item: one call costs much
less than one for each of its spans, and the dictionaries of the items before are gone.

Beside `notice`, the only module of the parser that knows the model. Below it every position is an
offset in the shadow; the spans of a record are offsets in the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypedDict

from pydantic import TypeAdapter

from pipeline.model import Item, Name, Notice, Source
from pipeline.parse.clauses import plan_wide_rules
from pipeline.parse.contents import Contents
from pipeline.parse.header import Header
from pipeline.parse.items.tasks import Heading, Plan
from pipeline.parse.naming import NameKind, NoticeNames
from pipeline.parse.normalize import NormalizedText
from pipeline.parse.review.coverage import NamedStretch
from pipeline.parse.review.flag import Flag, Severity
from pipeline.parse.roles import Owner, Role
from pipeline.text import without_blanks

# The records of names by their spans in the shadow.
Names = dict[tuple[int, int], Name]
# Of a type adapter only its validator is called, for each item.
_NAMES = TypeAdapter(list[Name]).validator
_ITEM = TypeAdapter(Item).validator


class _Span(TypedDict):
    """The fields of a span: offsets in the source."""

    start: int
    end: int


class _Name(TypedDict):
    """The fields of a name."""

    text: str
    span: _Span
    name: str
    canonical: str | None
    aliases: tuple[str, ...]
    kind: NameKind
    post: str | None


class _Assignment(TypedDict):
    """The fields of an assignment."""

    role: Role
    label: str | None
    names: tuple[Name, ...]
    open_ended: bool
    span: _Span
    scope: _Span
    reading: str


class _Deadline(TypedDict):
    """The fields of a deadline."""

    text: str
    span: _Span
    due: str | None
    precision: str | None


class _Field(TypedDict):
    """The fields of a labelled field."""

    label: str
    text: str
    span: _Span


class _Item(TypedDict):
    """The fields of an item."""

    item_id: str
    label: str | None
    number: int | None
    path: tuple[str, ...]
    parent_id: str | None
    plan_title: str | None
    title: str
    content: str
    leaders: tuple[Name, ...]
    host_units: tuple[Name, ...]
    co_host_units: tuple[Name, ...]
    assignments: tuple[_Assignment, ...]
    deadline: _Deadline | None
    fields: dict[str, _Field]
    span: _Span


class _Section(TypedDict):
    """The fields of a section."""

    label: str | None
    heading: str
    level: int
    span: _Span


class _Rule(TypedDict):
    """The fields of a rule."""

    code: str
    text: str
    span: _Span


class _Part(TypedDict):
    """The fields of a part."""

    name: str
    span: _Span


class _Problem(TypedDict):
    """The fields of a problem."""

    code: str
    severity: Severity
    message: str
    span: _Span | None
    item_id: str | None


@dataclass(frozen=True, slots=True)
class ParsedNotice:
    """All that was read from a source, before it becomes records.

    `owners` and `contents` have an entry for each task of the plan. `repairs` are flags at offsets
    of the source, not of the shadow.
    """

    shadow: NormalizedText
    header: Header
    plan: Plan
    owners: list[list[Owner]]
    names: NoticeNames
    contents: list[Contents]
    stretches: list[NamedStretch]
    flags: list[Flag]
    repairs: list[Flag]


def make_notice(source: Source, notice_id: str, parsed: ParsedNotice) -> Notice:
    """The record of a source."""
    header, plan, shadow = parsed.header, parsed.plan, parsed.shadow
    place = header.place
    items = tuple(_make_items(source, notice_id, parsed))
    headings = sorted(plan.headings.values(), key=lambda heading: heading.words)
    return Notice(
        notice_id=notice_id,
        source=source,
        kind=header.kind,
        title=header.title,
        notice_title=header.notice_title,
        document_number=header.document_number,
        issuing_body=header.issuing_body,
        region=place.region,
        place=place.path if place.region else place.home,
        place_code=place.code,
        province=place.parts.province,
        city=place.parts.city,
        county=place.parts.county,
        year=header.year,
        year_end=header.year_end,
        issued_on=header.issued_on,
        published_on=header.published_on,
        sections=tuple(_make_section(shadow, heading) for heading in headings),
        items=items,
        bodies=tuple({"kind": body.kind, **body.facts} for body in parsed.names.bodies.values()),
        rules=tuple(_make_rule(shadow, rule) for rule in plan.rules) if items else (),
        parts=tuple(_make_parts(shadow, parsed.stretches)),
        problems=(*source.remarks, *_make_problems(notice_id, parsed)),
    )


def _span(shadow: NormalizedText, start: int, end: int) -> _Span:
    first, last = shadow.source_span(start, end)
    return {"start": first, "end": last}


def _words(shadow: NormalizedText, start: int, end: int) -> str:
    return shadow.text[start:end].strip()


def _item_id(notice_id: str, index: int) -> str:
    """The id of the task at `index`; items count from 1."""
    return f"{notice_id}#{index + 1}"


def _make_items(source: Source, notice_id: str, parsed: ParsedNotice) -> Iterator[Item]:
    """The items of a notice, in reading order."""
    shadow, plan = parsed.shadow, parsed.plan
    names: Names = {}
    titles = [
        without_blanks(shadow.text[slice(*annex.title)]) if annex.title else parsed.header.title
        for annex in plan.annexes
    ]
    for index, (task, owners, contents) in enumerate(
        zip(plan.tasks, parsed.owners, parsed.contents, strict=True)
    ):
        _add_names(names, source, parsed, owners)
        by_role = _names_by_role(owners, names)
        hosts, helpers = by_role["host"], by_role["co_host"]
        values: _Item = {
            "item_id": _item_id(notice_id, index),
            "label": shadow.text[slice(*task.label)] if task.label else None,
            "number": task.number,
            "path": tuple([_words(shadow, *span) for span in task.path]),
            "parent_id": _item_id(notice_id, task.parent) if task.parent >= 0 else None,
            "plan_title": titles[task.annex],
            "title": _words(shadow, *contents.title),
            "content": contents.content,
            "leaders": tuple(by_role["leader"].values()),
            "host_units": tuple(hosts.values()),
            "co_host_units": tuple([one for key, one in helpers.items() if key not in hosts]),
            "assignments": tuple([_make_assignment(shadow, owner, names) for owner in owners]),
            "deadline": _make_deadline(shadow, contents),
            "fields": _make_fields(shadow, contents),
            "span": _span(shadow, task.start, task.end),
        }
        yield _ITEM.validate_python(values)


def _add_names(names: Names, source: Source, parsed: ParsedNotice, owners: list[Owner]) -> None:
    """Add the records of an item's names to those made so far; what an item inherits is made already."""
    spans = [(listed.start, listed.end) for owner in owners for listed in owner.names]
    new = [span for span in dict.fromkeys(spans) if span not in names]
    if not new:
        return
    values: list[_Name] = []
    for key in new:
        one, span = parsed.names.printed[key], _span(parsed.shadow, *key)
        values.append(
            {
                "text": source.text[span["start"] : span["end"]],
                "span": span,
                "name": one.name,
                "canonical": one.canonical,
                "aliases": one.aliases,
                "kind": one.kind,
                "post": one.post,
            }
        )
    names.update(zip(new, _NAMES.validate_python(values), strict=True))


def _names_by_role(owners: Iterable[Owner], names: Names) -> dict[Role, dict[str, Name]]:
    """The names of an item in each role, each once, by their printed form."""
    found: dict[Role, dict[str, Name]] = {"leader": {}, "host": {}, "co_host": {}}
    for owner in owners:
        own = found[owner.role]
        for listed in owner.names:
            record = names[listed.start, listed.end]
            own.setdefault(record.name, record)
    return found


def _make_assignment(shadow: NormalizedText, owner: Owner, names: Names) -> _Assignment:
    return {
        "role": owner.role,
        "label": _words(shadow, *owner.label) if owner.label else None,
        "names": tuple([names[listed.start, listed.end] for listed in owner.names]),
        "open_ended": owner.open_ended,
        "span": _span(shadow, *owner.span),
        "scope": _span(shadow, *owner.scope),
        "reading": owner.reading,
    }


def _make_deadline(shadow: NormalizedText, contents: Contents) -> _Deadline | None:
    if contents.deadline is None:
        return None
    span, due = contents.deadline
    return {
        "text": shadow.text[slice(*span)],
        "span": _span(shadow, *span),
        "due": due.day,
        "precision": due.precision,
    }


def _make_fields(shadow: NormalizedText, contents: Contents) -> dict[str, _Field]:
    return {
        key: {
            "label": one.label,
            "text": shadow.text[slice(*one.span)],
            "span": _span(shadow, *one.span),
        }
        for key, one in contents.fields.items()
    }


def _make_section(shadow: NormalizedText, heading: Heading) -> _Section:
    label, (start, end) = heading.label, heading.words
    if label:
        start, end = label[0], max(end, label[1])
    return {
        "label": _words(shadow, *label) if label else None,
        "heading": _words(shadow, *heading.words),
        "level": heading.level,
        "span": _span(shadow, start, end),
    }


def _make_rule(shadow: NormalizedText, rule: plan_wide_rules.GeneralRule) -> _Rule:
    span = plan_wide_rules.find_rule_sentence(shadow.folded, rule)
    return {"code": rule.code, "text": shadow.text[slice(*span)], "span": _span(shadow, *span)}


def _make_parts(shadow: NormalizedText, stretches: Iterable[NamedStretch]) -> Iterator[_Part]:
    """The named stretches of the text; page marks and pinyin that were left out are furniture."""
    for name, span in stretches:
        if name is not None:
            yield {"name": name, "span": _span(shadow, *span)}
    for repair in shadow.repairs:
        if repair.kind in ("page-mark", "pinyin"):
            yield {"name": "furniture", "span": {"start": repair.start, "end": repair.end}}


def _make_problems(notice_id: str, parsed: ParsedNotice) -> Iterator[_Problem]:
    for flag in parsed.flags:
        yield _make_problem(
            notice_id, flag, _span(parsed.shadow, *flag.span) if flag.span else None
        )
    for flag in parsed.repairs:
        start, end = flag.span or (0, 0)
        yield _make_problem(notice_id, flag, {"start": start, "end": end})


def _make_problem(notice_id: str, flag: Flag, span: _Span | None) -> _Problem:
    return {
        "code": flag.code,
        "severity": flag.severity,
        "message": flag.message,
        "span": span,
        "item_id": None if flag.task is None else _item_id(notice_id, flag.task),
    }
