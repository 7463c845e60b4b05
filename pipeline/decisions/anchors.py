"""Where something said of an item belongs now: the item found again when its id or place changed.

All that is said of one notice is placed together: an item that has the very words of one anchor is
no item that another is merely like, and of two anchors that fit one item neither gets it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import Item, Notice

How = Literal["same", "moved", "like"]
# Longer words are kept as their beginning and a hash: they only have to be told apart.
_LONGEST = 1000
# Of two wordings of one item the longer is at most so many times the shorter.
_EXTENDED, _REWORDED = 2.0, 1.25
# A figure that may change from edition to edition; 第二小学 and 2号楼 are names.
_FIGURE = re.compile(
    r"(?<![第\d一二三四五六七八九十百])(?:\d[\d.,]*|[一二三四五六七八九十百千]+)"
    r"(?![号期届中小路区\d一二三四五六七八九十百])[%‰万亿]*"
)
_RANK = re.compile(r"(\d{1,6}) of (\d{1,6})", re.ASCII)
_MARKS = re.compile(r"[^\w#]+")


class Anchor(NamedTuple):
    """What an item was when something was said of it: id, source, and its words.

    `rank` is which of several items with the same words it was: "2 of 3" (2/3 would come
    back from a spreadsheet as a day); empty where it was alone.
    """

    item_id: str
    path: str
    sha256: str
    words: str
    rank: str = ""

    @property
    def notice_id(self) -> str:
        """The notice of the time."""
        return self.item_id.partition("#")[0]

    @property
    def is_item(self) -> bool:
        """Whether an item is meant, not the notice itself."""
        return "#" in self.item_id

    @property
    def order(self) -> tuple[str, int]:
        """Notice by notice, and in each the items as they are numbered."""
        number = self.item_id.partition("#")[2]
        return self.notice_id, int(number) if number.isdecimal() else 0


class Spot(NamedTuple):
    """Where a notice was read: its id, and its source's path and hash."""

    notice_id: str
    path: str
    sha256: str


class Found(NamedTuple):
    """The item of an anchor now: the same words (at its id, or elsewhere) or words like them."""

    item: Item
    how: How


def anchor_of(notice: Notice, item: Item | None) -> Anchor:
    """An item as it is now, or its notice where no item is meant."""
    if item is None:
        return Anchor(*spot_of(notice), notice_words(notice))
    return anchors_of(notice)[item.item_id]


def anchors_of(notice: Notice) -> dict[str, Anchor]:
    """All items of a notice as they are now, by their ids."""
    spot = spot_of(notice)
    words = {item.item_id: words_of(item) for item in notice.items}
    counts, ranks = Counter(words.values()), Counter[str]()
    found = {}
    for item_id, own in words.items():
        ranks[own] += 1
        rank = f"{ranks[own]} of {counts[own]}" if counts[own] > 1 else ""
        found[item_id] = Anchor(item_id, spot.path, spot.sha256, own, rank)
    return found


def spot_of(notice: Notice) -> Spot:
    """Where a notice was read."""
    return Spot(notice.notice_id, notice.source.path or "", notice.source.sha256)


def notice_words(notice: Notice) -> str:
    """What tells one plan from another that lies in its place: title and year."""
    return _squeezed(f"{notice.title or notice.notice_title or ''} {notice.year or ''}")


def words_of(item: Item) -> str:
    """What an item demands, on one line; who has it may change and it stays the same item."""
    return _squeezed(item.content)


