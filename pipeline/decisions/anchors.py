"""Find an item again, to which something was attached, when its id, place or wording has changed.

All anchors of one notice are resolved together: an item with exactly the words of one anchor is
no candidate for another anchor with similar words, and where two anchors fit one item, neither
gets it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.dataset.edited_items import edited
from pipeline.text import parse_numeral, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import Item, Notice

# same: the same words at the same id; moved: at another id; like: reworded.
FoundBy = Literal["same", "moved", "like"]
# Longer words are kept as their beginning and a hash: they need only be distinguished.
_LONGEST = 1000
# Of two wordings of one item the longer is at most so many times the shorter.
_EXTENDED, _REWORDED = 2.0, 1.25
# A figure that may change from edition to edition: 12 in 改造12个小区, 10.5%, 三 in 培训三次.
# Must not match a number that is part of a name: 第二小学, 2号楼, 12届.
_FIGURE = re.compile(
    r"(?<![第\d一二三四五六七八九十百])(?:\d[\d.,]*|[一二三四五六七八九十百千]+)"
    r"(?![号期届中小路区\d一二三四五六七八九十百])[%‰万亿]*"
)
_RANK = re.compile(r"(\d{1,6}) of (\d{1,6})", re.ASCII)
_MARKS = re.compile(r"[^\w#]+")


class Anchor(NamedTuple):
    """An item as it was when something was attached to it: its id, its source, its words.

    `rank` says which of several items with the same words it was: "2 of 3" (a spreadsheet would
    turn 2/3 into a date); it is empty where no other item had them.
    """

    item_id: str
    path: str
    sha256: str
    words: str
    rank: str = ""

    @property
    def notice_id(self) -> str:
        """The id that the notice had then."""
        return self.item_id.partition("#")[0]

    @property
    def is_item(self) -> bool:
        """Whether this is an item, not the notice itself."""
        return "#" in self.item_id

    @property
    def order(self) -> tuple[str, int]:
        """A sort key: notice by notice, items by number."""
        number = self.item_id.partition("#")[2]
        return self.notice_id, parse_numeral(number) or 0


class NoticeOrigin(NamedTuple):
    """A notice's id, and its source's path and hash."""

    notice_id: str
    path: str
    sha256: str


class FoundItem(NamedTuple):
    """The item that an anchor means now, and how it was found."""

    item: Item
    how: FoundBy


class FoundId(NamedTuple):
    """The id of the item that an anchor means now, and how it was found."""

    item_id: str
    how: FoundBy


class PresentAnchors:
    """What anchors need to be found again in many notices, without the notices themselves.

    `origins` and `notices`, the notices' own anchors, are by the notice's id, `items` the present
    anchors of all items by their id.
    """

    def __init__(self, notices: Iterable[Notice] = ()) -> None:
        self.origins: dict[str, NoticeOrigin] = {}
        self.notices: dict[str, Anchor] = {}
        self.items: dict[str, Anchor] = {}
        self._of_notice: dict[str, dict[str, Anchor]] = {}
        for notice in notices:
            self.add(notice)

    def add(self, notice: Notice) -> None:
        """Add a notice as it was read, with its items as people edited them."""
        own = anchors_of(edited(notice))
        self.origins[notice.notice_id] = origin_of(notice)
        self.notices[notice.notice_id] = anchor_of(notice, None)
        self._of_notice[notice.notice_id] = own
        self.items |= own

    def find(
        self, anchors: Iterable[Anchor], others: Iterable[NoticeOrigin] = ()
    ) -> dict[Anchor, FoundId]:
        """Find the items that anchors mean now, all anchors of one notice together.

        `others` are origins of notices that are not here: an anchor may mean one of them.
        """
        origins = {one.notice_id: one for one in others} | self.origins
        meant: defaultdict[str, list[Anchor]] = defaultdict(list)
        for anchor, home in find_notice_ids(anchors, origins.values()).items():
            meant[home].append(anchor)
        found: dict[Anchor, FoundId] = {}
        for home, own in meant.items():
            if home in self._of_notice:
                found |= find_ids(own, self._of_notice[home])
        return found


def anchor_of(notice: Notice, item: Item | None) -> Anchor:
    """Return the anchor of an item as it is now, or of the notice where `item` is None."""
    if item is None:
        return Anchor(*origin_of(notice), notice_words(notice))
    # Of an item that a person made only the notice as it was edited knows.
    own = anchors_of(notice)
    return own[item.item_id] if item.item_id in own else anchors_of(edited(notice))[item.item_id]


def anchors_of(notice: Notice) -> dict[str, Anchor]:
    """Return the anchors of all items of a notice as they are now, by id."""
    origin = origin_of(notice)
    words = {item.item_id: words_of(item) for item in notice.items}
    counts, ranks = Counter(words.values()), Counter[str]()
    found = {}
    for item_id, own in words.items():
        ranks[own] += 1
        rank = f"{ranks[own]} of {counts[own]}" if counts[own] > 1 else ""
        found[item_id] = Anchor(item_id, origin.path, origin.sha256, own, rank)
    return found


def origin_of(notice: Notice) -> NoticeOrigin:
    """Return a notice's id and the origin of its source."""
    return NoticeOrigin(notice.notice_id, notice.source.path or "", notice.source.sha256)


