"""The records of a plan before they become items of a notice: tasks, headings, the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from pipeline.parse.annexes import Annex
from pipeline.parse.clauses.clause import Clause
from pipeline.parse.clauses.plan_wide_rules import GeneralRule
from pipeline.parse.outline import Block
from pipeline.parse.tables.table import TextTable

Span = tuple[int, int]


class Task(NamedTuple):
    """An item before it becomes a record; positions are offsets in the normalized text.

    `body` is where the text behind the label begins. `block` and `parent` are indices of a plan's
    blocks and tasks, or -1. `pieces` are the task cells of a table's row, None elsewhere. `weak`
    has the codes of the weak readings that the task rests on.
    """

    start: int
    body: int
    end: int
    label: Span | None = None
    number: int | None = None
    block: int = -1
    parent: int = -1
    annex: int = 0
    path: tuple[Span, ...] = ()
    clauses: tuple[Clause, ...] = ()
    inherited: tuple[Clause, ...] = ()
    standing: tuple[Clause, ...] = ()
    pieces: tuple[Span, ...] | None = None
    weak: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading: its number, its words, its level from 1."""

    label: Span | None
    words: Span
    level: int


class OwnerlessTasks(NamedTuple):
    """What a text contains if it is a plan that names no owner; the fields are as those of a plan."""

    tasks: tuple[Task, ...] = ()
    headings: Mapping[int, Heading] = MappingProxyType({})
    blocks: tuple[Block, ...] = ()
    tables: tuple[TextTable, ...] = ()
    repeat: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything of a plan that a text contains; tasks in reading order.

    `headings` is keyed by the index of the heading's block; a heading without a number has a
    negative key.
    """

    blocks: tuple[Block, ...]
    annexes: list[Annex]
    tasks: list[Task]
    headings: dict[int, Heading]
    rules: list[GeneralRule]
    # Where owners are read in the text outside tables, whether a task has them or not.
    assigning: tuple[Span, ...]
    tables: list[TextTable]
    # Tables that are not read because too many of their rows do not fit the columns.
    refused: list[TextTable]
    # Rows without a task, in tables that are read.
    skipped_rows: tuple[Span, ...] = ()
    # From this offset on the first unit of a list leads, where a note says so.
    first_leads_from: int | None = None
    # Whether a note says that a star or triangle marks the lead.
    stars_lead: bool = False
    # Where the whole plan begins a second time: some pages print their text twice.
    repeat: int | None = None
    # The other reading of a text in which nothing assigns, or hardly anything.
    ownerless: OwnerlessTasks = field(default_factory=OwnerlessTasks)
