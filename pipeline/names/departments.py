"""Split the name of a department into subjects and office: 文广旅体局 is 文化, 广播电视, 旅游, 体育 + 局.

Subjects have short forms, and each may consist of several duties, so that departments that
combine the same duties under other names can be compared. A name without a short form and with its
whole office is printed in full: it stays as it is, whatever its subjects are called elsewhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pipeline.lexicon import folder
from pipeline.names.body_tables import body_tables

# How many names are cached.
_REMEMBERED = 1 << 14
# A form of a subject has no more characters.
_LONGEST = 16
# Subjects before the office; the time of a chain grows faster than its length.
_LONGEST_STEM = 100
# The price of a subject in a chain: one whose form is a whole name (发改) is preferred.
_WHOLE, _PART = 2, 3
# Short endings and their full forms, longest first.
_OFFICES = (
    ("委员会", "委员会"), ("办公室", "办公室"), ("委", "委员会"), ("办", "办公室"), ("分局", "分局"),
    ("总局", "总局"), ("总署", "总署"), ("局", "局"), ("厅", "厅"), ("部", "部"), ("署", "署"),
    ("服务中心", "服务中心"), ("中心", "中心"), ("处", "处"), ("科", "科"), ("所", "所"), ("站", "站"),
)  # fmt: skip
# Words between two subjects that name none.
_FILLERS = ("和", "与", "及", "、", "管理", "事务", "工作")


class DepartmentReading(NamedTuple):
    """A body without its place: its full name, its duties (or the body itself), its office."""

    full: str
    family: tuple[str, ...]
    office: str
    branch: bool = False


class _Word(NamedTuple):
    """A form in a name and the subject that it means."""

    form: str
    subject: str


# The cost of the words up to a character, and the words.
_Chain = tuple[int, tuple[_Word, ...]]


def split_subjects(name: str) -> DepartmentReading | None:
    """The department that a name without its place means, or None if it fits none or two.

    "发改经信局" -> 发展和改革 and 经济和信息化, 局; "文广旅体局", "文化广电旅游体育局" -> the same
    """
    found = find_departments(name)
    return found[0] if len(found) == 1 else None


def find_departments(name: str) -> tuple[DepartmentReading, ...]:
    """Every department that a name without its place can mean."""
    return _departments(name, folder())


@lru_cache(_REMEMBERED)
def _departments(name: str, over: object) -> tuple[DepartmentReading, ...]:
    """The readings of a name; a full name that is short for another is read once more.

    住房|建委 -> 住房建设委员会, which is short for 住房和城乡建设委员会.
    """
    del over
    found = _read_departments(name)
    if len(found) != 1 or found[0].full == name:
        return found
    again = _read_departments(found[0].full)
    return again if len(again) == 1 else found


def _read_departments(name: str) -> tuple[DepartmentReading, ...]:
    for short, office in _OFFICES:
        if not name.endswith(short) or not 2 <= len(name) - len(short) <= _LONGEST_STEM:
            continue
        stem = name[: len(name) - len(short)]
        whole = [one for one, alone in body_tables().subjects.get(stem, ()) if alone]
        if len(whole) > 1:
            return tuple(_make_reading((one,), office) for one in whole)
        chain = _split_chain(stem)
        if chain:
            reading = _make_reading(tuple(word.subject for word in chain), office)
            in_full = short == office and not any(is_short(*word) for word in chain)
            return (reading._replace(full=name) if in_full else reading,)
    return ()


def is_short(form: str, full: str) -> bool:
    """Whether a form leaves out characters of a full name: 发改; not 市容 for 城市管理."""
    return len(form) < len(full) and set(form) <= set(full)


def ends_in_full(name: str) -> bool:
    """Whether a name ends with the whole word of an office: 局, 委员会; not 委, 办."""
    return next((short == office for short, office in _OFFICES if name.endswith(short)), False)


def _make_reading(chain: tuple[str, ...], office: str) -> DepartmentReading:
    """The reading of subjects and an office: its full name and duties."""
    words = body_tables()
    duties = [duty for one in chain for duty in words.duties.get(one, (one,))]
    branch = office == "分局"
    full = "".join(chain) + office
    return DepartmentReading(full, tuple(dict.fromkeys(duties)), "局" if branch else office, branch)


def _split_chain(stem: str) -> tuple[_Word, ...] | None:
    """The cheapest chain of subjects that a stem consists of, or None: 发改经信 -> 发展和改革, 经济和信息化.

    Dynamic programming: `best[end]` is the cheapest chain of the first `end` characters.
    """
    best: list[_Chain | None] = [None] * (len(stem) + 1)
    best[0] = (0, ())
    forms = body_tables().subjects
    for begin in range(len(stem)):
        before = best[begin]
        if before is None:
            continue
        for filler in _FILLERS if before[1] else ():
            if stem.startswith(filler, begin):
                _keep(best, begin + len(filler), (before[0], before[1]))
        for end in range(begin + 1, min(len(stem), begin + _LONGEST) + 1):
            for subject, whole in forms.get(stem[begin:end], ()):
                cost = before[0] + (_WHOLE if whole else _PART)
                _keep(best, end, (cost, (*before[1], _Word(stem[begin:end], subject))))
    found = best[-1]
    if found is None or (len(found[1]) == 1 and not _is_whole(stem, found[1][0].subject)):
        return None
    return found[1]


def _keep(best: list[_Chain | None], end: int, new: _Chain) -> None:
    """Keep a chain if it is the cheapest up to its end."""
    old = best[end]
    if old is None or new[0] < old[0]:
        best[end] = new


def _is_whole(stem: str, subject: str) -> bool:
    """Whether a stem alone may be a department's name for a subject."""
    return any(
        name == subject and whole
        for name, whole in body_tables().subjects.get(stem, ((subject, True),))
    )
