"""What a text's plan is made of before it becomes records: tasks, headings, the plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.parse.annexes import Annex
from pipeline.parse.clauses.labelled import Clause
from pipeline.parse.clauses.rules import Rule
from pipeline.parse.outline import Block
from pipeline.parse.tables import TextTable

Span = tuple[int, int]


@dataclass(slots=True)
class Task:
    """An item before it becomes a record; positions are offsets in the text.

    `weak` holds the codes of the weak rules that its reading rests on.
    """

    start: int
    body: int
    end: int
    label: Span | None = None
    number: int | None = None
    block: int = -1
    parent: int = -1
    annex: int = 0
    path: list[Span] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    inherited: list[Clause] = field(default_factory=list)
    standing: list[Clause] = field(default_factory=list)
    pieces: list[Span] | None = None
    weak: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Heading:
    """A section's heading: its number, its words, its level from 1."""

    label: Span | None
    words: Span
    level: int


@dataclass(slots=True)
class Plan:
    """All that a text holds of a plan; tasks and headings in reading order."""

    blocks: list[Block]
    annexes: list[Annex]
    tasks: list[Task]
    headings: dict[int, Heading]
    rules: list[Rule]
    tables: list[TextTable]
    refused: list[TextTable]
    clauses: list[Clause]
    first_leads_from: int | None = None
    # Whether a note says that a star or triangle marks the lead.
    stars_lead: bool = False
    # Where the whole plan begins a second time: some pages print their text twice.
    repeat: int | None = None
