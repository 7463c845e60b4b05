"""Match the rows of a sheet to items: by id, then by words, each item at most once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from rapidfuzz import fuzz, process

from pipeline.ledger.cell_text import rest_of
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from pipeline.ledger.read.filled_rows import FilledRow

How = Literal["id", "words", "like"]
# Two texts of one item are at least this similar (0 to 100); any third is less so by a margin.
_ALIKE, _MARGIN = 80.0, 8.0
# The words of a row with an item's id may be edited as long as they are this similar.
_RELATED = 50.0


class _Words(NamedTuple):
    """The words of a row or an item, without blanks; empty where it has none.

    `rest_at` is where the content goes on after the title that it begins with. Sheets show that rest;
    those of earlier versions, and of people, the whole.
    """

    title: str
    content: str
    rest_at: int = 0

    @property
    def rest(self) -> str:
        """The content without its title; a second text for each of 100,000 items would be large."""
        return self.content[self.rest_at :]


@dataclass(slots=True)
class Matching:
    """Rows -> items and how they were found, or the reasons why not; both by their positions."""

    found: dict[int, tuple[int, How]] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def is_open(self, row: int) -> bool:
        """Whether nothing has been decided about a row."""
        return row not in self.found and row not in self.reasons

    def take(self, row: int, item: int, how: How) -> None:
        """Match a row to an item, unless another row has it."""
        if item in self.taken:
            self.reasons[row] = "another row is of the same item"
            return
        self.found[row] = (item, how)
        self.taken.add(item)


class ItemIndex:
    """The items of a ledger (id, cells), by id and by words; made once for all sheets."""

    def __init__(self, items: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        self.items = list(items)
        self.ids = {item_id: number for number, (item_id, _) in enumerate(self.items)}
        self.words = [_words(cells) for _, cells in self.items]
        self.titles: dict[str, list[int]] = defaultdict(list)
        self.contents: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self.words):
            self.titles[words.title].append(number)
            self.contents[words.content].append(number)

    @cached_property
    def rests(self) -> dict[str, list[int]]:
        """The items whose content goes on after their titles, by the rest; few sheets need it."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self.words):
            if words.rest_at:
                found[words.rest].append(number)
        return found


class _SheetRow(NamedTuple):
    """A row with its position, its words, and the item whose id it has."""

    number: int
    row: FilledRow
    words: _Words
    item: int | None


def match_rows(
    rows: Sequence[FilledRow],
    items: ItemIndex,
    own: Container[str] = (),
    known: Mapping[int, tuple[int | None, How]] | None = None,
) -> Matching:
    """Match the rows of one sheet to items; `own` are the ids that the sheet should have.

    `known` are rows with an item that is known already, None where it is gone. An id counts where
    the row's words are similar to those of its item: ids count items, and another parser may find
    one more. Then equal words count, then words much more similar to one item's than to those of
    any other that is left.
    """
    matching = Matching()
    for number, (item, how) in (known or {}).items():
        if item is None:
            matching.reasons[number] = "its item is there no more"
        else:
            matching.take(number, item, how)
    given = [
        _SheetRow(number, row, _words(row.data), items.ids.get(row.data.get("item_id", "").strip()))
        for number, row in enumerate(rows)
    ]
    for one in given:
        if one.item is not None and matching.is_open(one.number):
            _match_id(matching, one, items, least=None)
    for one in given:
        if _has_words(one.words) and matching.is_open(one.number):
            _match_words(matching, one, items, own)
    for one in given:
        if one.item is not None and matching.is_open(one.number):
            _match_id(matching, one, items, least=_RELATED)
    _match_similar(matching, given, items)
    for one in given:
        if one.number not in matching.found:
            matching.reasons.setdefault(one.number, _reason(one))
    return matching


def match_held(
    rows: Sequence[FilledRow], held: ItemIndex, items: ItemIndex
) -> dict[int, tuple[int, How]]:
    """Match rows to the items that they had when the ledger was written.

    A row with the very words of a present item is not matched to another one that it resembles.
    """
    words = [_words(row.data) for row in rows]
    return {
        row: (item, how)
        for row, (item, how) in match_rows(rows, held).found.items()
        if _is_same(words[row], held.words[item]) or not _find_same(words[row], items)
    }


def _words(cells: Mapping[str, str]) -> _Words:
    title, content = cells.get("title", ""), cells.get("content", "")
    rest = rest_of(title, content)
    whole = squeeze(content)
    return _Words(squeeze(title), whole, 0 if rest == content else len(whole) - len(squeeze(rest)))


def _has_words(words: _Words) -> bool:
    return bool(words.title or words.content)


def _reason(one: _SheetRow) -> str:
    """Say why a row is of no item."""
    if not one.row.data.get("item_id") and not _has_words(one.words):
        return "nothing in it tells which item it is of"
    if not _has_words(one.words):
        return "no item has its id"
    return "no item is like it" if one.item is None else "its words are not those of its id's item"


