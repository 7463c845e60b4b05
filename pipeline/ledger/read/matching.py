"""Rows of a sheet -> the items that they are of: by id, then by words, each item once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipeline.text import squeeze as bare

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from pipeline.ledger.read.filled_rows import Line

How = Literal["id", "words", "like"]
# Two texts of one item are this much alike (0 to 100), and any third is less so by a margin.
_ALIKE, _MARGIN = 80.0, 8.0
# Words at a known id may be edited as long as they are about the same.
_RELATED = 50.0
_WORDS = ("title", "content")


@dataclass(slots=True)
class Matching:
    """Row -> item and how it was found, or why it was not; rows and items by their place."""

    found: dict[int, tuple[int, How]] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def take(self, row: int, item: int, how: How) -> None:
        """A row is of an item, which no other row can be of."""
        self.found[row] = (item, how)
        self.taken.add(item)


class Items:
    """The items of a ledger, ids and cells, by their ids and words, made once for all sheets."""

    def __init__(self, items: Iterable[tuple[str, Mapping[str, str]]]) -> None:
        self.items = list(items)
        self.ids = {item_id: number for number, (item_id, _) in enumerate(self.items)}
        self.texts = [[bare(cells.get(key, "")) for key in _WORDS] for _, cells in self.items]
        self.places: dict[tuple[int, str], list[int]] = defaultdict(list)
        for number, words in enumerate(self.texts):
            for at, text in enumerate(words):
                self.places[at, text].append(number)


def match_rows(
    lines: Sequence[Line],
    items: Items,
    own: Container[str] = (),
    known: Mapping[int, tuple[int | None, How]] | None = None,
) -> Matching:
    """Which item each row of one sheet is of; `own` are the items that the sheet should have.

    `known` are rows whose item is known, or known to be gone. An id counts where the row's words
    are about those of its item: ids count items, and another parser may find one more. Then the
    same words count, then words much more like one item's than those of any other that is left.
    """
    matching = Matching()
    for row, (item, how) in (known or {}).items():
        if item is None:
            matching.reasons[row] = "its item is there no more"
        else:
            _take_told(matching, row, item, how)
    rows = _texts(lines)
    told = [items.ids.get(line.data.get("item_id", "").strip()) for line in lines]
    for row, item in enumerate(told):
        is_open = row not in matching.found and row not in matching.reasons
        if item is not None and is_open and _is_same(rows[row], items.texts[item]):
            _take_told(matching, row, item)
    _by_words(matching, lines, rows, items, own)
    for row, item in enumerate(told):
        is_open = row not in matching.found and row not in matching.reasons
        if item is not None and is_open and _likeness(rows[row], items.texts[item]) >= _RELATED:
            _take_told(matching, row, item)
    _by_likeness(matching, rows, items.texts)
    for row, line in enumerate(lines):
        if row not in matching.found:
            matching.reasons.setdefault(row, _reason(line, rows[row], told[row]))
    return matching


def _reason(line: Line, words: list[str], told: int | None) -> str:
    """Why a row is of no item."""
    if not line.data:
        return "nothing in it tells which item it is of"
    if not any(words):
        return "no item has its id"
    return "no item is like it" if told is None else "its words are not those of its id's item"


def match_held(lines: Sequence[Line], held: Items, items: Items) -> dict[int, tuple[int, How]]:
    """Which item each row was of when the ledger was written.

    A row that has the words of an item as it is now is not taken for another one that it is like.
    """
    rows = _texts(lines)
    return {
        row: (item, how)
        for row, (item, how) in match_rows(lines, held).found.items()
        if _is_same(rows[row], held.texts[item]) or not _same_words(rows[row], items)
    }


def _texts(lines: Iterable[Line]) -> list[list[str]]:
    return [[bare(line.data.get(key, "")) for key in _WORDS] for line in lines]


def _take_told(matching: Matching, row: int, item: int, how: How = "id") -> None:
    if item in matching.taken:
        matching.reasons[row] = "another row is of the same item"
    else:
        matching.take(row, item, how)


def _is_same(row: list[str], text: list[str]) -> bool:
    """Whether what a row has of title and content is the item's; a row may have neither."""
    return all(not own or own == words for own, words in zip(row, text, strict=True))


def _by_words(
    matching: Matching,
    lines: Sequence[Line],
    rows: list[list[str]],
    items: Items,
    own: Container[str],
) -> None:
    """Rows with the words of one item; of items with the same words the one most alike otherwise."""
    for row, words in enumerate(rows):
        if row in matching.found or row in matching.reasons or not any(words):
            continue
        same = _same_words(words, items)
        ranks = sorted(
            ((item_id in own, _agreement(lines[row], cells)), -item)
            for item in same
            if item not in matching.taken
            for item_id, cells in (items.items[item],)
        )
        if len(ranks) > 1 and ranks[-2][0] == ranks[-1][0]:
            matching.reasons[row] = f"{len(ranks)} items have the same words"
        elif ranks:
            matching.take(row, -ranks[-1][1], "words")
        elif same:
            matching.reasons[row] = "another row is of the same item"


def _same_words(words: list[str], items: Items) -> list[int]:
    """The items with a row's content, else those with its title and a content about like it."""
    title, content = words
    same = items.places.get((1, content), []) if content else []
    if same or not title:
        return same
    same = items.places.get((0, title), [])
    return [
        one for one in same if not content or _likeness(words[1:], items.texts[one][1:]) >= _RELATED
    ]


def _agreement(line: Line, cells: Mapping[str, str]) -> int:
    """In how many cells a row and an item are the same."""
    return sum(bare(text) == bare(cells.get(key, "")) for key, text in line.data.items())


def _joined(words: Iterable[str]) -> str:
    """The words by which likeness is measured: the content, which holds the title, else that."""
    title, content = words
    return content or title


def _likeness(row: list[str], text: list[str]) -> float:
    from rapidfuzz import fuzz  # noqa: PLC0415

    pairs = [pair for pair in zip(row, text, strict=True) if pair[0]]
    return max((fuzz.ratio(*pair) for pair in pairs), default=0.0)


def _by_likeness(matching: Matching, rows: list[list[str]], texts: list[list[str]]) -> None:
    """The assignment of the rows that are left to the items that are left with most likeness."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    left = [
        row
        for row, words in enumerate(rows)
        if any(words) and row not in matching.found and row not in matching.reasons
    ]
    free = [item for item in range(len(texts)) if item not in matching.taken]
    for has_content in (True, False):
        own = [row for row in left if bool(rows[row][1]) is has_content]
        free = [item for item in free if item not in matching.taken]
        if not own or not free:
            continue
        choices = [_joined(texts[item]) if has_content else texts[item][0] for item in free]
        words = [_joined(rows[row]) for row in own]
        scores = process.cdist(words, choices, scorer=fuzz.ratio, score_cutoff=_ALIKE - _MARGIN)
        for n, chosen in zip(*linear_sum_assignment(-scores), strict=True):
            score = scores[n, chosen]
            others = scores[n].copy()
            others[chosen] = 0.0
            if score >= _ALIKE and score - others.max() >= _MARGIN:
                matching.take(own[n], free[chosen], "like")
            elif score >= _ALIKE:
                matching.reasons[own[n]] = "several items are like it"