def notice_words(notice: Notice) -> str:
    """Return the words that distinguish a plan from another one at the same path: title and year."""
    return _squeezed(f"{notice.title or notice.notice_title or ''} {notice.year or ''}")


def is_of_other_plan(anchor: Anchor, notice: Notice) -> bool:
    """Answer whether the notice that has the place of an anchor's notice now is another plan."""
    is_same = anchor.sha256 in ("", notice.source.sha256)
    return not is_same and anchor.words != notice_words(notice)


def words_of(item: Item) -> str:
    """Return the words that identify an item: its content, without who is responsible for it."""
    return _squeezed(item.content)


@lru_cache(1 << 14)
def _squeezed(printed: str) -> str:
    words = squeeze(printed)
    if len(words) <= _LONGEST:
        return words
    return f"{words[:_LONGEST]}…{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def find_notice_ids(
    anchors: Iterable[Anchor], origins: Iterable[NoticeOrigin]
) -> dict[Anchor, str]:
    """Return the id of the notice that each anchor means: by id, else by path, else by bytes.

    Path and bytes count only where no notice has the id, and where exactly one notice has them.
    Anchors that mean no notice are left out.
    """
    anchors = list(anchors)
    # An OUTPUT has 10,000s of origins; those of no anchor's place need no list.
    wanted = {key for one in anchors for key in (("path", one.path), ("sha256", one.sha256))}
    ids: set[str] = set()
    places: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for origin in origins if anchors else ():
        ids.add(origin.notice_id)
        for key in (("path", origin.path), ("sha256", origin.sha256)):
            if key[1] and key in wanted:
                places[key].append(origin.notice_id)
    found: dict[Anchor, str] = {}
    for anchor in anchors:
        own = anchor.notice_id
        candidates = [[own] if own in ids else []]
        candidates += [
            places.get(("path", anchor.path), []),
            places.get(("sha256", anchor.sha256), []),
        ]
        notice_id = next((one[0] for one in candidates if len(one) == 1), None)
        if notice_id is not None:
            found[anchor] = notice_id
    return found


def find_items(anchors: Iterable[Anchor], notice: Notice) -> dict[Anchor, FoundItem]:
    """Return the items that anchors mean in their notice; anchors without a certain item are left out.

    The same words count before the same id, since ids number the items and a better parser may
    find one more. Of items with the same words the one with the same rank is meant.
    """
    known = {item.item_id: item for item in notice.items}
    found = find_ids(anchors, anchors_of(notice))
    return {anchor: FoundItem(known[one.item_id], one.how) for anchor, one in found.items()}


def find_ids(anchors: Iterable[Anchor], present: Mapping[str, Anchor]) -> dict[Anchor, FoundId]:
    """Return the ids of the items that anchors mean in their notice, as `find_items` does.

    `present` are the anchors of the notice's items as they are now.
    """
    wanted = list(dict.fromkeys(anchors))
    if not wanted:
        return {}
    index: defaultdict[str, list[str]] = defaultdict(list)
    for item_id, own in present.items():
        index[own.words].append(item_id)
    found: dict[Anchor, FoundId] = {}
    for anchor in wanted:
        if not anchor.words and anchor.item_id in present:
            # A person wrote the id into a file and nothing else.
            found[anchor] = FoundId(anchor.item_id, "same")
        same = index.get(anchor.words, [])
        rank, count = _parse_rank(anchor.rank)
        if same and len(same) == count:
            item_id = same[rank - 1]
            found[anchor] = FoundId(item_id, "same" if item_id == anchor.item_id else "moved")
    left = [one for one in wanted if one not in found and one.words not in index]
    taken = {one.item_id for one in found.values()}
    return found | _find_reworded(left, index, taken)


def _parse_rank(rank: str) -> tuple[int, int]:
    """Parse "2 of 3" as (2, 3); an empty rank is (1, 1), an impossible one (0, 0)."""
    if not rank:
        return 1, 1
    match = _RANK.fullmatch(rank)
    which, many = (int(match[1]), int(match[2])) if match else (0, 0)
    return (which, many) if 1 <= which <= many else (0, 0)


def _find_reworded(
    anchors: Sequence[Anchor], index: Mapping[str, Sequence[str]], taken: set[str]
) -> dict[Anchor, FoundId]:
    """Return the ids of reworded items: each is the only one that fits its anchor, and fits no other anchor."""
    free = {words: ids[0] for words, ids in index.items() if len(ids) == 1 and ids[0] not in taken}
    fitting: dict[Anchor, str] = {}
    for anchor in anchors:
        alike = [words for words in free if anchor.words and _is_reworded(anchor.words, words)]
        if len(alike) == 1:
            fitting[anchor] = free[alike[0]]
    claims = Counter(fitting.values())
    return {a: FoundId(item_id, "like") for a, item_id in fitting.items() if claims[item_id] == 1}


@lru_cache(1 << 14)
def _plain(words: str) -> str:
    """Return words without punctuation and with # for every figure."""
    return _MARKS.sub("", _FIGURE.sub("#", words))


def _is_reworded(one: str, other: str) -> bool:
    """Answer whether two wordings are of one item: figures may differ, one may have more words.

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

    # The distance is as small as it can be only if the longer has all of the shorter, in order.
    more = len(b) - len(a)
    return Levenshtein.distance(a, b, score_cutoff=more) == more
