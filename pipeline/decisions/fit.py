"""How a correction or an edit fits the records as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from pipeline.decisions.correction import Correction

# in force: the correction is applied; moved: it is applied, its item has another id or wording;
# read: the parser now reads the value by itself; unfit: there is nothing left that it corrects.
Status = Literal["in force", "moved", "read", "unfit"]


class Fit(NamedTuple):
    """How a correction fits the records now: its item or notice, and the reason if it is unfit."""

    correction: Correction
    status: Status
    item_id: str | None
    reason: str
