"""The values of edits in corrections.csv: places in the source with their words, ids of new items.

A value names each place with the words that are there, so that it is found again when the source has
moved: `split` "1203:推进管网改造 / 1260:加强…", `join` "#6:推进管网改造", `add` "812-840:建设智慧食堂",
of a long stretch its first and last words with " … " between them.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.decisions.anchors import words_of
from pipeline.decisions.item_words import squeeze_stretch
from pipeline.errors import CorrectionError
from pipeline.model import Span
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Item, Notice

PLACE_JOIN = " / "
_GAP = " … "
_PLACE = re.compile(
    r"(?P<place>\d{1,9}(?:-\d{1,9})?|[^\s#]*#[^\s:]+)(?::(?P<words>.*))?", re.DOTALL
)
_MADE = re.compile(r".*#p[0-9a-f]{8}\.\d+")
# Words that a place is found again by are so long, and longer where others begin as they do.
_SHORTEST, _LONGEST = 12, 200


class WrittenPlace(NamedTuple):
    """One place of a value: an offset, a stretch or an id, and the words there; either may be empty."""

    place: str
    words: str


def parse_places(value: str) -> list[WrittenPlace]:
    """Parse the places of a value, in which a person may have written words alone."""
    places = []
    for one in value.split(PLACE_JOIN):
        found = _PLACE.fullmatch(one.strip())
        place = WrittenPlace(found["place"], found["words"] or "") if found else None
        places.append(place or WrittenPlace("", one.strip()))
    return [one for one in places if one.place or one.words]


def is_made(item_id: str) -> bool:
    """Answer whether an id is of an item that an edit made."""
    return _MADE.fullmatch(item_id) is not None


def made_prefix(field: str, item_id: str, value: str, words: str) -> str:
    """Return how the ids of an edit's items begin after the #: the same for the same decision."""
    said = f"{field}\n{item_id}\n{value}\n{words}"
    return f"p{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def find_cuts(value: str, item: Item, text: str) -> list[int]:
    """Find the offsets at which a value splits an item. Raises CorrectionError."""
    source = squeeze_stretch(text, item.span.start, item.span.end)
    cuts: list[int] = []
    for place, words in parse_places(value):
        offset = int(place) if place.isdecimal() else -1
        is_there = item.span.start < offset < item.span.end
        if is_there and source.from_offset(offset).startswith(squeeze(words)):
            cuts.append(offset)
            continue
        found = source.find(words)
        if len(found) != 1:
            raise _not_once(item.item_id, words or place, len(found))
        cuts += found
    if not cuts:
        fact = "no words are named"
        raise CorrectionError(item.item_id, fact, "name the words that begin the next item")
    return sorted(set(cuts))


def _not_once(place: str, words: str, count: int) -> CorrectionError:
    quoted = words if len(words) <= _SHORTEST * 2 else f"{words[: _SHORTEST * 2]}…"
    fact = f"{quoted!r} is {count} times in the text"
    return CorrectionError(place, fact, "name words that are there once, as the source has them")


def format_cuts(cuts: Iterable[int], item: Item, text: str) -> str:
    """Write the offsets at which an item is split, each with the words behind it."""
    source = squeeze_stretch(text, item.span.start, item.span.end)
    written = []
    for cut in cuts:
        words = source.from_offset(cut)
        length = _SHORTEST
        while length < min(len(words), _LONGEST) and source.words.count(words[:length]) > 1:
            length += 1
        written.append(f"{cut}:{words[:length]}")
    return PLACE_JOIN.join(written)


def find_joined(value: str, item: Item, items: Sequence[Item]) -> list[Item]:
    """Find an item and those that a value joins with it, in reading order. Raises CorrectionError."""
    joined = {item.item_id: item}
    for place, words in parse_places(value):
        own = place.rpartition("#")[2]
        beginning = [one for one in items if words and words_of(one).startswith(words)]
        by_id = [one for one in items if one.item_id.rpartition("#")[2] == own]
        found = [one for one in by_id if words_of(one).startswith(words)] or beginning
        if len(found) != 1:
            fact = f"{len(found)} items are meant by {words or place!r}"
            raise CorrectionError(
                item.item_id, fact, "name the id of the item that it is joined with"
            )
        joined[found[0].item_id] = found[0]
    if len(joined) < 2:
        fact = "no other item is named"
        raise CorrectionError(item.item_id, fact, "name the id of the item beside it")
    _check_neighbours(item, joined, items)
    return [one for one in items if one.item_id in joined]


def _check_neighbours(item: Item, joined: dict[str, Item], items: Sequence[Item]) -> None:
    """Raise CorrectionError where another item is between items that are to be joined."""
    at = [n for n, one in enumerate(items) if one.item_id in joined]
    covered = set(joined)
    for one in items[at[0] : at[-1] + 1]:
        if one.item_id not in covered and one.parent_id not in covered:
            fact = f"{one.item_id} is between the items"
            raise CorrectionError(
                item.item_id, fact, "join neighbours, or delete what is no task first"
            )
        covered.add(one.item_id)


def format_joined(others: Iterable[Item]) -> str:
    """Write the items that one is joined with, each with its first words."""
    return PLACE_JOIN.join(
        f"#{one.item_id.rpartition('#')[2]}:{words_of(one)[: _SHORTEST * 4]}" for one in others
    )


def first_words(value: str) -> str:
    """Return the words with which a stretch begins that a value names."""
    return next((place.words.partition(_GAP)[0] for place in parse_places(value)), "")


def find_stretch(value: str, notice: Notice) -> Span:
    """Find the stretch of the source that a value names. Raises CorrectionError."""
    text = notice.source.text
    place, words = next(iter(parse_places(value)), WrittenPlace("", ""))
    head, _, tail = words.partition(_GAP)
    start, _, end = place.partition("-")
    if end and int(start) < int(end) <= len(text):
        there = squeeze_stretch(text, int(start), int(end)).words
        if there and there.startswith(squeeze(head)) and there.endswith(squeeze(tail)):
            return Span(start=int(start), end=int(end))
    if not head:
        fact = "no words are named"
        raise CorrectionError(notice.notice_id, fact, "name the words as the source has them")
    source = squeeze_stretch(text, 0, len(text))
    found = source.find(head)
    if len(found) != 1:
        raise _not_once(notice.notice_id, head, len(found))
    first = source.count_before(found[0])
    last = first + len(squeeze(head))
    if tail:
        at = source.words.find(squeeze(tail), last)
        if at < 0:
            raise _not_once(notice.notice_id, tail, 0)
        last = at + len(squeeze(tail))
    return Span(start=found[0], end=source.offsets[last - 1] + 1)


def format_stretch(span: Span, text: str) -> str:
    """Write a stretch of the source with its words, of long ones the first and the last."""
    words = squeeze_stretch(text, span.start, span.end).words
    if len(words) > _LONGEST:
        words = f"{words[: _LONGEST // 2]}{_GAP}{words[-_LONGEST // 4 :]}"
    return f"{span.start}-{span.end}:{words}"
