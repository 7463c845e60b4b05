"""The ids of threads: kept from the last run, and made of words where a thread is new."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pipeline.text import fold, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipeline.model import Item

# Figures and marks change from year to year, words less so.
_CHANGING = re.compile(r"[\W_\d]+")
_LENGTH = 6
# An id as threads are given: a spreadsheet may have made something else of it.
_THREAD_ID = re.compile(r"\S.{0,199}")


class KnownThreads(NamedTuple):
    """The threads of the last run: by the item's id with its words, and by year and words alone."""

    by_item: Mapping[tuple[str, str], str]
    by_words: Mapping[tuple[str, str], str]


NO_THREADS = KnownThreads({}, {})


def read_known_threads(path: Path) -> KnownThreads:
    """Read the thread of every item from a threads.csv; none where it is missing or cannot be read.

    A table that cannot be read loses ids, no more: they are made of words again.
    """
    try:
        text = path.read_text("utf-8-sig")
        rows = [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""))]
    except (OSError, UnicodeDecodeError, csv.Error):
        return NO_THREADS
    by_item: dict[tuple[str, str], str] = {}
    places: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        thread, words = row.get("thread_id") or "", squeeze(row.get("content") or "")
        if not _THREAD_ID.fullmatch(thread) or not row.get("item_id"):
            continue
        by_item[row["item_id"], words] = thread
        if words:
            places.setdefault((row.get("year") or "", words), set()).add(thread)
    by_words = {key: next(iter(found)) for key, found in places.items() if len(found) == 1}
    return KnownThreads(by_item, by_words)


class ThreadNames:
    """Gives ids to threads, each id once in all series of an OUTPUT."""

    def __init__(self, known: KnownThreads = NO_THREADS) -> None:
        self._known = known
        self._taken: set[str] = set()
        self._reserved = frozenset(known.by_item.values())

    def name(self, series: str, threads: Sequence[Sequence[tuple[int, Item]]]) -> list[str]:
        """Return the id of each thread, given as its items with their years in order.

        A thread keeps the id that most of its items had. A new id is of the series and of the title
        of the thread's last item, so that an earlier year that is added later changes none.
        """
        names = self._find_known(threads)
        for n, thread in enumerate(threads):
            if n not in names:
                names[n] = self._make_name(series, thread[-1][1])
        return [names[n] for n in range(len(threads))]

    def _find_known(self, threads: Sequence[Sequence[tuple[int, Item]]]) -> dict[int, str]:
        """Return the earlier ids of threads; an id of two threads goes to the one with more items."""
        votes = [
            (-count, n, name)
            for n, thread in enumerate(threads)
            for name, count in self._count_known(thread).items()
        ]
        names: dict[int, str] = {}
        for _, n, name in sorted(votes):
            if n not in names and name not in self._taken:
                names[n] = name
                self._taken.add(name)
        return names

    def _count_known(self, thread: Iterable[tuple[int, Item]]) -> Counter[str]:
        found: Counter[str] = Counter()
        for year, item in thread:
            words = squeeze(item.content)
            name = self._known.by_item.get((item.item_id, words))
            # Tables of earlier versions had no words; an item may have another id now.
            name = name or self._known.by_item.get((item.item_id, ""))
            name = name or self._known.by_words.get((str(year), words))
            if name:
                found[name] += 1
        return found

    def _make_name(self, series: str, item: Item) -> str:
        """Return a new id: of the title, where another thread has that also of the content, or of a number."""
        words = _CHANGING.sub("", fold(item.title or item.content)) or item.content
        for more in ("", squeeze(item.content), *map(str, range(2, 2 + len(self._taken)))):
            digest = hashlib.sha256(f"{series}\n{words}\n{more}".encode()).hexdigest()
            name = f"{series}-{digest[:_LENGTH]}"
            if name not in self._taken and name not in self._reserved:
                break
        self._taken.add(name)
        return name
