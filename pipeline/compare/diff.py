"""Two notices -> what became of every item: links with their changes, dropped and added ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING, get_args

from pipeline.compare.match import Demand, Match, find_matches
from pipeline.compare.series import is_same_family, is_same_issuer
from pipeline.compare.wording import compare_words, find_figures, is_trifling
from pipeline.comparison import (
    Change,
    Comparison,
    Evidence,
    FigureChange,
    Link,
    LinkKind,
    Move,
    Relation,
    Rename,
    RoleField,
    Side,
    Summary,
    Words,
)
from pipeline.names.same_body import is_same_body
from pipeline.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pipeline.comparison import ChangedField, Value
    from pipeline.model import Item, Name, Notice

_ROLES: tuple[RoleField, ...] = get_args(RoleField)
# Rules by which two names are one name written in two ways; any other is told as a rename.
_SPELLINGS = frozenset({"same", "abbreviation", "plate", "suffix", "order"})
_SHARED = 3
_SHORTEST = 4
_REVIVED = 0.5


@dataclass(frozen=True, slots=True)
class _Times:
    """Where and when the two plans hold."""

    place: str | None
    years: tuple[int | None, int | None]


def diff_notices(previous: Notice, current: Notice) -> Comparison:
    """What became of every item of `previous` in `current`; works for any two notices.

    Plans of different bodies or families and plans without items are compared with a warning.
    """
    before, after = previous.items, current.items
    times = _Times(current.place or previous.place, (previous.year, current.year))
    matches = find_matches([_demand(item) for item in before], [_demand(item) for item in after])
    links = tuple(_link(match, before, after, times) for match in matches)
    stayed = {one for link in links for one in link.previous}
    known = {one for link in links for one in link.current}
    dropped = tuple(item.item_id for item in before if item.item_id not in stayed)
    added = tuple(item.item_id for item in after if item.item_id not in known)
    relation = _relation(previous, current)
    counts = _counts(links, len(dropped), len(added))
    plans = (_side(previous), _side(current))
    return Comparison(
        previous=previous.notice_id, current=current.notice_id, links=links, dropped=dropped,
        added=added, relation=relation, warnings=_warnings(previous, current, relation),
        plans=plans, counts=counts, summary=_summary(plans, relation, counts),
    )  # fmt: skip


def _side(notice: Notice) -> Side:
    return Side(
        notice_id=notice.notice_id, title=notice.title or notice.notice_title, year=notice.year,
        issuing_body=notice.issuing_body, items=len(notice.items),
    )  # fmt: skip


def _demand(item: Item) -> Demand:
    hosts = item.host_units or item.co_host_units
    units = tuple(name.canonical or name.name for name in hosts)
    return Demand(item.title or "", item.content, item.path, units)


def find_revived(
    rested: Mapping[str, tuple[Notice, Item]], current: Notice, added: Sequence[str]
) -> dict[str, str]:
    """Added items that take up one dropped in an earlier year: current item_id -> earlier one.

    Only what says much the same counts: years lie between the two.
    """
    olds = list(rested)
    news = [item for item in current.items if item.item_id in set(added)]
    matches = find_matches(
        [_demand(rested[one][1]) for one in olds], [_demand(item) for item in news]
    )
    return {
        news[pair.current].item_id: olds[pair.previous]
        for match in matches
        for pair in match.pairs
        if match.kind == "one" and pair.words >= _REVIVED
    }


# One link


def _link(match: Match, before: Sequence[Item], after: Sequence[Item], times: _Times) -> Link:
    ours = [before[n] for n in match.previous]
    theirs = [after[n] for n in match.current]
    kind = _kind(match, ours, theirs, times)
    roles, renames = _role_changes(ours, theirs, times)
    content = [] if kind == "same" else _content_changes(ours, theirs)
    changes = (
        *_plain_change("number", ours, theirs, lambda a, b: a == b),
        *_plain_change("title", ours, theirs, lambda a, b: _is_trifle(a, b, times)),
        *content,
        *_path_changes(ours, theirs, times),
        *roles,
        *_deadline_changes(ours, theirs, times),
    )
    return Link(
        previous=tuple(item.item_id for item in ours),
        current=tuple(item.item_id for item in theirs),
        kind=kind, score=1.0 if kind == "same" else max(pair.score for pair in match.pairs), changes=changes, renames=renames,
        evidence=tuple(
            Evidence(
                previous=before[pair.previous].item_id, current=after[pair.current].item_id,
                score=pair.score, words=pair.words, path=pair.path, units=pair.units,
                shared=_shared(before[pair.previous], after[pair.current], content),
            )
            for pair in match.pairs
        ),
    )  # fmt: skip


def _kind(match: Match, ours: Sequence[Item], theirs: Sequence[Item], times: _Times) -> LinkKind:
    if match.kind != "one":
        return match.kind
    same = is_trifling(ours[0].content, theirs[0].content, times.years)
    return "same" if same else "reworded"


def _is_trifle(before: object, after: object, times: _Times) -> bool:
    return is_trifling(str(before or ""), str(after or ""), times.years)


def _plain_change(
    field: ChangedField,
    ours: Sequence[Item],
    theirs: Sequence[Item],
    is_same: Callable[[object, object], bool],
) -> Iterable[Change]:
    """The change of a field with one value an item, unless the values are the same."""
    values = [[getattr(item, field) for item in side] for side in (ours, theirs)]
    if len(values[0]) == len(values[1]) and all(map(is_same, *values)):
        return ()
    before, after = (_value(side) for side in values)
    return (Change(field=field, before=before, after=after),)


def _value(values: Sequence[object]) -> Value:
    """A value as it is where one item stands on the side, else the list of them."""
    if len(values) == 1:
        return values[0]  # type: ignore[return-value]
    known = [value for value in values if value is not None]
    return tuple(known)  # type: ignore[return-value]


def _content_changes(ours: Sequence[Item], theirs: Sequence[Item]) -> list[Change]:
    before, after = ("\n".join(item.content for item in side) for side in (ours, theirs))
    words = tuple(Words(fate=one.fate, text=one.text) for one in compare_words(before, after))
    figures = tuple(
        FigureChange(about=one.about, before=one.before, after=one.after)
        for one in find_figures(before, after)
    )
    if all(one.fate == "kept" for one in words):
        return []
    values = [_value([item.content for item in side]) for side in (ours, theirs)]
    change = Change(
        field="content", before=values[0], after=values[1], words=words, figures=figures
    )
    return [change]


def _path_changes(ours: Sequence[Item], theirs: Sequence[Item], times: _Times) -> Iterable[Change]:
    """Other headings above the items, their numbers and years aside."""
    before, after = ([" / ".join(item.path) for item in side] for side in (ours, theirs))
    if all(any(_is_trifle(a, b, times) for a in before) for b in after):
        return ()
    values = [_value(list(dict.fromkeys(side))) for side in (before, after)]
    return (Change(field="path", before=values[0], after=values[1]),)


def _deadline_changes(
    ours: Sequence[Item], theirs: Sequence[Item], times: _Times
) -> Iterable[Change]:
    """Another day or phrase, unless it is the same day of each plan's own year."""
    texts = [[item.deadline.text for item in side if item.deadline] for side in (ours, theirs)]
    due = [
        {_in_year(item.deadline.due, year) for item in side if item.deadline and item.deadline.due}
        for side, year in zip((ours, theirs), times.years, strict=True)
    ]
    same = [{_bare_deadline(text) for text in side} for side in texts]
    if same[0] == same[1] or (due[0] and due[0] == due[1]):
        return ()
    values = [_value(side) if side else None for side in texts]
    return (Change(field="deadline", before=values[0], after=values[1]),)


