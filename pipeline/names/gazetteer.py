"""Look up administrative divisions in the dated table of places: 盐田区 lies in 深圳市."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.lexicon import cells, folder

# A zone (雄安新区) has plans and bodies as a county has; only no code.
_RANKS = {"province": 1, "city": 2, "county": 3, "zone": 3}
# A name of the table has no more characters.
_LONGEST = 15
# Of so many places the names above them are remembered.
_REMEMBERED = 1 << 12
# The last year of a place that exists today.
_TODAY = 9999
# A plan is for one year and issued in another: a place counts one year before and behind its own.
_SLACK = 1


class Home(NamedTuple):
    """The place of a notice; rank 0 nation, 1 province, 2 city, 3 county, 4 town, 5 institution.

    `names` go from the province down to the place; `known` says whether the table has it; `year`
    is the notice's, 0 where it is not known.
    """

    name: str
    rank: int
    names: tuple[str, ...] = ()
    parent: str = ""
    known: bool = False
    year: int = 0


NATION = Home("全国", 0)
NO_HOME = Home("", -1)


class PlaceRow(NamedTuple):
    """A row of the table of places; `short` is the name without its level: 盐田.

    The place was so from the year `first` until it changed in the year `last`; `heir` is the place
    that it then became, under the same name where only code or parent changed; "" where it ended.
    """

    name: str
    parent: str
    rank: int
    short: str
    code: str = ""
    first: int = 0
    last: int = _TODAY
    heir: str = ""


class Places:
    """The rows of the table by one of their names; a row is read when its name is looked up.

    `heads` are the first two characters of the names: few words begin with such a pair.
    """

    def __init__(self, lines: dict[str, list[list[str]]]) -> None:
        self._lines = lines
        self.heads = frozenset(name[:2] for name in lines)
        self._found: dict[str, tuple[PlaceRow, ...]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._lines

    def get(self, name: str) -> tuple[PlaceRow, ...]:
        """The rows of a name, of all times."""
        lines = self._lines.get(name)
        if lines is None:
            return ()
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = tuple(_read_row(line) for line in lines)
        return found


class Gazetteer(NamedTuple):
    """The rows by their whole names and by their short names."""

    whole: Places
    short: Places


def _read_row(line: list[str]) -> PlaceRow:
    name, parent, first, short, level, code, last, ended, heir, *_ = line
    years = int(first or 0), int(last or _TODAY)
    goes_on = ended in ("renamed", "moved")
    return PlaceRow(name, parent, _RANKS[level], short, code, *years, heir if goes_on else "")


def gazetteer() -> Gazetteer:
    """The table of places, with a user's table laid over it."""
    return _make_gazetteer(folder())


@cache
def _make_gazetteer(over: object) -> Gazetteer:
    del over
    whole: dict[str, list[list[str]]] = {}
    short: dict[str, list[list[str]]] = {}
    for line in cells("places"):
        whole.setdefault(line[0], []).append(line)
        if line[3]:
            short.setdefault(line[3], []).append(line)
    return Gazetteer(Places(whole), Places(short))


def fitting(found: tuple[PlaceRow, ...], year: int) -> tuple[PlaceRow, ...]:
    """The rows of a name that a notice of a year may mean; all where none is of that time.

    Without a year they are today's. Beside a row of the year itself, one of the year before or
    behind is another place, unless the one became the other: 深圳's 龙华区 (2017) beside 海口's.
    """
    if len(found) < 2:
        return found
    if not year:
        return tuple(row for row in found if row.last == _TODAY) or found
    within = [row for row in found if row.first <= year < row.last]
    near = [row for row in found if row not in within and _is_near(row, year)]
    others = [row for row in near if not any(_is_same_place(row, one) for one in within)]
    return tuple(within + others) or found


def _is_same_place(near: PlaceRow, row: PlaceRow) -> bool:
    """Whether a place became the other, or is its city before or behind the year in question."""
    became = near.heir == row.name or (near.name, near.first) == (row.heir, row.last)
    return became or (near.code[:2] == row.code[:2] and near.rank != row.rank)


def _is_near(row: PlaceRow, year: int) -> bool:
    return row.first - _SLACK <= year <= row.last + _SLACK


def find_longest(text: str, near: Home, year: int = 0) -> PlaceRow | None:
    """The place with the longest whole name at the head of a text; of namesakes that near `near`."""
    whole = gazetteer().whole
    if text[:2] not in whole.heads:
        return None
    for length in range(min(_LONGEST, len(text)), 1, -1):
        name = text[:length]
        if name in whole and not (length == 2 and text[1] == "区" and near is NO_HOME):
            found = whole.get(name)
            row = choose_row(found, near, year or near.year)
            return row or PlaceRow(name, "", found[0].rank, found[0].short)
    return None


def home_of_row(row: PlaceRow, above: Home | None = None, year: int = 0) -> Home:
    """A row as a notice's place; `above` was printed before it and may not be in the table."""
    names = _names_down_to(row, folder())
    if above is not None and above.name not in names:
        names = (*above.names, *names)
    return Home(row.name, row.rank, names, row.parent, known=True, year=year)


