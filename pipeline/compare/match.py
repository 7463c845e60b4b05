"""Which demand of one list goes on as which of another: similarity, assignment, splits and merges.

Pure functions over plain values. A pair is judged by its words (pairs of characters, rare ones
weigh most), then by where it stands: headings and units of the two lists are held against each
other by their letters and by what the surest pairs say of them, so that a renamed section or unit
helps rather than hinders. A pair counts as far as it is the best for both of its sides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Matrix = NDArray[np.float32]
    Ids = NDArray[np.int64]

Kind = Literal["one", "split", "merged"]

# Letters and digits are compared, years are not: every plan names its own.
_YEARS = re.compile(r"(?<!\d)20\d\d(?:年度?)?")
_MARKS = re.compile(r"[\W_]+")
# A word of the title says more of what is demanded than one of the sentences below it.
_TITLE_WEIGHT = 1.5
_RARITY = 1.25
# A term of more than this share of a long list tells nothing and costs most of the time.
_COMMON = (400, 0.1)
# What is left of a pair's score where neither its headings nor its units agree.
_FLOOR = 0.4
_ROUNDS = 2
# How much what the pairs say of two headings or units counts beside their letters.
_TEXTS = 3.0
_LEAST = 0.1
# How many pairs an item may have on average before only its best ones are looked at.
_MANY = 10
# How much it counts against a pair that its demands are like others of their own year.
_NOISE = 0.25
# The same for a demand that joins a pair, which need not prefer it.
_JOINING = 0.04


@dataclass(frozen=True, slots=True)
class Demand:
    """What of an item is compared: its words and where it stands."""

    title: str
    content: str
    path: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A demand of either list, the score of their going together and what it rests on (0 to 1)."""

    previous: int
    current: int
    score: float
    words: float
    path: float
    units: float


@dataclass(frozen=True, slots=True)
class Match:
    """Pairs that belong together: one to one, one to many (split) or many to one (merged)."""

    kind: Kind
    pairs: tuple[Pair, ...]

    @property
    def previous(self) -> tuple[int, ...]:
        """The places in the previous list, in order."""
        return tuple(sorted({pair.previous for pair in self.pairs}))

    @property
    def current(self) -> tuple[int, ...]:
        """The places in the current list, in order."""
        return tuple(sorted({pair.current for pair in self.pairs}))


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How alike every two demands are: by words, headings, units, and all of it weighed.

    `mutual` is what is left of the score where either side likes another better.
    """

    terms: tuple[csr_array, csr_array]
    words: Matrix
    path: Matrix
    units: Matrix
    score: Matrix
    mutual: Matrix


def find_matches(previous: Sequence[Demand], current: Sequence[Demand]) -> list[Match]:
    """The demands that go on, in the current list's order; what is in no match was dropped or added.

    Every demand is in one match at most; of a match's two sides one has a single member.
    """
    if not previous or not current:
        return []
    likeness = _find_likeness(previous, current)
    chosen = _choose(likeness)
    return sorted(_grouped(likeness, chosen), key=lambda match: (match.current, match.previous))


def _find_likeness(previous: Sequence[Demand], current: Sequence[Demand]) -> _Likeness:
    import numpy as np  # noqa: PLC0415

    terms = _weighed_terms(previous, current)
    words = _dense(*terms)
    for p, q in _twins(previous, current):
        words[p, q] = 1
    apart = _distinctness(words, terms)
    paths = _Places([one.path[-1:] for one in previous], [one.path[-1:] for one in current], terms)
    units = _Places([one.units for one in previous], [one.units for one in current], terms)
    score: Matrix = words * np.maximum(*_relative(words))
    by_path = by_units = score
    for _ in range(_ROUNDS):
        best = _best(score)
        by_path, by_units = paths.agreement(best), units.agreement(best)
        place = (_FLOOR + (1 - _FLOOR) * by_path) * (_FLOOR + (1 - _FLOOR) * by_units)
        # The more the words say, the less the place has to.
        score = np.asarray(words * place ** (1 - words), np.float32)
    rows, columns = _relative(score)
    score = score * apart
    return _Likeness(terms, words, by_path, by_units, score, score * rows * columns)


def _relative(score: Matrix) -> tuple[Matrix, Matrix]:
    """Each score as a share of the best in its row, and of the best in its column."""
    import numpy as np  # noqa: PLC0415

    tiny = np.float32(1e-9)
    rows = score / np.maximum(score.max(axis=1, keepdims=True), tiny)
    return rows, score / np.maximum(score.max(axis=0, keepdims=True), tiny)


def _best(score: Matrix) -> tuple[Ids, Ids, Matrix]:
    """Rows, columns and half the scores of the best pair of every row and of every column."""
    import numpy as np  # noqa: PLC0415

    rows, columns = np.arange(score.shape[0]), np.arange(score.shape[1])
    across, down = score.argmax(axis=1), score.argmax(axis=0)
    p, q = np.concatenate([rows, down]), np.concatenate([across, columns])
    return p, q, score[p, q] / 2


# Words


def _weighed_terms(
    previous: Sequence[Demand], current: Sequence[Demand]
) -> tuple[csr_array, csr_array]:
    """Each list's demands by their weighted pairs of characters, rows of unit length."""
    demands = [*previous, *current]
    bodies = [_compared(one.content) or _fallback(one) for one in demands]
    counts = _counts([*bodies, *(_compared(one.title) for one in demands)])
    many, split = len(demands), len(previous)
    weighed = _weighed(counts[:many], counts[many:], split)
    return weighed[:split], weighed[split:]


