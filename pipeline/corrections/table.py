"""A file of corrections, CSV or YAML -> corrections."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipeline.anchors import Anchor
from pipeline.corrections.correction import COLUMNS, Correction, check_value
from pipeline.errors import CorrectionError
from pipeline.export.tables import restore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def read_corrections(path: Path) -> list[Correction]:
    """The corrections of a CSV or YAML file. Raises CorrectionError with file, place and remedy.

    A row needs item_id, field, value and who; in YAML an entry may name several fields under
    `set`, and a list of names may be a list.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        fact = f"cannot be read ({error.strerror})"
        raise CorrectionError(path, fact, "check the path") from error
    except UnicodeDecodeError as error:
        fact = f"not UTF-8 at byte {error.start}"
        raise CorrectionError(path, fact, "save it as UTF-8") from error
    is_yaml = path.suffix.lower() in (".yaml", ".yml")
    rows = _yaml_rows(path, text) if is_yaml else _csv_rows(path, text)
    return [_read_row(place, row) for place, row in rows]


def _csv_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text))
    heads = set(reader.fieldnames or ())
    if not {"item_id", "field", "value"} <= heads:
        fact = f"the header is {reader.fieldnames}"
        raise CorrectionError(path, fact, f"the columns are {','.join(COLUMNS)}")
    for row in reader:
        # A row that lacks cells has None for them, one with too many a list under None.
        yield (
            f"{path} line {reader.line_num}",
            {column: restore((row.get(column) or "").strip()) for column in COLUMNS},
        )


def _yaml_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    import yaml  # noqa: PLC0415

    try:
        # Every plain value stays the text that it is: 2011-07-22 is no date object.
        entries = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  it makes texts only
    except yaml.YAMLError as error:
        fact = f"is no YAML ({' '.join(str(error).split())})"
        raise CorrectionError(path, fact, "mend the place named") from error
    if not isinstance(entries, list):
        raise CorrectionError(
            path, "is no list of corrections", "begin every one with '- item_id:'"
        )
    for number, entry in enumerate(entries, 1):
        place = f"{path} entry {number}"
        if not isinstance(entry, dict):
            raise CorrectionError(place, "is no mapping", "write item_id, set, who")
        fields = entry.pop("set", None)
        if fields is None:
            fields = {entry.get("field", ""): entry.get("value", "")}
        if not isinstance(fields, dict):
            raise CorrectionError(place, "set is no mapping", "write 'field: value' below it")
        for field, value in fields.items():
            joined = "、".join(map(str, value)) if isinstance(value, list) else str(value)
            row = {column: str(entry.get(column, "") or "").strip() for column in COLUMNS}
            yield place, row | {"field": str(field), "value": joined}


def _read_row(place: str, row: Mapping[str, str]) -> Correction:
    if not row["item_id"] or not row["field"]:
        raise CorrectionError(place, "an item_id or a field is missing", "fill or delete it")
    try:
        value = check_value(row["item_id"], row["field"], row["value"])
    except CorrectionError as error:
        raise CorrectionError(place, f"{error.place}: {error.fact}", error.remedy) from error
    anchor = Anchor(row["item_id"], row["path"], row["sha256"], row["words"])
    return Correction(anchor, row["field"], value, row["who"], row["when"], row["why"], row["read"])