@lru_cache(_REMEMBERED)
def _names_down_to(row: PlaceRow, over: object) -> tuple[str, ...]:
    """The names of a place of the table and of those above it, the widest first."""
    del over
    names = [row.name]
    upper = _find_upper(row)
    while upper:
        names.append(upper.name)
        upper = _find_upper(upper)
    return tuple(reversed(names))


def _find_upper(row: PlaceRow) -> PlaceRow | None:
    """The row of the place above, of the same time where it has several."""
    found = [one for one in gazetteer().whole.get(row.parent) if one.rank < row.rank]
    together = [one for one in found if one.first < row.last and row.first < one.last]
    coded = [one for one in together if one.code[:2] == row.code[:2]]
    return next(iter(coded or together or found), None)


def choose_row(found: tuple[PlaceRow, ...], home: Home, year: int = 0) -> PlaceRow | None:
    """The row that a notice of `home` means by a name of several places, or None.

    Itself or one above it comes first, then one in it, then a neighbor, then the highest rank;
    at each step a row of the notice's time before one of another.
    """
    if len(found) == 1:
        return found[0]
    fit = fitting(found, year or home.year)
    near = _find_nearest(fit, found, home) if home.names else None
    if near:
        return near
    if len(fit) == 1:
        return fit[0]
    if fit and len({row.rank for row in fit}) == len(fit):
        return min(fit, key=lambda row: row.rank)
    return None


def _find_nearest(
    fit: tuple[PlaceRow, ...], found: tuple[PlaceRow, ...], home: Home
) -> PlaceRow | None:
    """The only row that is the place, above it, in it or in a city of it; else beside it.

    `fit` are the rows of the notice's time, tried before those of all times. Of several times of
    one place it is the last.
    """
    upper = {name for name in home.names if name}

    def is_own(row: PlaceRow) -> bool:
        return row.name == home.name and row.rank == home.rank

    def is_in_line(row: PlaceRow) -> bool:
        return row.name in upper or row.parent == home.name

    def is_deep(row: PlaceRow) -> bool:
        return home.rank == 1 and home.name in home_of_row(row).names

    def is_beside(row: PlaceRow) -> bool:
        return row.parent in upper

    for rows, is_near in (
        *((fit, is_own), (fit, is_in_line), (fit, is_deep)),
        *((found, is_own), (found, is_in_line)),
        *((fit, is_beside), (found, is_beside), (found, is_deep)),
    ):
        near = [row for row in rows if is_near(row)]
        if near and len({(row.parent, row.rank) for row in near}) == 1:
            return max(near, key=lambda row: row.last)
    return None


def is_shared_name(name: str) -> bool:
    """Whether places of today share a name: 和平区; of past names whether any places shared it."""
    return len({row.parent for row in fitting(gazetteer().whole.get(name), 0)}) > 1


def is_renamed(before: str, after: str, first: int, last: int) -> bool:
    """Whether a place became another between two years: 静海县, 静海区, 2012, 2018."""
    return any(
        row.heir == after and row.name != after and first <= row.last <= last
        for row in gazetteer().whole.get(before)
    )


def find_today(home: Home) -> Home:
    """The place that a known one is today: 静海县 -> 静海区; itself where it ended."""
    rows = [row for row in gazetteer().whole.get(home.name) if row.parent == home.parent]
    row = max(rows, key=lambda one: one.last, default=None)
    if row is None or not row.heir:
        return home
    heirs = [one for one in gazetteer().whole.get(row.heir) if one.first == row.last]
    near = [one for one in heirs if one.code[:2] == row.code[:2] or not row.code]
    return find_today(home_of_row(near[0])) if len(near) == 1 else home


def places_over_time(name: str) -> tuple[str, ...]:
    """The names that a place has had, its own first: 静海区, 静海县."""
    found = {name: None}
    edge = [name]
    while edge:
        rows = [row for one in edge for row in gazetteer().whole.get(one)]
        near = [row.heir for row in rows if row.heir]
        near += [former for one in edge for former in _formers(folder()).get(one, ())]
        edge = [one for one in dict.fromkeys(near) if one not in found]
        found |= dict.fromkeys(edge)
    return tuple(found)


@cache
def _formers(over: object) -> dict[str, tuple[str, ...]]:
    """The names that a place had before, by the one that it then got."""
    del over
    found: dict[str, dict[str, None]] = {}
    for line in cells("places"):
        row = _read_row(line)
        if row.heir and row.heir != row.name:
            found.setdefault(row.heir, {})[row.name] = None
    return {heir: tuple(names) for heir, names in found.items()}


def rank_of(name: str, parent: str) -> int | None:
    """The rank of a place of the table that lies in `parent`, None where the table lacks it."""
    found = gazetteer().whole.get(name)
    return next((row.rank for row in found if row.parent == parent), None)


def find_code(name: str, parent: str, year: int = 0) -> str | None:
    """The code of a place of the table (行政区划代码) in a year: 盐田区 in 深圳市 -> 440308.

    None where the place was not so named or had no code then. Without a year it is today's; a
    place of the past has one only where it never had another.
    """
    rows = [row for row in gazetteer().whole.get(name) if row.parent == parent]
    fit = fitting(tuple(rows), year)
    within = [row for row in fit if row.first <= year < row.last] if year else list(fit)
    near = within or [row for row in fit if _is_near(row, year)]
    codes = {row.code for row in near}
    return (codes.pop() or None) if len(codes) == 1 else None