def _twins(previous: Sequence[Demand], current: Sequence[Demand]) -> Iterator[tuple[int, int]]:
    """Demands of the same words, in order; of several first those with the same place and units.

    A sentence that a long plan repeats hundreds of times has no rare words to be told by.
    """
    paired: set[tuple[int, int]] = set()
    for narrow in (True, False):
        waiting: dict[tuple[object, ...], list[int]] = {}
        done = {p for p, _ in paired}, {q for _, q in paired}
        for n, one in enumerate(previous):
            if n not in done[0]:
                waiting.setdefault(_identity(one, narrow=narrow), []).append(n)
        for n, one in enumerate(current):
            found = waiting.get(_identity(one, narrow=narrow))
            if found and n not in done[1] and _compared(one.content):
                paired.add((found.pop(0), n))
    yield from sorted(paired)


def _identity(demand: Demand, *, narrow: bool) -> tuple[object, ...]:
    words = (_compared(demand.content), _compared(demand.title))
    return (*words, demand.path, demand.units) if narrow else words


def _distinctness(words: Matrix, terms: tuple[csr_array, csr_array]) -> Matrix:
    """How far two demands' likeness stands out from what each has in common with its own year.

    Two demands of one year are never the same: what they share, any two of such a plan may share.
    """
    import numpy as np  # noqa: PLC0415

    before, after = map(_nearest, terms)
    noise = np.sqrt(before[:, None] * after[None, :])
    return np.asarray(words / np.maximum(words + _NOISE * noise, np.float32(1e-9)), np.float32)


def _nearest(rows: csr_array) -> Matrix:
    """How much each row is like the one of the same list that is most like it."""
    import numpy as np  # noqa: PLC0415

    likeness = _dense(rows, rows)
    np.fill_diagonal(likeness, 0)
    return np.asarray(likeness.max(axis=1), np.float32)


def _compared(text: str) -> str:
    return _MARKS.sub(" ", _YEARS.sub(" ", fold(text))).strip().lower()


def _fallback(demand: Demand) -> str:
    """Where an item has no words of its own, those of its place and owners stand for them."""
    return _compared(demand.title) or _compared(" ".join((*demand.path, *demand.units)))


