"""The names of an OUTPUT as cases to be judged: each with how often, where and in which words it is printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.dataset.duplicates import mark_of
from pipeline.dataset.in_force import in_force
from pipeline.names.bodies import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.decisions.judgements import Judgement
    from pipeline.model import Notice, Role, Span

CaseState = Literal["unknown", "ambiguous", "several", "weak", "clear", "judged"]
# Rules by which a name is only probably the body that it was given.
_WEAK = frozenset({"containment", "stem", "judged"})
# How many characters of the text are shown on either side of a name, and how many places of a case.
_AROUND, _MOST_QUOTES = 28, 3
_BLANKS = str.maketrans("\n\t\r\u3000", "    ")


class Quote(NamedTuple):
    """A place where a name is printed: the words before it, the name, the words after it."""

    notice_id: str
    item_id: str
    before: str
    name: str
    after: str


class PrintedName(NamedTuple):
    """A name of one notice that means one body or none: in which roles, and where first."""

    name: str
    canonical: str | None
    kind: str
    roles: tuple[tuple[Role, int], ...]
    quote: Quote


class NoticeNames(NamedTuple):
    """The names that one notice prints or a person stated, with its place, year and title."""

    notice_id: str
    place: str
    year: int | None
    title: str
    names: tuple[PrintedName, ...]


@dataclass(slots=True)
class NameCase:
    """A name in a place: the bodies that it means now, and everything that is known of its use."""

    name: str
    place: str
    kind: str
    count: int = 0
    bodies: Counter[str] = field(default_factory=Counter)
    years: set[int] = field(default_factory=set)
    roles: Counter[Role] = field(default_factory=Counter)
    notices: dict[str, str] = field(default_factory=dict)
    quotes: list[Quote] = field(default_factory=list)
    state: CaseState = "clear"
    decisions: tuple[Judgement, ...] = ()

    @property
    def canonical(self) -> str | None:
        """The body that it means, the most frequent one where there are several."""
        return next((body for body, _ in self.bodies.most_common(1)), None)

    @property
    def key(self) -> tuple[str, str]:
        """What a judgement is about: the place and the name."""
        return self.place, self.name


def find_notice_names(notice: Notice) -> NoticeNames | None:
    """Return the names of bodies in a notice, values in force; None for a duplicate."""
    if mark_of(notice):
        return None
    now = in_force(notice)
    roles: dict[tuple[str, str | None], Counter[Role]] = {}
    first: dict[tuple[str, str | None], PrintedName] = {}
    for item in now.items:
        for one in item.assignments:
            for name in one.names:
                if name.kind == "person":
                    continue
                key = (name.name, name.canonical)
                roles.setdefault(key, Counter())[one.role] += 1
                if key not in first:
                    quote = _quote(notice, item.item_id, name.span, name.name)
                    first[key] = PrintedName(*key, name.kind, (), quote)
    names = (one._replace(roles=tuple(sorted(roles[key].items()))) for key, one in first.items())
    title = now.title or now.notice_title or now.notice_id
    return NoticeNames(now.notice_id, now.home or "", now.year, title, tuple(names))


def _quote(notice: Notice, item_id: str, span: Span, name: str) -> Quote:
    """Return the words around a name; a name that a person stated is at an empty place of the text."""
    text = notice.source.text
    before = text[max(0, span.start - _AROUND) : span.start].translate(_BLANKS)
    after = text[span.end : span.end + _AROUND].translate(_BLANKS)
    printed = text[span.start : span.end].translate(_BLANKS) or name
    return Quote(notice.notice_id, item_id, before.lstrip(), printed, after.rstrip())


def gather_cases(
    notices: Iterable[NoticeNames | None], judgements: Iterable[Judgement]
) -> dict[tuple[str, str], NameCase]:
    """Gather the names of all notices by place and name, with what was decided about each."""
    cases: dict[tuple[str, str], NameCase] = {}
    for notice in filter(None, notices):
        for one in notice.names:
            key = (notice.place, one.name)
            case = cases.setdefault(key, NameCase(one.name, notice.place, one.kind))
            case.roles.update(dict(one.roles))
            count = sum(count for _, count in one.roles)
            case.count += count
            if one.canonical is not None:
                case.bodies[one.canonical] += count
            case.years |= {notice.year} if notice.year else set()
            case.notices[notice.notice_id] = notice.title
            if len(case.quotes) < _MOST_QUOTES:
                case.quotes.append(one.quote)
    by_name: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        by_name.setdefault(judgement.name, []).append(judgement)
    for case in cases.values():
        decided = by_name.get(case.name, ())
        case.decisions = tuple(one for one in decided if case.place.endswith(one.place))
        case.state = _find_state(case)
    return cases


def _find_state(case: NameCase) -> CaseState:
    """Return how sure it is which body a name means; whatever was decided is judged."""
    if any(one.decision != "different" for one in case.decisions):
        return "judged"
    found = resolve(case.name, case.place or None, max(case.years, default=None))
    if case.canonical is None:
        return "ambiguous" if found.candidates else "unknown"
    if len(case.bodies) > 1:
        return "several"
    rule = found.rule if found.canonical == case.canonical else "judged"
    return "weak" if rule in _WEAK else "clear"


# Cases that need a person first, within each those that are printed most often.
_URGENCY: Mapping[CaseState, int] = {
    "ambiguous": 0, "several": 1, "unknown": 2, "weak": 3, "judged": 4, "clear": 5,
}  # fmt: skip
OPEN_STATES: frozenset[CaseState] = frozenset({"ambiguous", "several", "unknown", "weak"})


def order_cases(cases: Iterable[NameCase]) -> list[NameCase]:
    """Order cases so that those that need a judgement most come first."""
    return sorted(cases, key=lambda one: (_URGENCY[one.state], -one.count, one.place, one.name))