def _match_id(matching: Matching, one: _SheetRow, items: ItemIndex, *, least: float | None) -> None:
    """Match a row to the item of its id, if their words are equal, or similar to a degree."""
    if one.item is None:
        return
    words = items.words[one.item]
    if _is_same(one.words, words) if least is None else _similarity(one.words, words) >= least:
        matching.take(one.number, one.item, "id")


def _is_same(row: _Words, item: _Words) -> bool:
    """Whether the title and content of a row are the item's; a row may have neither."""
    is_content = (
        not row.content or row.content in (item.content, item.rest) or row.rest == item.rest
    )
    return is_content and (not row.title or row.title == item.title)


def _match_words(matching: Matching, one: _SheetRow, items: ItemIndex, own: Container[str]) -> None:
    """Match a row to the item with its words; of several to the one with most other cells equal."""
    same = _find_same(one.words, items)
    ranks = sorted(
        ((items.items[item][0] in own, _count_equal(one.row, items.items[item][1])), -item)
        for item in same
        if item not in matching.taken
    )
    if len(ranks) > 1 and ranks[-2][0] == ranks[-1][0]:
        matching.reasons[one.number] = f"{len(ranks)} items have the same words"
    elif ranks:
        matching.take(one.number, -ranks[-1][1], "words")
    elif same:
        matching.reasons[one.number] = "another row is of the same item"


def _find_same(words: _Words, items: ItemIndex) -> list[int]:
    """Find the items with a row's content, else those with its title and a related content.

    The same rest (完善制度。) may follow the titles of several items.
    """
    same = []
    if words.content:
        same = items.contents.get(words.content, []) + items.rests.get(words.content, [])
    if words.title:
        same = [one for one in same if _is_of_title(words, items.words[one])]
    if same or not words.title:
        return same
    same = items.titles.get(words.title, [])
    if not words.content:
        return list(same)
    return [item for item in same if _compare_contents(words, items.words[item]) >= _RELATED]


def _is_of_title(row: _Words, item: _Words) -> bool:
    """Whether an item with a row's content has its title too, or the content says it all."""
    return row.title == item.title or row.content == item.content


def _compare_contents(row: _Words, item: _Words) -> float:
    """The similarity of contents (0 to 100), whole ones or those without their titles."""
    return max(fuzz.ratio(row.content, item.content), fuzz.ratio(row.rest, item.rest))


def _count_equal(row: FilledRow, cells: Mapping[str, str]) -> int:
    """Count the cells in which a row and an item are the same."""
    return sum(squeeze(text) == squeeze(cells.get(key, "")) for key, text in row.data.items())


def _similarity(row: _Words, item: _Words) -> float:
    """The similarity of titles or of contents, the greater one; 0 for a row without words."""
    title = fuzz.ratio(row.title, item.title) if row.title else 0.0
    return max(title, _compare_contents(row, item) if row.content else 0.0)


def _match_similar(matching: Matching, rows: Sequence[_SheetRow], items: ItemIndex) -> None:
    """Assign the rows that are left to the items that are left, with the greatest similarity."""
    left = [one for one in rows if _has_words(one.words) and matching.is_open(one.number)]
    for fields in ("whole", "rest", "title"):
        own = [one for one in left if _compared(one.words) == fields]
        free = [item for item in range(len(items.words)) if item not in matching.taken]
        if own and free:
            _assign(matching, own, free, _choices(items, free, fields))


def _compared(row: _Words) -> str:
    """The words by which a row without its id is compared: all, its content alone, or its title."""
    if row.content:
        return "whole" if row.title else "rest"
    return "title"


def _whole(words: _Words) -> str:
    """The title and what follows it."""
    return words.content if words.rest_at else words.title + words.content


def _choices(items: ItemIndex, free: Iterable[int], fields: str) -> list[list[str]]:
    """The words of items to compare rows with; each row is compared with both of two lists."""
    words = [items.words[item] for item in free]
    if fields == "title":
        return [[one.title for one in words]]
    if fields == "whole":
        return [[_whole(one) or one.title for one in words]]
    return [[one.content or one.title for one in words], [one.rest or one.title for one in words]]


def _assign(
    matching: Matching, rows: list[_SheetRow], free: list[int], choices: list[list[str]]
) -> None:
    # The one door to SciPy: most ledgers come back with all rows known by their ids.
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    words = [_whole(one.words) for one in rows]
    least = _ALIKE - _MARGIN
    scores = process.cdist(words, choices[0], scorer=fuzz.ratio, score_cutoff=least)
    for more in choices[1:]:
        found = process.cdist(words, more, scorer=fuzz.ratio, score_cutoff=least)
        scores = np.maximum(scores, found)
    for n, chosen in zip(*linear_sum_assignment(-scores), strict=True):
        score = scores[n, chosen]
        others = scores[n].copy()
        others[chosen] = 0.0
        if score >= _ALIKE and score - others.max() >= _MARGIN:
            matching.take(rows[n].number, free[chosen], "like")
        elif score >= _ALIKE:
            matching.reasons[rows[n].number] = "several items are like it"
