"""What a page sends when a person changes something, and what it is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Len
from pydantic import BaseModel, ConfigDict, StringConstraints

from pipeline.decisions.changes import Author, Change
from pipeline.errors import CorrectionError

if TYPE_CHECKING:
    from pipeline.decisions.changes import Conflict
    from pipeline.web.rights import Rights

_Short = Annotated[str, StringConstraints(max_length=300)]
_Long = Annotated[str, StringConstraints(max_length=100_000)]
_WHO = "who"


class SentChange(BaseModel):
    """One change: `seen` is the value that the person saw when he began, `seen_who` who had decided on it."""

    model_config = ConfigDict(extra="forbid")

    item_id: _Short
    field: _Short
    value: _Long = ""
    seen: _Long | None = None
    is_undo: bool = False
    seen_who: _Short | None = None


class SentChanges(BaseModel):
    """Changes that are made together or not at all, by one person.

    A page that shows the notice names the `version` that it shows.
    """

    model_config = ConfigDict(extra="forbid")

    changes: Annotated[list[SentChange], Len(max_length=50)]
    who: _Short = ""
    why: _Long = ""
    version: _Short = ""


def read_changes(sent: SentChanges, notice_id: str) -> list[Change]:
    """Return what was sent as changes. Raises CorrectionError where it is of another notice."""
    if not sent.changes:
        raise CorrectionError(notice_id, "nothing is named to correct", "change a field")
    for one in sent.changes:
        if one.item_id.partition("#")[0] != notice_id:
            fact = "is of another notice than the page"
            raise CorrectionError(one.item_id, fact, "open the page of its notice")
    return [Change(**one.model_dump()) for one in sent.changes]


def find_author(rights: Rights, who: str, why: str) -> Author:
    """Return who changes something, today: the user whom a proxy names, else the name that was given.

    Raises CorrectionError where there is none.
    """
    who = rights.user or " ".join(who.split())
    if not who:
        raise CorrectionError(_WHO, "nobody is named who corrects it", "write your name")
    return Author(who, datetime.now(UTC).date().isoformat(), why.strip())


def list_conflict(conflict: Conflict) -> dict[str, Any]:
    """Return a conflict for the page: the value that was sent, and the one that is there now, by whom."""
    change = conflict.change
    return {
        "item_id": change.item_id,
        "field": change.field,
        "yours": change.value,
        "seen": change.seen,
        "now": conflict.now,
        "now_who": conflict.now_who,
        "values": conflict.values,
    }
