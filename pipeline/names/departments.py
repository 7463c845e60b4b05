"""What a department deals with: 文广旅体 is 文化, 广播电视, 旅游, 体育; and how that changed.

A department's name is a chain of subjects and an office. Subjects have short forms and may be
made of duties, so that names that cut the same duties differently can be held side by side.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.lexicon import folder, rows

if TYPE_CHECKING:
    from collections.abc import Callable

_REMEMBERED = 1 << 14


class Reading(NamedTuple):
    """A body without its place: its full name, the duties or body that it is, its office."""

    full: str
    family: tuple[str, ...]
    office: str
    branch: bool = False


class Rename(NamedTuple):
    """A row of the table of renames."""

    before: str
    after: str
    kind: str
    national: bool
    place: str
    first: int
    last: int

    def holds(self, places: tuple[str, ...], *, national: bool) -> bool:
        """Whether the row speaks of bodies of this place and level."""
        return self.national == national and (not self.place or self.place in places)


class Lexicon(NamedTuple):
    """The tables of bodies in the shape that look-ups need."""

    national: dict[str, tuple[str, ...]]
    local: dict[str, tuple[tuple[str, str], ...]]
    departments: frozenset[str]
    subjects: dict[str, tuple[tuple[str, bool], ...]]
    duties: dict[str, tuple[str, ...]]
    renames: tuple[Rename, ...]
    full_names: dict[str, tuple[str, ...]]


def lexicon() -> Lexicon:
    """The tables as they stand, with a user's laid over."""
    return _lexicon(folder())


@cache
def _lexicon(over: object) -> Lexicon:
    del over
    national: dict[str, list[str]] = {}
    local: dict[str, list[tuple[str, str]]] = {}
    for row in rows("bodies"):
        if row["level"] == "national":
            national.setdefault(row["form"], []).append(row["body"])
        else:
            local.setdefault(row["form"], []).append((row["body"], row["place"]))
    subjects: dict[str, list[tuple[str, bool]]] = {}
    for row in rows("subjects"):
        subjects.setdefault(row["form"], []).append((row["subject"], row["use"] == "whole"))
    duties: dict[str, list[str]] = {}
    for row in rows("duties"):
        duties.setdefault(row["subject"], []).append(row["duty"])
    bodies = {row["body"] for row in rows("bodies") if row["level"] == "local"}
    names = sorted(bodies | {row["subject"] + "局" for row in rows("subjects")})
    initial: dict[str, list[str]] = {}
    for full in names:
        initial.setdefault(full[0], []).append(full)
    return Lexicon(
        {key: tuple(found) for key, found in national.items()},
        {key: tuple(found) for key, found in local.items()},
        frozenset(row["body"] for row in rows("bodies") if row["kind"] == "department"),
        {key: tuple(found) for key, found in subjects.items()},
        {key: tuple(sorted(found, key=_place_in(key))) for key, found in duties.items()},
        tuple(_rename(row) for row in rows("renames")),
        {key: tuple(found) for key, found in initial.items()},
    )


def _place_in(subject: str) -> Callable[[str], int]:
    """Where in a subject's name a duty is spoken of: 文化, 广播电视, 旅游 in 文化广电旅游."""

    def place(duty: str) -> int:
        at = subject.find(duty[0])
        return at if at >= 0 else len(subject)

    return place


def _rename(row: dict[str, str]) -> Rename:
    years = int(row["from"]), int(row["to"])
    national = row["level"] == "national"
    return Rename(row["before"], row["after"], row["kind"], national, row["place"], *years)


# Short endings and their full forms, longest first.
_OFFICES = (
    ("委员会", "委员会"), ("办公室", "办公室"), ("委", "委员会"), ("办", "办公室"), ("分局", "分局"),
    ("总局", "总局"), ("总署", "总署"), ("局", "局"), ("厅", "厅"), ("部", "部"), ("署", "署"),
    ("服务中心", "服务中心"), ("中心", "中心"), ("处", "处"), ("科", "科"), ("所", "所"), ("站", "站"),
)  # fmt: skip
_FILLERS = ("和", "与", "及", "、", "管理", "事务", "工作")


def split_subjects(name: str) -> Reading | None:
    """A department's name without its place as subjects and office; None if it is none or two.

    "发改经信局" -> 发展和改革 and 经济和信息化, 局; "文广旅体局", "文化广电旅游体育局" -> the same
    """
    found = find_departments(name)
    return found[0] if len(found) == 1 else None


def find_departments(name: str) -> tuple[Reading, ...]:
    """Every department that a name without its place can stand for."""
    return _departments(name, folder())


