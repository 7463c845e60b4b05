"""Make corrections, keep them in OUTPUT/corrections.csv, take them back, remove obsolete ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.edited_items import EDIT_KINDS
from pipeline.dataset.in_force import field_text
from pipeline.dataset.manifest import CORRECTIONS
from pipeline.dataset.staged_files import write_together
from pipeline.decisions.anchors import anchor_of, find_notice_ids, origin_of
from pipeline.decisions.correction import COLUMNS, Correction, check_value
from pipeline.decisions.correction_file import read_corrections
from pipeline.decisions.correction_fits import find_fits
from pipeline.decisions.edits import complete_value
from pipeline.decisions.known_items import find_item, find_notice
from pipeline.errors import CorrectionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipeline.decisions.anchors import NoticeOrigin
    from pipeline.decisions.fit import Fit
    from pipeline.model import Notice


def make_correction(
    notices: Sequence[Notice], item_id: str, field: str, value: str, by: tuple[str, str, str]
) -> Correction:
    """Make a correction of an item or a notice by its id; `by` is who, when, why.

    Raises CorrectionError for an id that no record has and a value that the field cannot have.
    """
    notice = find_notice(notices, item_id)
    item = find_item(notice, item_id)
    value = check_value(item_id, field, value)
    read = ""
    if field in EDIT_KINDS:
        value = complete_value(notice, item, field, value)
    else:
        read = field_text(item or notice, field) or ""
    return Correction(anchor_of(notice, item), field, value, *by, read)


def complete(correction: Correction, notices: Sequence[Notice]) -> Correction:
    """Add the anchor to a correction whose file gives only an id.

    Raises CorrectionError where nobody is named or the id is unknown.
    """
    one = correction
    if not one.who:
        remedy = "write a name under who"
        raise CorrectionError(one.anchor.item_id, "nobody has corrected it", remedy)
    if one.anchor.words or one.anchor.sha256:
        return one
    by = (one.who, one.when, one.why)
    return make_correction(notices, one.anchor.item_id, one.field, one.value, by)


def correct(
    output: Path,
    notices: Sequence[Notice],
    more: Sequence[Correction],
    undone: Iterable[tuple[str, str]] = (),
    origins: Sequence[NoticeOrigin] | None = None,
) -> list[Correction]:
    """Keep corrections with an OUTPUT, and take back others by the item's id and the field.

    `notices` are all notices, or those that the corrections concern, with the `origins` of all.
    Earlier corrections of an item that is corrected again get its present anchor where it has
    moved. Return all corrections that the OUTPUT keeps now. Raises CorrectionError, OutputError.
    """
    origins = [origin_of(one) for one in notices] if origins is None else origins
    concerned, others = _divide(read_kept_corrections(output), notices, origins)
    fits = find_fits(notices, concerned, origins)
    for item_id, field in undone:
        own = [fit for fit in fits if field == fit.correction.field]
        # What is at the item now comes first, then the edit that made it, which may have been edited
        # again; an id of an earlier parse means what was said of it then.
        tests = (_is_of, _has_made, _was_of)
        found = ([fit for fit in own if is_meant(fit, item_id)] for is_meant in tests)
        meant = next(filter(None, found), [])
        if not meant:
            fact = f"{field} is not corrected"
            raise CorrectionError(item_id, fact, "see fengong corrections")
        fits = [fit for fit in fits if fit not in meant]
    replaced = {one.key for one in more}
    touched = {one.anchor.item_id for one in more}
    kept = []
    for fit in fits:
        key = fit.correction.key
        # The key of an edit is the prefix of what it makes, whatever item it is found at.
        if (fit.item_id or key[0], key[1]) in replaced or (
            fit.correction.is_edit and key in replaced
        ):
            continue
        # Another item may have the id now that this one had; the ids that an edit makes do not change.
        is_old = (
            not fit.correction.is_edit
            and fit.item_id not in (None, key[0])
            and (fit.item_id in touched or key in replaced)
        )
        kept.append(_anchor_anew(fit, notices) if is_old else fit.correction)
    _check_edits(notices, [*kept, *more], more, origins)
    return _write(output, [*others, *kept, *more])


def _check_edits(
    notices: Sequence[Notice],
    kept: Sequence[Correction],
    more: Sequence[Correction],
    origins: Iterable[NoticeOrigin],
) -> None:
    """Raise CorrectionError where one of several new edits rules out another one."""
    if not any(one.is_edit for one in more):
        return
    for fit in find_fits(notices, kept, origins):
        one = fit.correction
        if one in more and one.is_edit and fit.status == "unfit":
            remedy = "make one edit after the other, or undo the earlier one"
            raise CorrectionError(one.anchor.item_id, fit.reason, remedy)


def _divide(
    corrections: Sequence[Correction], notices: Iterable[Notice], origins: Iterable[NoticeOrigin]
) -> tuple[list[Correction], list[Correction]]:
    """Divide corrections into those of some notices or of none, and those of others."""
    ids = {one.notice_id for one in notices}
    homes = find_notice_ids({one.anchor for one in corrections}, origins)
    concerned: list[Correction] = []
    others: list[Correction] = []
    for one in corrections:
        (concerned if homes.get(one.anchor) in (None, *ids) else others).append(one)
    return concerned, others


def _is_of(fit: Fit, item_id: str) -> bool:
    """Answer whether a correction is one of an item."""
    one = fit.correction
    # A notice may have several items added: each is taken back by its own id.
    return one.field != "add" and item_id == (fit.item_id or one.anchor.item_id)


def _has_made(fit: Fit, item_id: str) -> bool:
    """Answer whether a correction is the edit that made an item."""
    return fit.correction.is_edit and item_id.rpartition(".")[0] == fit.correction.key[0]


def _was_of(fit: Fit, item_id: str) -> bool:
    """Answer whether a correction was made of an item that has another id now."""
    return fit.correction.field != "add" and item_id == fit.correction.anchor.item_id


def tidy(output: Path, notices: Sequence[Notice]) -> list[Fit]:
    """Remove corrections that the parser reads by itself now, and anchor anew those that moved.

    Return how each fitted before. Raises CorrectionError, OutputError.
    """
    fits = find_fits(notices, read_kept_corrections(output))
    left = [
        _anchor_anew(fit, notices)
        if fit.status == "moved" and not fit.correction.is_edit
        else fit.correction
        for fit in fits
        if fit.status != "read"
    ]
    _write(output, left)
    return fits


def _anchor_anew(fit: Fit, notices: Sequence[Notice]) -> Correction:
    """Return a correction as if it were made for the item as it is now."""
    one = fit.correction
    by = (one.who, one.when, one.why)
    return make_correction(notices, fit.item_id or "", one.field, one.value, by)


def read_kept_corrections(output: Path) -> list[Correction]:
    """Read the corrections that an OUTPUT keeps; none where it has no file of them."""
    path = output / CORRECTIONS
    return read_corrections(path) if path.is_file() else []


def _write(output: Path, corrections: Iterable[Correction]) -> list[Correction]:
    in_order = sorted(corrections, key=_order)
    rows = (one.row() for one in in_order)
    # Whoever applies them to the records then describes the file in the data package and the manifest.
    write_together({output / CORRECTIONS: rows_to_csv(COLUMNS, rows)})
    return in_order


def _order(one: Correction) -> tuple[str, int, str]:
    return *one.anchor.order, one.field