def _counts(texts: Sequence[str]) -> csr_array:
    """How often each pair of neighbouring characters stands in each text: texts by pairs."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import csr_array  # noqa: PLC0415

    codes = np.frombuffer("\n".join(texts).encode("utf-32-le"), np.uint32).astype(np.int64)
    line = codes == ord("\n")
    rows = np.cumsum(line)
    word = ~line & (codes != ord(" "))
    # A character that stands alone is a term of its own, or one-letter texts would be empty.
    inner = word[:-1] & word[1:]
    lone = word.copy()
    lone[:-1] &= ~inner
    lone[1:] &= ~inner
    keys = np.concatenate([codes[:-1][inner] << 21 | codes[1:][inner], codes[lone]])
    places = np.concatenate([rows[:-1][inner], rows[lone]])
    terms, columns = np.unique(keys, return_inverse=True)
    ones = np.ones(len(keys), np.float32)
    shape = (len(texts), max(1, len(terms)))
    table = csr_array((ones, (places, columns)), shape=shape)
    table.sum_duplicates()
    return table


def _weighed(bodies: csr_array, titles: csr_array, split: int) -> csr_array:
    """Rows of unit length: rare terms weigh most, those of the title half as much again."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import csr_array, diags_array  # noqa: PLC0415

    many = max(split, bodies.shape[0] - split)
    seen = bodies.astype(bool).astype(np.float32)
    # A demand that goes on is in both lists; that must not make its words common.
    often = np.maximum(seen[:split].sum(axis=0), seen[split:].sum(axis=0))
    rarity = np.log1p(np.maximum(0, many - often + 0.5) / (often + 0.5)) ** _RARITY
    rarity[often > max(_COMMON[0], _COMMON[1] * many)] = 0
    flat = bodies.copy()
    flat.data = 1 + np.log(flat.data)
    headed = flat.multiply(titles.astype(bool)) * (_TITLE_WEIGHT - 1)
    return _unit_rows(csr_array(flat + headed) @ diags_array(rarity.astype(np.float32)))


def _unit_rows(full: csr_array) -> csr_array:
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import csr_array, diags_array  # noqa: PLC0415

    length = np.sqrt(np.asarray(full.multiply(full).sum(axis=1)).ravel())
    inverse = np.divide(1, length, out=np.zeros_like(length), where=length > 0)
    return csr_array(diags_array(inverse.astype(np.float32)) @ full)


def _dense(before: csr_array, after: csr_array) -> Matrix:
    import numpy as np  # noqa: PLC0415

    return np.asarray((before @ after.T).toarray(), np.float32)


# Headings and units