@lru_cache(_REMEMBERED)
def _departments(name: str, over: object) -> tuple[Reading, ...]:
    del over
    for short, office in _OFFICES:
        if not name.endswith(short) or len(name) - len(short) < 2:
            continue
        stem = name[: len(name) - len(short)]
        whole = [one for one, alone in lexicon().subjects.get(stem, ()) if alone]
        if len(whole) > 1:
            return tuple(_reading((one,), office) for one in whole)
        chain = _chain(stem)
        if chain:
            return (_reading(chain, office),)
    return ()


def _reading(chain: tuple[str, ...], office: str) -> Reading:
    words = lexicon()
    duties = [duty for one in chain for duty in words.duties.get(one, (one,))]
    branch = office == "分局"
    full = "".join(chain) + office
    return Reading(full, tuple(dict.fromkeys(duties)), "局" if branch else office, branch)


def _chain(stem: str) -> tuple[str, ...] | None:
    """The fewest subjects that make up a stem, fillers between them; None if it cannot be cut."""
    best: list[tuple[int, tuple[str, ...]] | None] = [None] * (len(stem) + 1)
    best[0] = (0, ())
    forms = lexicon().subjects
    for begin in range(len(stem)):
        before = best[begin]
        if before is None:
            continue
        for filler in _FILLERS if before[1] else ():
            if stem.startswith(filler, begin):
                _keep(best, begin + len(filler), (before[0], before[1]))
        for end in range(begin + 1, min(len(stem), begin + 16) + 1):
            for subject, whole in forms.get(stem[begin:end], ()):
                cost = before[0] + (2 if whole else 3)
                _keep(best, end, (cost, (*before[1], subject)))
    found = best[-1]
    if found is None or (len(found[1]) == 1 and not _is_whole(stem, found[1][0])):
        return None
    return found[1]


def _keep(
    best: list[tuple[int, tuple[str, ...]] | None], end: int, new: tuple[int, tuple[str, ...]]
) -> None:
    old = best[end]
    if old is None or new[0] < old[0]:
        best[end] = new


def _is_whole(stem: str, subject: str) -> bool:
    return any(
        name == subject and whole
        for name, whole in lexicon().subjects.get(stem, ((subject, True),))
    )


# --- Over the years ----------------------------------------------------------------------------

_Years = tuple[int | None, int | None]
_STEPS = 4


def reach(
    a: Reading, b: Reading, years: _Years, places: tuple[str, ...], *, national: bool = False
) -> str | None:
    """The rule by which an earlier body became a later one: renamed, merged, split, variant.

    Every duty of the one must go on in the other. A body that only took duties in or gave them
    off did so between the two years, so both must be known then. One that did both is reshaped,
    if what it is named for first goes on: 文化广电新闻出版局, 文化和旅游局.
    """
    first, last = years
    known = first is not None and last is not None and first < last
    where = _Where(years, places, national)
    ways = {duty: _ways(duty, where, folder()) for duty in a.family}
    ends = [(end, kinds) for way in ways.values() for end, kinds in way.items()]
    kinds = {kind for end, found in ends if end in b.family for kind in found}
    onward = all(any(end in b.family for end in way) for way in ways.values())
    covered = all(any(duty in way for way in ways.values()) for duty in b.family)
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
    goes_on = any(end in b.family for end in ways[a.family[0]])
    return "reshaped" if goes_on and _both_chains(a, b) else None


def _both_chains(a: Reading, b: Reading) -> bool:
    """Whether both deal with several things, so that the first tells whose heir a body is."""
    return len(a.family) > 1 and len(b.family) > 1


_NO_HEIRS = frozenset({"中心", "服务中心", "处", "科", "所", "站"})


class _Where(NamedTuple):
    years: _Years
    places: tuple[str, ...]
    national: bool


@lru_cache(_REMEMBERED)
def _ways(duty: str, where: _Where, over: object) -> dict[str, frozenset[str]]:
    """What a duty is called later, itself too, with the kinds of the steps that led there."""
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


def _next_names(name: str, where: _Where) -> list[tuple[str, str]]:
    found = []
    for rename in lexicon().renames:
        if not rename.holds(where.places, national=where.national):
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


def _in_time(rename: Rename, years: _Years, *, variant: bool) -> bool:
    """Whether the change can lie between the years: 卫健 in 2017 or 卫计 in 2021 cannot be."""
    first, last = years
    if variant and (first is None or last is None or first == last):
        return False
    return (first is None or first <= rename.last) and (last is None or last >= rename.first)
