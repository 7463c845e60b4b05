"""One correction: the item, the field, the stated value, and who stated it when and why."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline.dataset.edited_items import EDIT_KINDS, REVIEWED
from pipeline.dataset.in_force import NAME_LISTS
from pipeline.decisions.anchors import Anchor
from pipeline.decisions.edit_values import made_prefix, parse_places
from pipeline.errors import CorrectionError
from pipeline.names.leaders import split_leaders
from pipeline.names.units import is_unit
from pipeline.text import find_cuts, fold, trim

COLUMNS = (
    "item_id", "field", "value", "who", "when", "why", "read", "path", "sha256", "words", "rank",
)  # fmt: skip
ITEM_FIELDS = ("title", "content", "label", "number", "path", *NAME_LISTS, "deadline")
NOTICE_FIELDS = (
    "title", "notice_title", "document_number", "issuing_body", "region", "kind",
    "year", "year_end", "issued_on", "published_on",
)  # fmt: skip
_NUMBERS = ("number", "year", "year_end")
_DAYS = ("issued_on", "published_on")
_NEEDED = ("title", "content")
_CUT = re.compile(r"[、,;()\[\]]")
# 区民政局等部门 names 区民政局; 区民政局等有关部门 also names the group 有关部门.
_MORE = re.compile(r"(?P<name>.+?)等(?:部门|单位|部委|(?P<group>.{2,}))?")
_FIRST, _LAST = 1949, 2100


class Correction(NamedTuple):
    """One decision of a person on one field of an item or of a notice; `read` is the value replaced.

    Of an edit of whole items `field` is its kind, `value` the places that it concerns.
    """

    anchor: Anchor
    field: str
    value: str
    who: str
    when: str
    why: str
    read: str

    def row(self) -> dict[str, str]:
        """Return the correction as a row of corrections.csv."""
        about = self.anchor
        values = (about.item_id, self.field, self.value, self.who, self.when, self.why, self.read)
        return dict(zip(COLUMNS, (*values, *about[1:]), strict=True))

    @property
    def key(self) -> tuple[str, str]:
        """The id at the time of the correction, and the field; of an edit the ids that it makes.

        A notice may have several items added.
        """
        if self.is_edit and self.field != REVIEWED:
            return f"{self.anchor.notice_id}#{self.made_prefix}", self.field
        return self.anchor.item_id, self.field

    @property
    def is_edit(self) -> bool:
        """Whether it is of whole items, not of a field."""
        return self.field in EDIT_KINDS

    @property
    def made_prefix(self) -> str:
        """How the ids of the items that it makes begin, behind the #."""
        return made_prefix(self.field, self.anchor.item_id, self.value, self.anchor.words)

    @property
    def made_ids(self) -> list[str]:
        """The ids of the items that it makes."""
        pieces = len(parse_places(self.value)) + 1 if self.field == "split" else 1
        count = pieces if self.field in ("split", "join", "add") else 0
        return [f"{self.key[0]}.{n}" for n in range(1, count + 1)]


def check_value(item_id: str, field: str, value: str) -> str:
    """Return the value as the field has it.

    Raises CorrectionError for a field that cannot be corrected and a value that the field cannot
    have.
    """
    if field in EDIT_KINDS:
        return _check_edit(item_id, field, value.strip())
    fields = ITEM_FIELDS if "#" in item_id else NOTICE_FIELDS
    if field not in fields:
        raise CorrectionError(
            item_id, f"has no field {field!r} to correct", f"one of {', '.join(fields)}"
        )
    value = value.strip()
    if not value and field in _NEEDED and "#" in item_id:
        raise CorrectionError(item_id, f"{field} cannot be empty", "write its words")
    if value and field in _NUMBERS:
        number = int(value) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else -1
        if number < 0 or (field != "number" and not _FIRST <= number <= _LAST):
            raise CorrectionError(item_id, f"{field} is {value[:40]!r}", "write a number")
        return str(number)
    if value and field in _DAYS:
        return check_day(item_id, field, value)
    return "、".join(split_list(value)) if field in NAME_LISTS else value


def _check_edit(item_id: str, kind: str, value: str) -> str:
    """Return the value of an edit. Raises CorrectionError where it lacks an item or words."""
    if kind == "add" and "#" in item_id:
        fact = "is an item, and an item is added to a notice"
        raise CorrectionError(item_id, fact, "name the notice, without #")
    if kind in ("split", "join", "delete") and "#" not in item_id:
        raise CorrectionError(item_id, f"a notice has no {kind}", "name an item, with its #")
    if kind in ("split", "join", "add") and not value:
        remedy = "name the words, or the ids of the other items"
        raise CorrectionError(item_id, f"{kind} has no value", remedy)
    return value


def check_day(place: str, field: str, value: str) -> str:
    """Return a day in ISO form. Raises CorrectionError for a text that is no day."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        fact = f"{field} is {value[:40]!r}"
        raise CorrectionError(place, fact, "write a day such as 2011-07-22") from error


def split_list(value: str) -> list[str]:
    """Split a list of names as a person writes it: 区财政局、区编办(区委编办), 各街道办.

    "区财政局、区民政局等部门" -> 区财政局, 区民政局
    """
    folded = fold(value)
    cuts = [*find_cuts(_CUT, folded, 0, len(folded)), len(folded)]
    start, names = 0, []
    for cut in cuts:
        a, b = trim(folded, start, cut)
        if a < b and folded[a:b] not in names:
            names.append(folded[a:b])
        start = cut + 1
    more = _MORE.fullmatch(names[-1]) if names else None
    if more and is_unit(more["name"]):
        names[-1:] = filter(None, (more["name"], more["group"]))
    return names


def split_persons(value: str) -> list[tuple[str, str | None]]:
    """Split a list of persons, each with the post written beside the name.

    "李明(副区长)、王强" -> 李明 with 副区长, 王强
    """
    persons: list[tuple[str, str | None]] = []
    for one in split_list(value):
        found = split_leaders(one, 0, len(one)).names
        if len(found) != 1:
            persons.append((one, None))
            continue
        post = one[slice(*found[0].post)].strip("、, ") if found[0].post else None
        persons.append((one[found[0].start : found[0].end], post))
    return persons


def read_decision_text(path: Path) -> str:
    """Return the text of a file of people's decisions. Raises CorrectionError."""
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        fact = f"cannot be read ({error.strerror})"
        raise CorrectionError(path, fact, "check the path") from error
    except UnicodeDecodeError as error:
        fact = f"not UTF-8 at byte {error.start}"
        raise CorrectionError(path, fact, "save it as UTF-8") from error