class _Places:
    """Two lists' headings, or their units: how well those of two demands agree."""

    def __init__(
        self,
        previous: Sequence[tuple[str, ...]],
        current: Sequence[tuple[str, ...]],
        terms: tuple[csr_array, csr_array],
    ) -> None:
        self.before, self.after = _Column(previous), _Column(current)
        self.alike = self._alike()
        if self.alike.size:
            self.alike = self.alike + _TEXTS * self._same_texts(terms)

    def _alike(self) -> Matrix:
        """How alike two names are by their letters: a share of the pairs of characters."""
        import numpy as np  # noqa: PLC0415

        names = [*map(_compared, self.before.names), *map(_compared, self.after.names)]
        if not self.before.names or not self.after.names:
            return np.zeros((len(self.before.names), len(self.after.names)), np.float32)
        counts = _counts(names)
        sizes = np.asarray(counts.sum(axis=1)).ravel()
        split = len(self.before.names)
        shared = _dense(counts[:split].astype(bool), counts[split:].astype(bool))
        found = 2 * shared / np.maximum(1, sizes[:split, None] + sizes[None, split:])
        return np.asarray(np.minimum(1, found), np.float32)

    def _same_texts(self, terms: tuple[csr_array, csr_array]) -> Matrix:
        """How alike two names are by all that stands under them."""
        before = _unit_rows(self.before.shares.T @ terms[0])
        after = _unit_rows(self.after.shares.T @ terms[1])
        return _dense(before, after)

    def agreement(self, best: tuple[Ids, Ids, Matrix]) -> Matrix:
        """0 to 1 for every two demands, by the pairs that are the best so far."""
        import numpy as np  # noqa: PLC0415

        if not self.alike.size:
            return np.full((len(self.before.rows), len(self.after.rows)), 0.5, np.float32)
        told = self.before.shares.T @ _sparse(best, len(self.before.rows), len(self.after.rows))
        told = np.asarray((told @ self.after.shares).toarray(), np.float32)
        told += self.alike
        rows, columns = _relative(told)
        sure = np.minimum(1, told / 0.5)
        agreed = 0.5 * np.sqrt(rows * columns) + 0.5 * np.maximum(rows, columns) * sure
        return self._spread(agreed)

    def _spread(self, agreed: Matrix) -> Matrix:
        """From names to demands: the best of their names, a half where either has none."""
        import numpy as np  # noqa: PLC0415

        half = np.float32(0.5)
        down = [agreed[list(ids)].max(axis=0) if ids else None for ids in self.before.sets]
        wide = np.full((len(down), agreed.shape[1]), half, np.float32)
        for n, row in enumerate(down):
            if row is not None:
                wide[n] = row
        full = np.full((len(down), len(self.after.sets)), half, np.float32)
        known = [n for n, row in enumerate(down) if row is not None]
        for n, ids in enumerate(self.after.sets):
            if ids:
                full[known, n] = wide[known][:, list(ids)].max(axis=1)
        return np.asarray(full[np.ix_(self.before.rows, self.after.rows)], np.float32)


class _Column:
    """What one list's demands are called: its names, its sets of names, whose set is which."""

    def __init__(self, values: Sequence[tuple[str, ...]]) -> None:
        self.names = sorted({name for one in values for name in one})
        ids = {name: n for n, name in enumerate(self.names)}
        keys = [tuple(sorted({ids[name] for name in one})) for one in values]
        self.sets = sorted(set(keys))
        known = {key: n for n, key in enumerate(self.sets)}
        self.rows = [known[key] for key in keys]
        self._keys = keys

    @property
    def shares(self) -> csr_array:
        """Demands by names, each row sharing one among its names."""
        import numpy as np  # noqa: PLC0415
        from scipy.sparse import csr_array  # noqa: PLC0415

        places = [(row, name, 1 / len(key)) for row, key in enumerate(self._keys) for name in key]
        rows, names, data = (np.array([one[n] for one in places]) for n in range(3))
        where = (rows.astype(np.int64), names.astype(np.int64))
        shape = (len(self._keys), len(self.names))
        return csr_array((data.astype(np.float32), where), shape=shape)


def _sparse(best: tuple[Ids, Ids, Matrix], height: int, width: int) -> csr_array:
    from scipy.sparse import csr_array  # noqa: PLC0415

    rows, columns, data = best
    return csr_array((data, (rows, columns)), shape=(height, width))


# Choice


def _choose(likeness: _Likeness) -> list[tuple[int, int]]:
    """The pairs that go together: the best assignment, then what splits off or joins in."""
    chosen = list(_assigned(likeness.mutual))
    before: dict[int, list[int]] = {p: [q] for p, q in chosen}
    after: dict[int, list[int]] = {q: [p] for p, q in chosen}
    for p, q in _joining(likeness, chosen):
        free = p not in before or q not in after
        crowded = any(len(after[n]) > 1 for n in before.get(p, ()))
        crowded |= any(len(before[n]) > 1 for n in after.get(q, ()))
        if free and not crowded:
            chosen.append((p, q))
            before.setdefault(p, []).append(q)
            after.setdefault(q, []).append(p)
    return chosen


