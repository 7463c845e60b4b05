"""Find notices that are in an OUTPUT twice, and mark the second so that it is counted once.

Two records are of one notice where their files have the same bytes, or where title, document number,
year and the words of all items are the same (a .docx and a .pdf of one notice).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.dataset.manifest import RecordSummary
    from pipeline.model import Item, Notice

_CODE = "duplicate-notice"
_BLANKS = re.compile(r"\s+")


def fingerprint(notice: Notice) -> str:
    """Return a hash of what identifies a notice, whatever its file's format is."""
    items = [_item_words(item) for item in notice.items]
    about = [_bare(notice.title or ""), notice.document_number, notice.year]
    said = json.dumps([*about, items or _bare(notice.source.text)], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _item_words(item: Item) -> list[str]:
    names = (*item.leaders, *item.host_units, *item.co_host_units)
    return [_bare(item.content), *(_bare(name.name) for name in names)]


def _bare(text: str) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def find_marks(records: Iterable[RecordSummary]) -> dict[str, str]:
    """Return the mark of each notice: that it is another one's duplicate, or an empty text.

    Of several the first counts, in the order of the records.
    """
    first: dict[str, str] = {}
    marks: dict[str, str] = {}
    for one in records:
        keys = [key for key in (one.source, one.fingerprint) if key]
        other = next((first[key] for key in keys if key in first), None)
        marks[one.notice_id] = f"与 {other} 是同一份文件,只计一次" if other else ""
        if other is None:
            first |= dict.fromkeys(keys, one.path or one.notice_id)
    return marks


def mark_notice(notice: Notice, mark: str) -> Notice:
    """Return a notice with this mark as its problem; without the problem where the mark is empty."""
    if mark == mark_of(notice):
        return notice
    others = tuple(one for one in notice.problems if one.code != _CODE)
    marked = (Problem(code="duplicate-notice", severity="warning", message=mark),) if mark else ()
    return notice.model_copy(update={"problems": (*others, *marked)})


def mark_of(notice: Notice) -> str:
    """Return a notice's mark as a duplicate, an empty text where it has none."""
    return next((one.message for one in notice.problems if one.code == _CODE), "")


def without_duplicates(notices: Iterable[Notice]) -> Iterator[Notice]:
    """Yield the notices that count: of each that is in an OUTPUT several times the first."""
    return (notice for notice in notices if not mark_of(notice))
