"""Where something said of an item belongs now: the item found again when its id or place changed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.text import fold, without_blanks

if TYPE_CHECKING:
    from pipeline.model import Item, Notice

How = Literal["same", "moved", "like"]
# Two texts of one item are this much alike (0 to 100), and any third is less so by a margin.
_ALIKE = 80.0
_MARGIN = 8.0


class Anchor(NamedTuple):
    """What an item was when something was said of it: id, source, and its printed words."""

    item_id: str
    path: str
    sha256: str
    words: str


class Found(NamedTuple):
    """The item of an anchor now: the same words (at its id, or elsewhere) or words like them."""

    item: Item
    how: How


def anchor_of(notice: Notice, item: Item | None) -> Anchor:
    """An item as it is now, or its notice where no item is meant."""
    words = words_of(notice, item) if item else ""
    source = notice.source
    item_id = item.item_id if item else notice.notice_id
    return Anchor(item_id, source.path or "", source.sha256, words)


def words_of(notice: Notice, item: Item) -> str:
    """What the source prints of an item, clauses included, on one line, without its number."""
    printed = notice.source.text[item.span.start : item.span.end]
    return _squeezed(printed.strip().removeprefix(item.label or ""))


@lru_cache(1 << 14)
def _squeezed(printed: str) -> str:
    return without_blanks(fold(printed))


def is_of(anchor: Anchor, notice: Notice) -> bool:
    """Whether a notice is the one meant: by its id, its bytes, or the place of its source."""
    source = notice.source
    return (
        anchor.item_id.partition("#")[0] == notice.notice_id
        or anchor.sha256 == source.sha256
        or (bool(anchor.path) and anchor.path == source.path)
    )


def find_item(anchor: Anchor, notice: Notice) -> Found | None:
    """The item of a notice that an anchor means, or None where no item is like it.

    The same words count before the same id, since ids count items and a better parser may find
    one more.
    """
    number = anchor.item_id.rpartition("#")[2]
    same = [item for item in notice.items if words_of(notice, item) == anchor.words]
    if same:
        item = min(same, key=lambda one: _distance(one.item_id, number))
        return Found(item, "same" if item.item_id == anchor.item_id else "moved")
    return _find_like(anchor.words, notice)


def _distance(item_id: str, number: str) -> int:
    own = item_id.rpartition("#")[2]
    return abs(int(own) - int(number)) if own.isdecimal() and number.isdecimal() else 0


def _find_like(words: str, notice: Notice) -> Found | None:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  (only where words have changed)

    if not words:
        return None
    choices = [words_of(notice, item) for item in notice.items]
    best = process.extract(words, choices, scorer=fuzz.ratio, limit=2, score_cutoff=_ALIKE)
    if not best or (len(best) > 1 and best[0][1] - best[1][1] < _MARGIN):
        return None
    return Found(notice.items[best[0][2]], "like")