@lru_cache(1 << 14)
def _squeezed(printed: str) -> str:
    words = squeeze(printed)
    if len(words) <= _LONGEST:
        return words
    return f"{words[:_LONGEST]}…{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def find_homes(anchors: Iterable[Anchor], spots: Iterable[Spot]) -> dict[Anchor, str]:
    """The notice of a dataset that each anchor means: by id, else by path, else by bytes.

    What is read from one path or has the same bytes counts only where no notice has the id, and
    only one notice can be meant; anchors without a home are left out.
    """
    ids: set[str] = set()
    places: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for spot in spots:
        ids.add(spot.notice_id)
        for key in (("path", spot.path), ("sha256", spot.sha256)):
            if key[1]:
                places[key].append(spot.notice_id)
    homes: dict[Anchor, str] = {}
    for anchor in anchors:
        own = anchor.notice_id
        candidates = [[own] if own in ids else []]
        candidates += [
            places.get(("path", anchor.path), []),
            places.get(("sha256", anchor.sha256), []),
        ]
        home = next((one[0] for one in candidates if len(one) == 1), None)
        if home is not None:
            homes[anchor] = home
    return homes


def find_items(anchors: Iterable[Anchor], notice: Notice) -> dict[Anchor, Found]:
    """The items that anchors mean in their notice; those that no item fits for certain are left out.

    The same words count before the same id, since ids count items and a better parser may find
    one more. Of items with the same words the one of the same rank is meant.
    """
    wanted = list(dict.fromkeys(anchors))
    if not wanted:
        return {}
    index: defaultdict[str, list[Item]] = defaultdict(list)
    for item in notice.items:
        index[words_of(item)].append(item)
    found: dict[Anchor, Found] = {}
    known = {item.item_id: item for item in notice.items}
    for anchor in wanted:
        if not anchor.words and anchor.item_id in known:
            # A person wrote it into the file: the id is all that it has.
            found[anchor] = Found(known[anchor.item_id], "same")
        same = index.get(anchor.words, [])
        rank, count = _ranked(anchor.rank)
        if same and len(same) == count:
            item = same[rank - 1]
            found[anchor] = Found(item, "same" if item.item_id == anchor.item_id else "moved")
    left = [one for one in wanted if one not in found and one.words not in index]
    taken = {one.item.item_id for one in found.values()}
    return found | _find_like(left, index, taken)


def _ranked(rank: str) -> tuple[int, int]:
    """Which of how many; a rank that cannot be is of none."""
    if not rank:
        return 1, 1
    told = _RANK.fullmatch(rank)
    which, many = (int(told[1]), int(told[2])) if told else (0, 0)
    return (which, many) if 1 <= which <= many else (0, 0)


def _find_like(
    anchors: Sequence[Anchor], index: Mapping[str, Sequence[Item]], taken: set[str]
) -> dict[Anchor, Found]:
    """Items with other words that can only be those of an anchor, reworded."""
    free = {
        words: items[0]
        for words, items in index.items()
        if len(items) == 1 and items[0].item_id not in taken
    }
    fitting: dict[Anchor, Item] = {}
    for anchor in anchors:
        alike = [words for words in free if anchor.words and _is_reworded(anchor.words, words)]
        if len(alike) == 1:
            fitting[anchor] = free[alike[0]]
    claims = Counter(item.item_id for item in fitting.values())
    return {a: Found(item, "like") for a, item in fitting.items() if claims[item.item_id] == 1}


@lru_cache(1 << 14)
def _plain(words: str) -> str:
    """Words without marks, any figure as any other."""
    return _MARKS.sub("", _FIGURE.sub("#", words))


def _is_reworded(one: str, other: str) -> bool:
    """Whether two wordings are of one item: other figures, something more or less, nothing else.

    建设沙头角服务中心 and 建设海山服务中心 are two items, however alike.
    """
    a, b = sorted((_plain(one), _plain(other)), key=len)
    if a == b:
        return True
    if not a or len(b) > _EXTENDED * len(a):
        return False
    if a in b:
        return True
    if len(b) > _REWORDED * len(a):
        return False
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415  (only where words have changed)

    # The least that any distance can be: all of the shorter stands in the longer, in order.
    more = len(b) - len(a)
    return Levenshtein.distance(a, b, score_cutoff=more) == more
