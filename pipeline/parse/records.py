"""Turn the plain values of a parsed notice into records, each validated once.

The parts of an item are typed dictionaries until pydantic validates the whole item: one call costs much
less than one for each of its spans, and the dictionaries of the items before are gone.

Beside `notice`, the only module of the parser that knows the model. Below it every position is an
offset in the shadow; the spans of a record are offsets in the source.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypedDict

from pydantic import TypeAdapter

from pipeline.model import Item, Name, Notice, Source
from pipeline.parse.annexes import Annex
from pipeline.parse.clauses import plan_wide_rules
from pipeline.parse.contents import Contents
from pipeline.parse.header import Header
from pipeline.parse.items.tasks import Heading, Task
from pipeline.parse.naming import NameKind, NoticeNames
from pipeline.parse.normalize import NormalizedText
from pipeline.parse.review.coverage import NamedStretch
from pipeline.parse.review.flag import Flag, Severity
from pipeline.parse.roles import Owner, Role
from pipeline.text import without_blanks

Span = tuple[int, int]
# The records of names by their spans in the shadow.
Names = dict[Span, Name]
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


class ParsedItem(NamedTuple):
    """What an item is made of: its task, its owners, its words."""

    task: Task
    owners: list[Owner]
    contents: Contents


@dataclass(frozen=True, slots=True)
class ParsedNotice:
    """All that was read from a source, before it becomes records.

    `items` are in reading order; making the records takes them out, one by one, so that a long text
    is not in memory twice. `repairs` are flags at offsets of the source, not of the shadow.
    """

    shadow: NormalizedText
    header: Header
    annexes: Sequence[Annex]
    headings: Iterable[Heading]
    rules: Sequence[plan_wide_rules.GeneralRule]
    items: deque[ParsedItem]
    names: NoticeNames
    stretches: list[NamedStretch]
    flags: list[Flag]
    repairs: list[Flag]


def make_notice(source: Source, notice_id: str, parsed: ParsedNotice) -> Notice:
    """The record of a source."""
    header, shadow = parsed.header, parsed.shadow
    place = header.place
    items = tuple(_make_items(source, notice_id, parsed))
    headings = sorted(parsed.headings, key=lambda heading: heading.words)
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
        rules=tuple(_make_rule(shadow, rule) for rule in parsed.rules) if items else (),
        parts=tuple(_make_parts(shadow, parsed.stretches)),
        problems=(*source.remarks, *_make_problems(notice_id, parsed)),
    )


def _span(shadow: NormalizedText, start: int, end: int) -> _Span:
    if shadow.run_starts:
        start, end = shadow.source_span(start, end)
    return {"start": start, "end": end}


def _words(shadow: NormalizedText, start: int, end: int) -> str:
    return shadow.text[start:end].strip()


def _item_id(notice_id: str, index: int) -> str:
    """The id of the task at `index`; items count from 1."""
    return f"{notice_id}#{index + 1}"


def _make_items(source: Source, notice_id: str, parsed: ParsedNotice) -> Iterator[Item]:
    """The items of a notice, in reading order."""
    shadow, waiting = parsed.shadow, parsed.items
    names: Names = {}
    paths: dict[tuple[Span, ...], tuple[str, ...]] = {}
    titles = [
        without_blanks(shadow.text[slice(*annex.title)]) if annex.title else parsed.header.title
        for annex in parsed.annexes
    ]
    for index in range(len(waiting)):
        task, owners, contents = waiting.popleft()
        named = _make_names(names, source, parsed, owners)
        leaders, hosts, helpers = _names_by_role(owners, named)
        path = paths.get(task.path)
        if path is None:
            path = paths[task.path] = tuple([_words(shadow, *span) for span in task.path])
        values: _Item = {
            "item_id": _item_id(notice_id, index),
            "label": shadow.text[slice(*task.label)] if task.label else None,
            "number": task.number,
            "path": path,
            "parent_id": _item_id(notice_id, task.parent) if task.parent >= 0 else None,
            "plan_title": titles[task.annex],
            "title": _words(shadow, *contents.title),
            "content": contents.content,
            "leaders": tuple(leaders.values()),
            "host_units": tuple(hosts.values()),
            "co_host_units": tuple([one for key, one in helpers.items() if key not in hosts]),
            "assignments": tuple(
                [
                    _make_assignment(shadow, owner, own)
                    for owner, own in zip(owners, named, strict=True)
                ]
            ),
            "deadline": _make_deadline(shadow, contents),
            "fields": _make_fields(shadow, contents),
            "span": _span(shadow, task.start, task.end),
        }
        yield _ITEM.validate_python(values)


def _make_names(
    names: Names, source: Source, parsed: ParsedNotice, owners: list[Owner]
) -> list[tuple[Name, ...]]:
    """The records of the names of each owner of an item.

    They are kept in `names`: an item has those of its headings again.
    """
    spans = [[(listed.start, listed.end) for listed in owner.names] for owner in owners]
    new = dict.fromkeys([key for own in spans for key in own if key not in names])
    if new:
        values = [_name_values(source, parsed, key) for key in new]
        names.update(zip(new, _NAMES.validate_python(values), strict=True))
    return [tuple([names[key] for key in own]) for own in spans]


def _name_values(source: Source, parsed: ParsedNotice, key: Span) -> _Name:
    one, span = parsed.names.printed[key], _span(parsed.shadow, *key)
    text = source.text[span["start"] : span["end"]]
    return {
        # Names of one notice repeat: mostly the text is a string that is there already.
        "text": one.name if text == one.name else text,
        "span": span,
        "name": one.name,
        "canonical": one.canonical,
        "aliases": one.aliases,
        "kind": one.kind,
        "post": one.post,
    }


def _names_by_role(
    owners: Iterable[Owner], named: Iterable[tuple[Name, ...]]
) -> tuple[dict[str, Name], dict[str, Name], dict[str, Name]]:
    """The leaders, hosts and co-hosts of an item, each name once, by its printed form."""
    found: dict[Role, dict[str, Name]] = {"leader": {}, "host": {}, "co_host": {}}
    for owner, own in zip(owners, named, strict=True):
        in_role = found[owner.role]
        for one in own:
            in_role.setdefault(one.name, one)
    return found["leader"], found["host"], found["co_host"]


def _make_assignment(shadow: NormalizedText, owner: Owner, names: tuple[Name, ...]) -> _Assignment:
    return {
        "role": owner.role,
        "label": _words(shadow, *owner.label) if owner.label else None,
        "names": names,
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
