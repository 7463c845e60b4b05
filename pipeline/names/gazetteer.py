"""Look up administrative divisions in the table of places: 盐田区 lies in 深圳市."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pipeline.lexicon import folder, rows

_RANKS = {"province": 1, "city": 2, "county": 3}
# A name of the table has no more characters.
_LONGEST = 14


class Home(NamedTuple):
    """The place of a notice; rank 0 nation, 1 province, 2 city, 3 county, 4 town, 5 institution.

    `names` go from the province down to the place; `known` says whether the table has it.
    """

    name: str
    rank: int
    names: tuple[str, ...] = ()
    parent: str = ""
    known: bool = False


NATION = Home("全国", 0)
NO_HOME = Home("", -1)


class PlaceRow(NamedTuple):
    """A row of the table of places; `short` is the name without its level: 盐田."""

    name: str
    parent: str
    rank: int
    short: str


class Gazetteer(NamedTuple):
    """The rows by their whole names and by their short names."""

    whole: dict[str, tuple[PlaceRow, ...]]
    short: dict[str, tuple[PlaceRow, ...]]


def gazetteer() -> Gazetteer:
    """The table of places, with a user's table laid over it."""
    return _make_gazetteer(folder())


@cache
def _make_gazetteer(over: object) -> Gazetteer:
    del over
    whole: dict[str, list[PlaceRow]] = {}
    short: dict[str, list[PlaceRow]] = {}
    for row in rows("places"):
        one = PlaceRow(row["place"], row["parent"], _RANKS[row["level"]], row["short"])
        whole.setdefault(one.name, []).append(one)
        if one.short:
            short.setdefault(one.short, []).append(one)
    return Gazetteer(
        {key: tuple(found) for key, found in whole.items()},
        {key: tuple(found) for key, found in short.items()},
    )


def find_longest(text: str, near: Home) -> PlaceRow | None:
    """The place with the longest whole name at the head of a text; of namesakes that near `near`."""
    whole = gazetteer().whole
    for length in range(min(_LONGEST, len(text)), 1, -1):
        found = whole.get(text[:length])
        if found and not (length == 2 and text[1] == "区" and near is NO_HOME):
            return choose_row(found, near) or PlaceRow(
                found[0].name, "", found[0].rank, found[0].short
            )
    return None


def home_of_row(row: PlaceRow, above: Home | None = None) -> Home:
    """A row as a notice's place; `above` was printed before it and may not be in the table."""
    names = [row.name]
    parent = row.parent
    while parent:
        names.append(parent)
        uppers = gazetteer().whole.get(parent, ())
        parent = uppers[0].parent if uppers else ""
    if above is not None and above.name not in names:
        names.extend(reversed(above.names))
    return Home(row.name, row.rank, tuple(reversed(names)), row.parent, known=True)


def choose_row(found: tuple[PlaceRow, ...], home: Home) -> PlaceRow | None:
    """The row that a notice of `home` means by a name of several places, or None.

    Itself or one above it comes first, then one in it, then a neighbor, then the highest rank.
    """
    if len(found) == 1:
        return found[0]
    upper = {name for name in home.names if name}
    for near in (
        [row for row in found if row.name == home.name],
        [row for row in found if row.name in upper or row.parent == home.name],
        [row for row in found if row.parent in upper],
    ):
        if len(near) == 1:
            return near[0]
    if found and len({row.rank for row in found}) == len(found):
        return min(found, key=lambda row: row.rank)
    return None


def rank_of(name: str, parent: str) -> int | None:
    """The rank of a place of the table that lies in `parent`, None where the table lacks it."""
    found = gazetteer().whole.get(name, ())
    return next((row.rank for row in found if row.parent == parent), None)


def find_code(name: str, parent: str) -> str | None:
    """The code of a place of the table (行政区划代码): 盐田区 in 深圳市 -> 440308."""
    return _codes(folder()).get((name, parent))


@cache
def _codes(over: object) -> dict[tuple[str, str], str]:
    del over
    return {(row["place"], row["parent"]): row["code"] for row in rows("place_codes")}
