"""Follow bodies over the years: 卫生局 was renamed, merged or split until it was 卫生健康局."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.lexicon import folder, rows
from pipeline.names.departments import DepartmentReading

# How many duties are cached, each within years and a place.
_REMEMBERED = 1 << 14
# A duty is followed over at most so many renames.
_STEPS = 4
# Offices below a department: none of them takes over its duties.
_INNER = frozenset({"处", "科", "所", "站"})
_NO_HEIRS = _INNER | {"中心", "服务中心"}
Years = tuple[int | None, int | None]


class SubjectRename(NamedTuple):
    """A row of the table of renames: `before` became `after` between the years `first` and `last`."""

    before: str
    after: str
    kind: str
    national: bool
    place: str
    first: int
    last: int

    def applies_to(self, places: tuple[str, ...], *, national: bool) -> bool:
        """Whether the row is about bodies of the nation, or of these places."""
        return self.national == national and (not self.place or self.place in places)


class _Scope(NamedTuple):
    """The years and places within which a rename counts."""

    years: Years
    places: tuple[str, ...]
    national: bool


def all_renames() -> tuple[SubjectRename, ...]:
    """The table of renames, with a user's table laid over it."""
    return _all_renames(folder())


@cache
def _all_renames(over: object) -> tuple[SubjectRename, ...]:
    del over
    return tuple(
        SubjectRename(
            row["before"],
            row["after"],
            row["kind"],
            row["level"] == "national",
            row["place"],
            int(row["from"]),
            int(row["to"]),
        )
        for row in rows("renames")
    )


def classify_succession(
    a: DepartmentReading,
    b: DepartmentReading,
    years: Years,
    places: tuple[str, ...],
    *,
    national: bool = False,
) -> str | None:
    """The rule by which body `a` of an earlier year became body `b` of a later one, or None.

    renamed, merged, split, variant, order: every duty of either goes on in the other.
    merged, split: `b` took in duties, or gave them off, between two known years.
    reshaped: it did both, and its first duty goes on: 文化广电新闻出版局 -> 文化和旅游局.
    """
    first, last = years
    if a.office != b.office and {a.office, b.office} & _INNER:
        return None
    known = first is not None and last is not None and first < last
    where = _Scope(years, places, national)
    later = {duty: _later_names(duty, where, folder()) for duty in a.family}
    ends = [(end, kinds) for way in later.values() for end, kinds in way.items()]
    kinds = {kind for end, found in ends if end in b.family for kind in found}
    onward = all(any(end in b.family for end in way) for way in later.values())
    covered = all(any(duty in way for way in later.values()) for duty in b.family)
    if first is not None and first == last and kinds - {"renamed"}:
        return None
    if onward and covered and kinds:
        return next(kind for kind in ("split", "merged", "variant", "renamed") if kind in kinds)
    if onward and covered:
        return "order"
    if not known or a.office in _NO_HEIRS or b.office in _NO_HEIRS:
        return None
    if onward:
        return "merged"
    if covered:
        return "split"
    goes_on = any(end in b.family for end in later[a.family[0]])
    return "reshaped" if goes_on and _both_chains(a, b) else None


def _both_chains(a: DepartmentReading, b: DepartmentReading) -> bool:
    """Whether both have several duties, so that the first of them identifies the successor."""
    return len(a.family) > 1 and len(b.family) > 1


@lru_cache(_REMEMBERED)
def _later_names(duty: str, where: _Scope, over: object) -> dict[str, frozenset[str]]:
    """Every later name of a duty, itself included, with the kinds of the renames that led to it."""
    del over
    found: dict[str, frozenset[str]] = {duty: frozenset()}
    edge = [duty]
    for _ in range(_STEPS):
        ahead: list[str] = []
        for name in edge:
            for after, kind in _next_names(name, where):
                if after not in found and not (
                    kind == "split" and found[name] & {"merged", "split"}
                ):
                    found[after] = found[name] | {kind}
                    ahead.append(after)
        edge = ahead
    return found


def _next_names(name: str, where: _Scope) -> list[tuple[str, str]]:
    """The names that one rename leads to, with its kind; a variant leads both ways."""
    found = []
    for rename in all_renames():
        if not rename.applies_to(where.places, national=where.national):
            continue
        variant = rename.kind == "variant"
        if name == rename.before:
            after = rename.after
        elif variant and name == rename.after:
            after = rename.before
        else:
            continue
        if _in_time(rename, where.years, variant=variant):
            found.append((after, rename.kind))
    return found


def _in_time(rename: SubjectRename, years: Years, *, variant: bool) -> bool:
    """Whether a change can lie between the years: no 卫健 in 2017, no 卫计 in 2021."""
    first, last = years
    if variant and (first is None or last is None or first == last):
        return False
    return (first is None or first <= rename.last) and (last is None or last >= rename.first)