def _bare_deadline(text: str) -> str:
    return fold(text).strip(" 。;,.")


def _in_year(due: str | None, year: int | None) -> tuple[int, str]:
    """A day as years after the plan's own and the rest: 2012-06-30 in 2011 -> (1, 06-30)."""
    due = due or "0000-"
    return int(due[:4]) - (year or 0), due[4:]


def _shared(one: Item, other: Item, changes: Sequence[Change]) -> tuple[str, ...]:
    """The longest stretches of words that two linked items have in common."""
    kept = (
        words.text.strip(" ,，。;；、\n")
        for words in chain.from_iterable(change.words for change in changes)
        if words.fate == "kept"
    )
    known = {text for text in kept if text in one.content and text in other.content}
    found = [text for text in known if len(text) >= _SHORTEST]
    return tuple(sorted(found, key=lambda text: (-len(text), text))[:_SHARED])


# Who is responsible


def _role_changes(
    ours: Sequence[Item], theirs: Sequence[Item], times: _Times
) -> tuple[list[Change], tuple[Rename, ...]]:
    """Changes role by role; a name that moved is told where it came to, once."""
    before = {role: _names(ours, role) for role in _ROLES}
    after = {role: _names(theirs, role) for role in _ROLES}
    partner, known, renames = _same_names(before, after, times)
    changes = []
    for role in _ROLES:
        lost = tuple(name for name in before[role] if (role, name) not in partner)
        gained = tuple(name for name in after[role] if (role, name) not in known)
        moved = tuple(
            Move(name=name, before=was, after=role)
            for (was, _), (now, name) in partner.items()
            if now == role and was != role
        )
        if lost or gained or moved:
            change = Change(
                field=role, before=tuple(before[role]), after=tuple(after[role]),
                gained=gained, lost=lost, moved=moved,
            )  # fmt: skip
            changes.append(change)
    return changes, renames


