"""A problem before it becomes a record."""

from __future__ import annotations

from typing import Literal, NamedTuple

Span = tuple[int, int]
Severity = Literal["error", "warning", "info"]


class Flag(NamedTuple):
    """A problem before it becomes a record; `task` is the index of the item in the plan."""

    code: str
    severity: Severity
    message: str
    span: Span | None
    task: int | None = None
