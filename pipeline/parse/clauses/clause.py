"""The record of a clause: its extent in the text and the names that it gives, role by role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pipeline.names.lists import NameList
from pipeline.parse.clauses.labels import ASSIGNING, PrintedRole

Carrier = Literal[
    "label",
    "bracket",
    "list",
    "statement",
    "sentence",
    "heading",
    "column",
    "closing",
    "standing",
]


class Share(NamedTuple):
    """One group of names in a clause with the role that the clause gives them."""

    printed_role: PrintedRole
    label: tuple[int, int] | None
    names: NameList
    start: int
    end: int
    # Whether each unit acts by itself (分别负责), so that no note makes the first of them lead.
    each: bool = False


# Not frozen, which takes twice the time to make: a notice has hundreds. Nothing changes one.
@dataclass(slots=True)
class Clause:
    """A span that assigns: a label with its list, a bracket, a sentence, a heading or a row."""

    carrier: Carrier
    start: int
    end: int
    shares: tuple[Share, ...] = ()
    # Whether a role is given to at least one name; computed once, read often.
    assigns: bool = field(init=False)

    def __post_init__(self) -> None:
        self.assigns = False
        for share in self.shares:
            if share.names.names and share.printed_role in ASSIGNING:
                self.assigns = True
                break


def make_field(
    printed_role: PrintedRole, label: tuple[int, int] | None, start: int, end: int
) -> Share:
    """A share without names: a deadline or another labelled field with its value's span."""
    return Share(printed_role, label, NameList([], open_ended=False), start, end)