def _assigned(score: Matrix) -> Iterator[tuple[int, int]]:
    """The one-to-one assignment of the greatest sum, over each group of connected pairs."""
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    for group in _connected(_strong(score, _LEAST)):
        rows, columns = sorted({p for p, _ in group}), sorted({q for _, q in group})
        part = score[np.ix_(rows, columns)]
        part = np.where(part > _LEAST, part, 0)
        for n, m in zip(*linear_sum_assignment(-part), strict=True):
            if part[n, m] > 0:
                yield rows[n], columns[m]


def _strong(score: Matrix, least: float) -> list[tuple[int, int]]:
    """The pairs above a score; where a plan repeats itself, only the best of each row and column.

    A thousand equal items of either year would be a million pairs, all as good.
    """
    import numpy as np  # noqa: PLC0415

    good = score > least
    if np.count_nonzero(good) > _MANY * sum(score.shape):
        # Of equal scores the nearest in place count as the best.
        places = [np.arange(many) / max(1, many) for many in score.shape]
        near = score - 1e-4 * np.abs(places[0][:, None] - places[1][None, :])
        best = np.zeros_like(good)
        for axis in (0, 1):
            kept = min(_MANY, score.shape[axis]) - 1
            least_kept = -np.partition(-near, kept, axis=axis).take([kept], axis=axis)
            best |= near >= least_kept
        good &= best
    return [(int(p), int(q)) for p, q in np.argwhere(good)]


def _joining(likeness: _Likeness, chosen: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of a demand that is left over and one that has a partner, the best first.

    What counts is what the two share beyond the words that the partner accounts for.
    """
    rows, columns = _relative(likeness.score)
    before, after = likeness.terms
    partner = dict(chosen)
    partners = {q: p for p, q in chosen}
    found: list[tuple[float, int, int]] = []
    for merging in (True, False):
        taken, other = (partners, partner) if merging else (partner, partners)
        share = rows if merging else columns
        value = likeness.score * share * share
        pairs = _strong(value, _JOINING)
        pairs = [(p, q) for p, q in pairs if (q if merging else p) in taken]
        pairs = [(p, q) for p, q in pairs if (p if merging else q) not in other]
        if not pairs:
            continue
        ps, qs = (list(side) for side in zip(*pairs, strict=True))
        claimed = before[[partners[q] for q in qs]] if merging else after[[partner[p] for p in ps]]
        beyond = _beyond(before[ps], after[qs], claimed)
        worth = value[ps, qs] * beyond
        found += [(float(w), p, q) for w, (p, q) in zip(worth, pairs, strict=True) if w > _JOINING]
    found.sort(key=lambda row: (-row[0], abs(row[1] - row[2]), min(row[1:]), row))
    return [(p, q) for _, p, q in found]


def _beyond(before: csr_array, after: csr_array, claimed: csr_array) -> Matrix:
    """Row by row, how much of what two demands share a third does not have."""
    import numpy as np  # noqa: PLC0415

    shared = before.minimum(after)
    known = shared.multiply(claimed.astype(bool))
    whole = np.asarray(shared.sum(axis=1)).ravel()
    rest = whole - np.asarray(known.sum(axis=1)).ravel()
    return np.asarray(rest / np.maximum(whole, np.float32(1e-9)), np.float32)


def _connected(pairs: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The pairs in groups that share no member."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for p, q in pairs:
        parent[root(("p", p))] = root(("q", q))
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for p, q in pairs:
        groups.setdefault(root(("p", p)), []).append((p, q))
    return list(groups.values())


def _grouped(likeness: _Likeness, chosen: Sequence[tuple[int, int]]) -> Iterator[Match]:
    for group in _connected(chosen):
        pairs = tuple(_pair(likeness, p, q) for p, q in sorted(group))
        kind: Kind = "one"
        if len(pairs) > 1:
            kind = "split" if len({pair.previous for pair in pairs}) == 1 else "merged"
        yield Match(kind, pairs)


def _pair(likeness: _Likeness, p: int, q: int) -> Pair:
    values = (likeness.score, likeness.words, likeness.path, likeness.units)
    return Pair(p, q, *(round(min(1.0, float(one[p, q])), 3) for one in values))
