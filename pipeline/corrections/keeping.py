"""The corrections of an OUTPUT: made, kept in its corrections.csv, taken back, tidied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.anchors import anchor_of
from pipeline.corrected import written
from pipeline.corrections.correction import COLUMNS, Correction, check_value
from pipeline.corrections.laying import find_fits, lay_over
from pipeline.corrections.table import read_corrections
from pipeline.errors import CorrectionError
from pipeline.export.dataset import read_record, read_records, record_path, write_table
from pipeline.export.tables import rows_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.corrections.laying import Fit
    from pipeline.model import Notice


CORRECTIONS = "corrections.csv"


def make_correction(
    output: Path, item_id: str, field: str, value: str, by: tuple[str, str, str]
) -> Correction:
    """A correction of an item or a notice of an OUTPUT by its id; `by` is who, when, why.

    Raises CorrectionError for an id that no record has and a value that the field cannot hold.
    """
    notice = _notice(output, item_id)
    item = None
    if "#" in item_id:
        item = next((one for one in notice.items if one.item_id == item_id), None)
        if item is None:
            fact = f"the notice has {len(notice.items)} items, none with this id"
            raise CorrectionError(item_id, fact, "see items.csv for the ids")
    value = check_value(item_id, field, value)
    read = written(item or notice, field) or ""
    return Correction(anchor_of(notice, item), field, value, *by, read)


def _notice(output: Path, item_id: str) -> Notice:
    notice_id = item_id.partition("#")[0]
    path = record_path(output, notice_id)
    if not notice_id or path.parent != output / "json" or not path.is_file():
        fact = f"no notice in {output} has this id"
        raise CorrectionError(item_id, fact, "see notices.csv for the ids, or name OUTPUT by -o")
    return read_record(path)


def correct(
    output: Path, more: Iterable[Correction], undone: Iterable[tuple[str, str]] = ()
) -> list[Correction]:
    """Keep corrections with an OUTPUT, and take others back by the item's id and the field.

    Returns what the OUTPUT keeps now. Raises CorrectionError, OutputError.
    """
    kept = kept_corrections(output)
    gone = [_find(kept, output, item_id, field) for item_id, field in undone]
    found = {_key(one): one for one in kept if one not in gone}
    for one in (_anchored(one, output) for one in more):
        # An item that was found again has another id than when it was corrected first.
        for earlier in _meant(list(found.values()), output, *_key(one)):
            del found[_key(earlier)]
        found[_key(one)] = one
    return _keep(output, found.values())


def tidy(output: Path) -> list[Fit]:
    """Let go of corrections that the parser needs no more, and anchor those that moved anew.

    Returns how each fitted before. Raises CorrectionError, OutputError.
    """
    fits = find_fits(read_records(output), kept_corrections(output))
    left = (fit for fit in fits if fit.status != "read")
    _keep(
        output, [_moved(fit, output) if fit.status == "moved" else fit.correction for fit in left]
    )
    return fits


def _moved(fit: Fit, output: Path) -> Correction:
    """A correction as if it had been made for the item as it is now."""
    one = fit.correction
    by = (one.who, one.when, one.why)
    return make_correction(output, fit.item_id or "", one.field, one.value, by)


def kept_corrections(output: Path) -> list[Correction]:
    """The corrections that lie in an OUTPUT."""
    path = output / CORRECTIONS
    return read_corrections(path) if path.is_file() else []


def _keep(output: Path, corrections: Iterable[Correction]) -> list[Correction]:
    merged = sorted(corrections, key=lambda one: _order(_key(one)))
    rows = (one.row() for one in merged)
    write_table(output, CORRECTIONS.partition(".")[0], rows_to_csv(COLUMNS, rows))
    return merged


def _find(kept: list[Correction], output: Path, item_id: str, field: str) -> Correction:
    """The kept correction of a field, by the id that its item had then or has now."""
    for one in kept:
        if _key(one) == (item_id, field):
            return one
    for one in _meant(kept, output, item_id, field):
        return one
    raise CorrectionError(item_id, f"{field} is not corrected", "see fengong corrections")


def _meant(kept: list[Correction], output: Path, item_id: str, field: str) -> Iterator[Correction]:
    """Kept corrections of a field whose item has this id now, and had another."""
    others = [one for one in kept if one.field == field and one.anchor.item_id != item_id]
    if others:
        for fit in lay_over(_notice(output, item_id), others)[1]:
            if fit.item_id == item_id:
                yield fit.correction


def _key(one: Correction) -> tuple[str, str]:
    return one.anchor.item_id, one.field


def _order(key: tuple[str, str]) -> tuple[str, int, str]:
    notice_id, _, number = key[0].partition("#")
    return notice_id, int(number) if number.isdecimal() else 0, key[1]


def _anchored(one: Correction, output: Path) -> Correction:
    """A correction from a file with what it was made for, where the file tells only an id."""
    if not one.who:
        raise CorrectionError(
            one.anchor.item_id, "nobody has corrected it", "write a name under who"
        )
    if one.anchor.words or one.anchor.sha256:
        return one
    by = (one.who, one.when, one.why)
    return make_correction(output, one.anchor.item_id, one.field, one.value, by)
