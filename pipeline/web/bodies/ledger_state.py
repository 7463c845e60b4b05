"""What the task ledger says of a body's or a leader's items: reported, in which state, overdue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.record_files import read_records
from pipeline.ledger.answers import Answers, days_over
from pipeline.ledger.cell_text import fit
from pipeline.ledger.columns import PROGRESS as PROGRESS_HEAD
from pipeline.ledger.columns import STATE
from pipeline.ledger.content import gather
from pipeline.ledger.progress import PROGRESS, read_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.errors import PipelineError
    from pipeline.ledger.content import Ledger, Party


# The states of a ledger are Chinese words; a page in another language says them otherwise.
STATE_MESSAGES = ("未启动", "推进中", "已完成", "滞后", "其他", "各单位不一", "未填")


class ItemState(NamedTuple):
    """What a party wrote about an item, the item's state by all answers, and the days it is overdue."""

    is_reported: bool
    state: str
    progress: str
    item_state: str
    days_over: int


@dataclass(frozen=True, slots=True)
class PartyState:
    """The ledger's state of one body or leader: `items` by id, `states` counts its own answers."""

    items: Mapping[str, ItemState]
    states: Mapping[str, int]

    @property
    def reported(self) -> int:
        """The number of items about which it wrote something."""
        return sum(one.is_reported for one in self.items.values())

    @property
    def overdue(self) -> int:
        """The number of items whose last day has passed and that are not done."""
        return sum(one.days_over > 0 for one in self.items.values())


class KeptLedger:
    """The ledger of an OUTPUT with the progress that was read back or collected.

    `errors` are of the records that could not be read: its figures are without their items.
    """

    def __init__(
        self,
        ledger: Ledger,
        answers: Answers,
        cells: Mapping[tuple[str, str, str], str],
        errors: Sequence[PipelineError] = (),
    ) -> None:
        self.errors = errors
        self._ledger = ledger
        self._answers = answers
        self._cells = cells
        self._reported = {(item_id, unit) for item_id, unit, _ in cells}
        self._due = {one.item_id: one.cells.get("due", "") for one in ledger.entries}

    def of_body(self, body: str, today: str) -> PartyState | None:
        """Return the state of a body's items; None where the ledger does not have it."""
        name = fit(body)
        found = next((one for one in self._ledger.units if one.name == name), None)
        return self._describe(found, today) if found else None

    def of_leader(self, name: str, item_ids: Iterable[str], today: str) -> PartyState | None:
        """Return the state of a leader's items; of namesakes that one is meant who has these items."""
        own = set(item_ids)
        namesakes = [one for one in self._ledger.leaders if fit(name) in map(fit, one.names)]
        found = next((one for one in namesakes if own & one.items.keys()), None)
        return self._describe(found, today) if found else None

    def _describe(self, party: Party, today: str) -> PartyState:
        items = {item_id: self._state_of(item_id, party, today) for item_id in party.items}
        return PartyState(items, self._answers.count_party(party).states)

    def _state_of(self, item_id: str, party: Party, today: str) -> ItemState:
        state, progress = (
            self._cells.get((item_id, party.name, head), "") for head in (STATE, PROGRESS_HEAD)
        )
        is_done = self._answers.is_done(item_id, party.name)
        days = 0 if is_done else days_over(self._due.get(item_id, ""), today)
        is_reported = (item_id, party.name) in self._reported
        whole = self._answers.state_of(item_id)
        return ItemState(is_reported, state, progress, whole, days)


def has_ledger(output: Path) -> bool:
    """Answer whether an OUTPUT keeps what was filled in and collected."""
    return (output / PROGRESS).is_file()


def read_kept_ledger(output: Path) -> KeptLedger | None:
    """Read the ledger of an OUTPUT with what was filled in; None where nothing was.

    A record that cannot be read is left out, and said in its errors. Raises OutputError.
    """
    if not has_ledger(output):
        return None
    errors: list[PipelineError] = []
    ledger = gather(read_records(output, errors.append), errors.append)
    kept = read_progress(output, ledger.anchors)
    answers = Answers(ledger, kept.marks, ())
    cells = {(one.item_id, one.unit, one.column): one.value for one in kept.marks}
    return KeptLedger(ledger, answers, cells, errors)