def _names(items: Sequence[Item], role: RoleField) -> dict[str, Name]:
    """The names in a role by what they are called, without repeats, in order."""
    found: dict[str, Name] = {}
    for name in chain.from_iterable(getattr(item, role) for item in items):
        found.setdefault(name.name, name)
    return found


_Roles = dict[RoleField, dict[str, "Name"]]
_Place = tuple[RoleField, str]


def _same_names(
    before: _Roles, after: _Roles, times: _Times
) -> tuple[dict[_Place, _Place], list[_Place], tuple[Rename, ...]]:
    """Each earlier name that is still there in whatever role, each later one that is not new.

    The third are the bodies renamed. Two bodies that became one both go on as it.
    """
    olds = [(role, name) for role in _ROLES for name in before[role]]
    news = [(role, name) for role in _ROLES for name in after[role]]
    partner: dict[_Place, _Place] = {}
    renames: list[Rename] = []
    known: list[_Place] = []

    def find(
        is_open: Callable[[_Place, _Place], bool], *, by_name: bool = False, renamed: bool = False
    ) -> None:
        for old, new in product(olds, news):
            if not is_open(old, new):
                continue
            how = "same" if old[1] == new[1] else None
            if not by_name and how is None:
                how = _sameness(before[old[0]][old[1]], after[new[0]][new[1]], times)
            if how is None or (renamed and how in _SPELLINGS):
                continue
            partner.setdefault(old, new)
            known.append(new)
            if how not in _SPELLINGS:
                renames.append(Rename(field=new[0], before=old[1], after=new[1], how=how))

    def both_free(old: _Place, new: _Place) -> bool:
        return old not in partner and new not in known

    def alike(old: _Place, new: _Place) -> bool:
        return old[0] == new[0] and both_free(old, new)

    for is_open in (alike, both_free):
        find(is_open, by_name=True)
        find(is_open)
    find(lambda old, new: (old not in partner) != (new not in known), renamed=True)
    return partner, known, tuple(renames)


def _sameness(old: Name, new: Name, times: _Times) -> str | None:
    """The rule by which two names are one body, or None; a person is no other person."""
    if "person" in (old.kind, new.kind):
        return None
    if old.canonical and old.canonical == new.canonical:
        return "abbreviation"
    return is_same_body(old.name, new.name, times.place, *times.years)


# The whole


def _corrected(notice: Notice) -> list[object]:
    """What people corrected of a file may differ between two records of it."""
    return [notice.corrected, *(item.corrected for item in notice.items)]


def _relation(previous: Notice, current: Notice) -> Relation:
    if previous.source.sha256 == current.source.sha256 and _corrected(previous) == _corrected(
        current
    ):
        return "same file"
    if is_same_issuer(previous, current) is False or not is_same_family(previous, current):
        return "other"
    return "same plan" if previous.year == current.year else "series"


