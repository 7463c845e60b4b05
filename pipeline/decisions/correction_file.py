"""Read corrections from a CSV or YAML file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.dataset.csv_rows import read_rows
from pipeline.decisions.anchors import Anchor
from pipeline.decisions.correction import (
    COLUMNS,
    Correction,
    check_day,
    check_value,
    read_decision_text,
)
from pipeline.decisions.pair_decisions import PAIR_DECISIONS, check_ids
from pipeline.errors import CorrectionError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def read_corrections(path: Path, *, with_pairs: bool = False) -> list[Correction]:
    """Read the corrections of a CSV or YAML file. Raises CorrectionError with file, place and remedy.

    A row needs item_id, field, value and who; in YAML an entry may name several fields under
    `set`, and a list of names may be a list. `with_pairs` allows the fields `same` and `different`,
    which have another id as their value.
    """
    text = read_decision_text(path)
    is_yaml = path.suffix.lower() in (".yaml", ".yml")
    rows = _parse_yaml(path, text) if is_yaml else _parse_csv(path, text)
    found: dict[tuple[str, ...], Correction] = {}
    for place, row in rows:
        one = _parse_row(place, row, with_pairs=with_pairs)
        key = (one.anchor.item_id, one.value) if one.field in PAIR_DECISIONS else one.key
        if found.setdefault(key, one)[1:3] != one[1:3]:
            fact = f"{one.field} of {one.anchor.item_id} is corrected twice"
            raise CorrectionError(place, fact, "keep one of them")
    return list(found.values())


def _parse_csv(path: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        for place, row in read_rows(path, text, ("item_id", "field", "value")):
            yield place, {column: row.get(column, "").strip() for column in COLUMNS}
    except OutputError as error:
        raise CorrectionError(error.place, error.fact, error.remedy) from error


def _parse_yaml(path: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    import yaml  # noqa: PLC0415

    try:
        # BaseLoader keeps every plain value as text: 2011-07-22 does not become a date object.
        entries = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  it makes texts only
    except (yaml.YAMLError, RecursionError) as error:
        fact = f"is no YAML ({' '.join(str(error).split())})"
        raise CorrectionError(path, fact, "mend the place named") from error
    if not isinstance(entries, list):
        remedy = "begin every one with '- item_id:'"
        raise CorrectionError(path, "is no list of corrections", remedy)
    for number, entry in enumerate(entries, 1):
        place = f"{path} entry {number}"
        if not isinstance(entry, dict):
            raise CorrectionError(place, "is no mapping", "write item_id, set, who")
        fields = entry.pop("set", None)
        if fields is None:
            fields = {entry.pop("field", ""): entry.pop("value", "")}
        if not isinstance(fields, dict):
            raise CorrectionError(place, "set is no mapping", "write 'field: value' below it")
        about = {column: _plain_text(place, entry.get(column, "")) for column in COLUMNS}
        for field, value in fields.items():
            values = value if isinstance(value, list) else [value]
            joined = "、".join(_plain_text(place, one) for one in values)
            yield place, about | {"field": str(field), "value": joined}


def _plain_text(place: str, value: object) -> str:
    """Return a plain value of YAML, null as an empty text. Raises CorrectionError for others."""
    if not isinstance(value, str):
        fact = f"{value!r} is no plain value"
        raise CorrectionError(place, fact, "write a text, or a list of names")
    return "" if value in ("null", "~") else value.strip()


def _parse_row(place: str, row: Mapping[str, str], *, with_pairs: bool) -> Correction:
    if not row["item_id"] or not row["field"]:
        raise CorrectionError(place, "an item_id or a field is missing", "fill or delete it")
    try:
        if with_pairs and row["field"] in PAIR_DECISIONS:
            value = row["value"]
            check_ids(row["item_id"], value)
        else:
            value = check_value(row["item_id"], row["field"], row["value"])
        when = check_day(row["item_id"], "when", row["when"]) if row["when"] else ""
    except CorrectionError as error:
        raise CorrectionError(place, f"{error.place}: {error.fact}", error.remedy) from error
    anchor = Anchor(*(row[name] for name in ("item_id", "path", "sha256", "words", "rank")))
    return Correction(anchor, row["field"], value, row["who"], when, row["why"], row["read"])
