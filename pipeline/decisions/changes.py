"""Apply what a person decides on a dataset: corrections of fields, edits of items, taking them back.

The command `fengong correct` and a server use it: several changes are one write, all or none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.edited_items import EDIT_KINDS, REVIEWED
from pipeline.dataset.in_force import field_text, in_force
from pipeline.dataset.output_lock import lock_output
from pipeline.dataset.record_files import read_own_record, record_path
from pipeline.decisions.concerned import apply_concerned, read_concerned
from pipeline.decisions.correction_fits import apply_corrections, group_by_notice
from pipeline.decisions.corrections import complete, correct, make_correction, read_kept_corrections
from pipeline.decisions.deciders import find_decider
from pipeline.decisions.found_right import digest_values, list_values
from pipeline.decisions.known_items import find_item, find_notice
from pipeline.decisions.overlay import all_or_nothing
from pipeline.errors import CorrectionError, PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.decisions.anchors import NoticeOrigin
    from pipeline.decisions.concerned import Concerned
    from pipeline.decisions.correction import Correction
    from pipeline.model import Notice

# In place of an item's id: the first item that the edit before it in the list makes.
NEW_ITEM = "+"


class Change(NamedTuple):
    """One decision: a value of a field, or an edit (split, join, add, delete, reviewed), or taking it back.

    `seen` is the value in force that the person saw, where it matters: that of the field; of `reviewed`
    the `digest_values` of the item or notice, of another edit the item's content, of `add` the notice's
    source.sha256. `seen_who` is who had decided on it then, "" for nobody.
    """

    item_id: str
    field: str
    value: str = ""
    seen: str | None = None
    is_undo: bool = False
    seen_who: str | None = None


class Author(NamedTuple):
    """Who decides, on which day (2024-06-30), and why."""

    who: str
    when: str
    why: str = ""


class Conflict(NamedTuple):
    """A change whose person saw another value, or another one's decision, than the one in force now.

    `now` is what `seen` would have to be, None where its item is gone, `now_who` what `seen_who` would.
    Of `reviewed`, `values` are those in force by their field.
    """

    change: Change
    now: str | None
    now_who: str = ""
    values: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of changes: the notices concerned as they are now, or conflicts and nothing written.

    `made` are the new corrections in the order of the changes, `kept` all that the OUTPUT keeps,
    `errors` those of notices that could not be written and stay as they were.
    """

    notices: list[Notice] = field(default_factory=list)
    made: list[Correction] = field(default_factory=list)
    kept: list[Correction] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    errors: list[PipelineError] = field(default_factory=list)


def apply_changes(
    output: Path,
    changes: Sequence[Change],
    by: Author,
    say: Callable[[str], None] = lambda _: None,
) -> Applied:
    """Apply changes to a dataset in one write, while no other run and no other thread writes to it.

    Where a value in force is not the one that the change's person saw, nothing is written and the
    conflicts are returned. `say` is told where another run is waited for. Raises CorrectionError for a
    change that cannot be made, OutputError, LexiconError; nothing is written then.
    """
    with lock_output(output, say):
        ids = [one.item_id for one in changes if one.item_id != NEW_ITEM]
        concerned = read_concerned(output, ids, ())
        conflicts = list(find_conflicts(concerned.notices, changes))
        if conflicts:
            return Applied(conflicts=conflicts)
        made = make_changes(output, concerned, changes, by)
        undone = [(one.item_id, one.field) for one in changes if one.is_undo]
        errors: list[PipelineError] = []
        with all_or_nothing(output):
            kept = correct(output, concerned.notices, made, undone, concerned.origins)
            records = apply_concerned(output, concerned, errors.append)
        notices = [after for _, after in records] or list(_read_again(output, ids))
        return Applied(notices, made, kept, [], errors)


def _read_again(output: Path, item_ids: Iterable[str]) -> Iterator[Notice]:
    for notice_id in dict.fromkeys(one.partition("#")[0] for one in item_ids):
        yield read_own_record(record_path(output, notice_id))


def find_conflicts(notices: Sequence[Notice], changes: Iterable[Change]) -> Iterator[Conflict]:
    """Yield the changes whose person saw another value, or another one's decision, than those in force now."""
    for one in changes:
        if (one.seen is None and one.seen_who is None) or one.item_id == NEW_ITEM:
            continue
        now = _find_conflict(notices, one)
        if one.seen not in (None, now.now) or one.seen_who not in (None, now.now_who):
            yield now


def _find_conflict(notices: Sequence[Notice], change: Change) -> Conflict:
    """Return a change with what is in force now."""
    item_id, kind = change.item_id, change.field
    try:
        notice = find_notice(notices, item_id)
    except CorrectionError:
        return Conflict(change, None)
    who = find_decider(notice, item_id, kind)
    try:
        item = find_item(notice, item_id)
    except CorrectionError:
        return Conflict(change, None, who)
    now = in_force(notice)
    record = next(one for one in now.items if one.item_id == item.item_id) if item else now
    if kind == REVIEWED:
        return Conflict(change, digest_values(record), who, list_values(record))
    if kind in EDIT_KINDS and not item:
        return Conflict(change, notice.source.sha256, who)
    name = "content" if kind in EDIT_KINDS else kind
    return Conflict(change, field_text(record, name) or "", who)


def make_changes(
    output: Path, concerned: Concerned, changes: Iterable[Change | Correction], by: Author
) -> list[Correction]:
    """Make the corrections that changes state, and complete those of a file, one after the other.

    A change sees the items that those before it made. Raises CorrectionError.
    """
    drafts = _Drafts(output, concerned)
    made: list[Correction] = []
    for one in changes:
        if isinstance(one, Change):
            if not one.is_undo:
                made.append(drafts.make(one, by))
        else:
            made.append(drafts.complete(one, by))
    return made


class _Drafts:
    """The notices concerned, with the edits made so far."""

    def __init__(self, output: Path, concerned: Concerned) -> None:
        self._notices = {one.notice_id: one for one in concerned.notices}
        self._origins: Sequence[NoticeOrigin] = concerned.origins
        self._output = output
        self._edits: list[Correction] = []
        self._new_item = ""

    def make(self, change: Change, by: Author) -> Correction:
        """Make a correction. Raises CorrectionError."""
        item_id = change.item_id
        if item_id == NEW_ITEM:
            if not self._new_item:
                fact = "no change before it makes an item"
                raise CorrectionError(NEW_ITEM, fact, "name an item, or add one first")
            item_id = self._new_item
        one = make_correction(self._all, item_id, change.field, change.value, by)
        return self._note(one)

    def complete(self, correction: Correction, by: Author) -> Correction:
        """Complete a correction of a file; what its row leaves out is as the author says."""
        one = correction
        who, when, why = one.who or by.who, one.when or by.when, one.why or by.why
        return self._note(complete(one._replace(who=who, when=when, why=why), self._all))

    @property
    def _all(self) -> list[Notice]:
        return list(self._notices.values())

    def _note(self, one: Correction) -> Correction:
        """Show an edit in its notice, so that the corrections behind it see its items."""
        if one.is_edit:
            self._edits.append(one)
            kept = read_kept_corrections(self._output)
            grouped = group_by_notice([*kept, *self._edits], self._origins)
            notice_id = next(iter(group_by_notice([one], self._origins)))
            if notice_id in self._notices:
                notice = self._notices[notice_id]
                self._notices[notice_id] = apply_corrections(notice, grouped[notice_id])[0]
                self._new_item = f"{notice_id}#{one.made_prefix}.1"
        return one
