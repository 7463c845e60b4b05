"""One notice as the desk shows it: as it was read, as it is in force, and what of it is doubtful."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.dataset.edited_items import REVIEWED, is_own_reviewed, reviewed_ids
from pipeline.dataset.in_force import in_force
from pipeline.dataset.manifest import file_hash
from pipeline.dataset.record_files import read_own_record, record_path
from pipeline.errors import RecordError
from pipeline.store.review import find_state, rate_doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pipeline.model import Item, Notice, Problem
    from pipeline.store.review import ReviewState


@dataclass(frozen=True, slots=True)
class ItemReview:
    """How far an item, or the notice itself, is reviewed, and its problems.

    `reviewer` is who found it right; "" for nobody, and for an item found right with its whole notice.
    """

    state: ReviewState
    doubt: int
    problems: tuple[Problem, ...]
    reviewer: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice: `record` is that of its file, `notice` has the values in force.

    `version` changes whenever the record does. `review` is that of the notice itself, `reviews` of
    each item by its id.
    """

    version: str
    record: Notice
    notice: Notice
    review: ItemReview
    reviews: Mapping[str, ItemReview]

    @property
    def text(self) -> str:
        """The text of the source, to which all spans refer."""
        return self.record.source.text

    def item(self, item_id: str) -> Item | None:
        """The item with this id, in force; None where there is none."""
        return next((one for one in self.notice.items if one.item_id == item_id), None)


def read_notice_view(output: Path, notice_id: str) -> NoticeView:
    """Read a notice of an OUTPUT; its version is the hash of its file. Raises RecordError."""
    path = record_path(output, notice_id)
    # Before the file: what is written between gives an older version, and is read again.
    version = file_hash(path)
    return make_notice_view(read_own_record(path), version)


def make_notice_view(record: Notice, version: str) -> NoticeView:
    """Make the view of a record."""
    notice = in_force(record)
    problems: dict[str | None, list[Problem]] = {}
    for one in notice.problems:
        problems.setdefault(one.item_id, []).append(one)
    right = reviewed_ids(record)
    reviewers = _find_reviewers(record)
    own = [one.field for one in record.corrected]
    if is_own_reviewed(record):
        own.append(REVIEWED)
    reviews = {}
    for item in notice.items:
        fields = [one.field for one in item.corrected]
        fields += [REVIEWED] if item.item_id in right else []
        reviews[item.item_id] = _review(
            fields, problems.get(item.item_id, ()), reviewers.get(item.item_id, "")
        )
    review = _review(own, problems.get(None, ()), reviewers.get(record.notice_id, ""))
    return NoticeView(version, record, notice, review, reviews)


def _find_reviewers(record: Notice) -> dict[str, str]:
    """Return who found right which item, or the notice, by their ids."""
    reviewers: dict[str, str] = {}
    for one in record.edits:
        if one.kind == REVIEWED:
            for found in one.item_ids or (record.notice_id,):
                reviewers.setdefault(found, one.who)
    return reviewers


def _review(fields: Iterable[str], problems: Iterable[Problem], reviewer: str) -> ItemReview:
    state = find_state(fields)
    own = tuple(problems)
    doubt = rate_doubt((one.severity for one in own), is_reviewed=state == "reviewed")
    return ItemReview(state, doubt, own, reviewer)


def read_record_bytes(output: Path, notice_id: str) -> bytes:
    """Read the file of a record as it is. Raises RecordError."""
    path = record_path(output, notice_id)
    try:
        return path.read_bytes()
    except OSError as error:
        fact = f"cannot be read ({error.strerror or error})"
        raise RecordError(path, fact, "check rights") from error