def _warnings(previous: Notice, current: Notice, relation: Relation) -> tuple[str, ...]:
    found = []
    for side, notice in (("previous", previous), ("current", current)):
        if not notice.items:
            found.append(f"{side}: {notice.notice_id} holds no items; nothing can go on from it")
    if relation == "same file":
        found.append("both are the same file: nothing can differ")
    if is_same_issuer(previous, current) is False:
        bodies = [one.issuing_body or one.place or one.region for one in (previous, current)]
        found.append(f"different bodies: {bodies[0]} and {bodies[1]}; compared all the same")
    if relation != "same file" and not is_same_family(previous, current):
        titles = [one.title or one.notice_title or "(no title)" for one in (previous, current)]
        found.append(f"different kinds of plan: {titles[0]} and {titles[1]}; compared all the same")
    years = (previous.year, current.year)
    if years[0] is not None and years[1] is not None and years[0] > years[1]:
        found.append(f"the first plan is the later one ({years[0]} and {years[1]}): wrong order?")
    return tuple(found)


def _counts(links: Sequence[Link], dropped: int, added: int) -> dict[str, int]:
    """Links of each kind, and in how many links what changed."""
    counts = dict.fromkeys(("same", "reworded", "split", "merged"), 0)
    for link in links:
        counts[link.kind] += 1
    counts |= {"dropped": dropped, "added": added}
    for field in ("leaders", "host_units", "co_host_units", "deadline"):
        counts[field] = sum(any(c.field == field for c in link.changes) for link in links)
    counts["moved"] = sum(len(change.moved) for link in links for change in link.changes)
    counts["figures"] = sum(len(change.figures) for link in links for change in link.changes)
    pairs = {(one.before, one.after) for link in links for one in link.renames}
    return counts | {"renamed": len(pairs)}


def _summary(plans: tuple[Side, Side], relation: Relation, counts: dict[str, int]) -> Summary:
    return Summary(zh=_in_chinese(plans, relation, counts), en=_in_english(plans, relation, counts))


def _in_chinese(plans: tuple[Side, Side], relation: Relation, counts: dict[str, int]) -> str:
    names = [f"《{one.title or one.notice_id}》（{one.items}项）" for one in plans]
    same = {"same file": "两者是同一份文件。", "same plan": "两者是同一计划的两个版本。"}
    fates = _told(counts, _FATES_ZH, "，")
    changes = _told(counts, _CHANGES_ZH, "，")
    words = f"{names[0]}与{names[1]}相比：{fates or '均无事项'}。"
    return same.get(relation, "") + words + (f"延续事项中：{changes}。" if changes else "")


def _told(counts: dict[str, int], words: dict[str, str], mark: str) -> str:
    """The counts that are not zero, in words."""
    return mark.join(text.format(counts[key]) for key, text in words.items() if counts[key])


_FATES_ZH = {
    "same": "基本不变{}项",
    "reworded": "改写{}项",
    "split": "拆分{}项",
    "merged": "由多项合并而成{}项",
    "dropped": "取消{}项",
    "added": "新增{}项",
}
_CHANGES_ZH = {
    "leaders": "牵头领导有变{}项",
    "host_units": "主办单位有变{}项",
    "co_host_units": "协办单位有变{}项",
    "deadline": "完成时限有变{}项",
    "moved": "角色调整{}处",
    "figures": "数字变动{}处",
    "renamed": "机构更名{}个",
}
_FATES_EN = {
    "same": "{} unchanged",
    "reworded": "{} reworded",
    "split": "{} split",
    "merged": "{} merged from several",
    "dropped": "{} dropped",
    "added": "{} added",
}
_CHANGES_EN = {
    "leaders": "leaders changed in {}",
    "host_units": "hosts in {}",
    "co_host_units": "co-hosts in {}",
    "deadline": "deadlines in {}",
    "moved": "moves between roles: {}",
    "figures": "figures changed: {}",
    "renamed": "bodies renamed: {}",
}


def _in_english(plans: tuple[Side, Side], relation: Relation, counts: dict[str, int]) -> str:
    names = [f"{one.title or one.notice_id} ({one.items} items)" for one in plans]
    same = {
        "same file": "Both are the same file. ",
        "same plan": "Both are versions of one plan. ",
    }
    fates = _told(counts, _FATES_EN, ", ")
    changes = _told(counts, _CHANGES_EN, ", ")
    words = f"{names[0]} against {names[1]}: {fates or 'no items in either'}."
    return same.get(relation, "") + words + (f" Where items go on: {changes}." if changes else "")
