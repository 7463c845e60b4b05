"""What people have corrected in an OUTPUT: kept beside its records, laid over every later parse.

A correction says which field of which item holds what value, who says so, when and why. It keeps
what was read and the item's printed words, so that it is found again when the text moved, and is
listed when it no longer fits. It stands in OUTPUT/corrections.csv; records show it under
`corrected` and keep what was read.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pipeline.anchors import Anchor, anchor_of, find_item, is_of
from pipeline.bodies import level_of, resolve
from pipeline.corrected import LISTS, written
from pipeline.errors import CorrectionError
from pipeline.export.dataset import read_record, record_path, write_table
from pipeline.export.tables import restore, rows_to_csv
from pipeline.model import Body, Corrected, Notice, Stated
from pipeline.text import find_cuts, fold, trim
from pipeline.units import is_collective

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

CORRECTIONS = "corrections.csv"
COLUMNS = (
    "item_id", "field", "value", "who", "when", "why", "read", "path", "sha256", "words",
)  # fmt: skip
ITEM_FIELDS = ("title", "content", "label", "number", "path", *LISTS, "deadline")
NOTICE_FIELDS = (
    "title", "notice_title", "document_number", "issuing_body", "region", "kind",
    "year", "year_end", "issued_on", "published_on",
)  # fmt: skip
_NUMBERS = ("number", "year", "year_end")
_DAYS = ("issued_on", "published_on")
_NEEDED = ("title", "content")
_CUT = re.compile(r"[、,;()\[\]]")
_FIRST, _LAST = 1949, 2100

# in force: its item reads so no more; moved: the item was found again elsewhere or reworded;
# read: the parser now reads it by itself; unfit: there is nothing left that it could correct.
Status = Literal["in force", "moved", "read", "unfit"]


class Correction(NamedTuple):
    """One decision of a person on one field of an item or of a notice."""

    anchor: Anchor
    field: str
    value: str
    who: str
    when: str
    why: str
    read: str

    def row(self) -> dict[str, str]:
        """The correction as a row of the table."""
        about = self.anchor
        values = (about.item_id, self.field, self.value, self.who, self.when, self.why, self.read)
        return dict(zip(COLUMNS, (*values, about.path, about.sha256, about.words), strict=True))


class Fit(NamedTuple):
    """How a correction goes with the records as they are: on which item, and why not."""

    correction: Correction
    status: Status
    item_id: str | None
    reason: str


# --- One correction ----------------------------------------------------------------------------


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


def check_value(item_id: str, field: str, value: str) -> str:
    """The value as the field holds it. Raises CorrectionError for a field or value that cannot be."""
    fields = ITEM_FIELDS if "#" in item_id else NOTICE_FIELDS
    if field not in fields:
        raise CorrectionError(
            item_id, f"has no field {field!r} to correct", f"one of {', '.join(fields)}"
        )
    value = value.strip()
    if not value and field in _NEEDED and "#" in item_id:
        raise CorrectionError(item_id, f"{field} cannot be empty", "write its words")
    if value and field in _NUMBERS:
        own = int(value) if value.isdecimal() else -1
        if own < 0 or (field != "number" and not _FIRST <= own <= _LAST):
            raise CorrectionError(item_id, f"{field} is {value!r}", "write a number")
        return str(own)
    if value and field in _DAYS:
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError as error:
            fact = f"{field} is {value!r}"
            raise CorrectionError(item_id, fact, "write a day such as 2011-07-22") from error
    return "、".join(split_list(value)) if field in LISTS else value


def split_list(value: str) -> list[str]:
    """The names of a list as a person writes it: 区财政局、区编办(区委编办), 各街道办."""
    folded = fold(value)
    cuts = [*find_cuts(_CUT, folded, 0, len(folded)), len(folded)]
    start, names = 0, []
    for cut in cuts:
        a, b = trim(folded, start, cut)
        if a < b and folded[a:b] not in names:
            names.append(folded[a:b])
        start = cut + 1
    return names


# --- The file ----------------------------------------------------------------------------------


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


# --- Laying over -------------------------------------------------------------------------------


def lay_over(notice: Notice, corrections: Iterable[Correction]) -> tuple[Notice, list[Fit]]:
    """A notice under the corrections that mean it, and how each of these fits.

    What an earlier laying left is taken off first, so that laying twice is laying once.
    """
    bare = _strip(notice)
    fits: list[Fit] = []
    own: dict[str, Corrected] = {}
    items: dict[str, dict[str, Corrected]] = {}
    for one in corrections:
        if not is_of(one.anchor, bare):
            continue
        fit = _fit(one, bare)
        fits.append(fit)
        if fit.status in ("in force", "moved") and fit.item_id:
            values = items.setdefault(fit.item_id, {}) if "#" in one.anchor.item_id else own
            values[one.field] = _corrected(one, bare)
    if not own and not items:
        return bare, fits
    update: dict[str, Any] = {"corrected": tuple(own.values())}
    update["items"] = tuple(
        item.model_copy(update={"corrected": tuple(items[item.item_id].values())})
        if item.item_id in items
        else item
        for item in bare.items
    )
    laid = bare.model_copy(update=update)
    return laid.model_copy(update={"bodies": _bodies(laid)}), fits


def _strip(notice: Notice) -> Notice:
    """The notice as it was read."""
    if not notice.corrected and not any(item.corrected for item in notice.items):
        return notice
    items = tuple(item.model_copy(update={"corrected": ()}) for item in notice.items)
    bare = notice.model_copy(update={"corrected": (), "items": items})
    return bare.model_copy(update={"bodies": _bodies(bare)})


def _fit(one: Correction, notice: Notice) -> Fit:
    """Whether a correction holds for a notice that it means, and for which item."""
    if "#" not in one.anchor.item_id:
        same = one.anchor.sha256 in ("", notice.source.sha256)
        now = written(notice, one.field) or ""
        moved = one.anchor.item_id != notice.notice_id
        return _judge(one, now, notice.notice_id, is_same_text=same, has_moved=moved)
    found = find_item(one.anchor, notice)
    if found is None and not one.anchor.words:
        # A correction that a person wrote into the file: the id is all that it has.
        item = next((item for item in notice.items if item.item_id == one.anchor.item_id), None)
        if item is not None:
            now = written(item, one.field) or ""
            return _judge(one, now, item.item_id, is_same_text=True, has_moved=False)
    if found is None:
        return Fit(one, "unfit", None, "no item has these words or words like them")
    now = written(found.item, one.field) or ""
    is_same = found.how != "like"
    has_moved = found.how != "same"
    return _judge(one, now, found.item.item_id, is_same_text=is_same, has_moved=has_moved)


def _judge(one: Correction, now: str, item_id: str, *, is_same_text: bool, has_moved: bool) -> Fit:
    """A correction holds while the words, or what is read of them, are those that it was made for."""
    if now == one.value:
        return Fit(one, "read", item_id, "")
    if is_same_text or now == one.read:
        return Fit(one, "moved" if has_moved else "in force", item_id, "")
    reason = f"the words changed and now read {now or 'nothing'}, not {one.read or 'nothing'}"
    return Fit(one, "unfit", item_id, reason)


def _corrected(one: Correction, notice: Notice) -> Corrected:
    about = {"field": one.field, "who": one.who, "when": one.when, "why": one.why or None}
    if one.field not in LISTS:
        return Corrected(**about, value=one.value or None)
    names = [_stated(name, one.field, notice) for name in split_list(one.value)]
    return Corrected(**about, names=tuple(names))


def _stated(name: str, field: str, notice: Notice) -> Stated:
    if field == "leaders":
        return Stated(name=name, kind="person")
    found = resolve(name, notice.place, notice.year)
    kind = "collective" if is_collective(name) else "unit"
    return Stated.model_validate({"name": name, "canonical": found.canonical, "kind": kind})


def _bodies(notice: Notice) -> tuple[Body, ...]:
    """The bodies of a notice's names, those of corrected names last."""
    known = {body.canonical: body for body in notice.bodies}
    bodies: dict[str, Body] = {}
    for canonical, name, kind in _named(notice):
        if canonical not in bodies:
            bodies[canonical] = known.get(canonical) or _body(canonical, name, kind, notice)
    return tuple(bodies.values())


def _named(notice: Notice) -> Iterator[tuple[str, str, str]]:
    for item in notice.items:
        for assignment in item.assignments:
            for name in assignment.names:
                if name.canonical is not None:
                    yield name.canonical, name.name, name.kind
    for item in notice.items:
        for one in item.corrected:
            for stated in one.names:
                if stated.canonical is not None:
                    yield stated.canonical, stated.name, stated.kind


def _body(canonical: str, name: str, kind: str, notice: Notice) -> Body:
    level, place = level_of(name, notice.place)
    found = resolve(name, notice.place, notice.year)
    members = found.candidates if found.rule == "group" else ()
    return Body.model_validate(
        {
            "canonical": canonical,
            "kind": kind,
            "level": level or None,
            "place": place or None,
            "members": members,
        }
    )


def find_fits(notices: Iterable[Notice], corrections: list[Correction]) -> list[Fit]:
    """How every correction goes with an OUTPUT's records; one whose notice is gone is unfit."""
    fits: dict[int, Fit] = {}
    order = {id(one): number for number, one in enumerate(corrections)}
    for notice in notices:
        for fit in lay_over(notice, corrections)[1]:
            number = order[id(fit.correction)]
            # Of two notices with the same bytes either may hold it; one that fits tells more.
            if number not in fits or fits[number].status == "unfit":
                fits[number] = fit
    gone = "no notice has this id, these bytes or this path"
    return [
        fits.get(number) or Fit(one, "unfit", None, gone) for number, one in enumerate(corrections)
    ]


def correct(
    output: Path, more: Iterable[Correction], undone: Iterable[tuple[str, str]] = ()
) -> list[Correction]:
    """Keep corrections with an OUTPUT, take others back by id and field, and lay all over it.

    Returns what the OUTPUT keeps now. Raises CorrectionError, OutputError.
    """
    path = output / CORRECTIONS
    kept = read_corrections(path) if path.is_file() else []
    gone = set(undone)
    found = {_key(one): one for one in kept if _key(one) not in gone}
    for item_id, field in gone - {_key(one) for one in kept}:
        raise CorrectionError(item_id, f"{field} is not corrected", "see fengong corrections")
    found |= {_key(one): one for one in (_anchored(one, output) for one in more)}
    merged = [found[key] for key in sorted(found, key=_order)]
    write_table(output, path.stem, rows_to_csv(COLUMNS, (one.row() for one in merged)))
    return merged


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
