"""The items on one side of a card, with the words, names and days marked that came or went."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.compare.views.phrases import FIELD_NAMES, ROLES
from pipeline.comparison import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.compare.views.cards import Card
    from pipeline.comparison import RoleField
    from pipeline.model import Item, Name


class Run(NamedTuple):
    """Neighbouring characters that were all changed, or all kept."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item on one side of a card; `people` are its roles and deadline as (name, runs)."""

    path: str
    label: str | None
    runs: tuple[Run, ...]
    people: tuple[tuple[str, tuple[Run, ...]], ...]


def show_side(card: Card, *, is_current: bool) -> tuple[ShownItem, ...]:
    """The items of one side with what went or came marked."""
    items = card.current if is_current else card.previous
    fate = "added" if is_current else "removed"
    words = [one for one in card.words if one.fate in ("kept", fate)]
    runs = _cut_runs(words, [len(item.content) for item in items]) if words else [()] * len(items)
    marked = _mark_names(card, is_current=is_current)
    return tuple(_show_item(item, one, marked) for item, one in zip(items, runs, strict=True))


def _mark_names(card: Card, *, is_current: bool) -> frozenset[tuple[str, str]]:
    """The names that came to a role (current side) or went from it, and changed deadlines and fields.

    As (field, text): ("host_units", "区财政局").
    """
    marked: set[tuple[str, str]] = set()
    for change in card.changes:
        marked |= {(change.field, one) for one in (change.gained if is_current else change.lost)}
        for move in change.moved:
            marked.add((move.after if is_current else move.before, move.name))
        if change.field == "deadline" or change.field.startswith("fields."):
            side = change.after if is_current else change.before
            texts = side if isinstance(side, tuple) else (side,)
            marked |= {(change.field, str(one)) for one in texts}
    return frozenset(marked)


def _cut_runs(words: Iterable[Words], lengths: Iterable[int]) -> Iterator[tuple[Run, ...]]:
    """The words of several contents, which a line feed joins, as the runs of each content."""
    rest = deque(words)
    for length in lengths:
        runs: list[Run] = []
        room = length
        while room and rest:
            one = rest.popleft()
            if len(one.text) > room:
                rest.appendleft(Words(fate=one.fate, text=one.text[room:]))
            text, changed = one.text[:room], one.fate != "kept"
            room -= len(text)
            if runs and runs[-1].changed == changed:
                runs[-1] = Run(runs[-1].text + text, changed)
            else:
                runs.append(Run(text, changed))
        _drop_line_feed(rest)
        yield tuple(runs)


def _drop_line_feed(rest: deque[Words]) -> None:
    """Take the line feed between two contents away, whether it was kept or changed."""
    if rest:
        one = rest.popleft()
        if len(one.text) > 1:
            rest.appendleft(Words(fate=one.fate, text=one.text[1:]))


def _show_item(item: Item, runs: tuple[Run, ...], marked: frozenset[tuple[str, str]]) -> ShownItem:
    """The item as a card shows it, with its content unmarked if no runs are given."""
    people = [
        (FIELD_NAMES[role], _show_names(role, names, marked))
        for role in ROLES
        if (names := getattr(item, role))
    ]
    if item.deadline:
        text = item.deadline.text
        people.append((FIELD_NAMES["deadline"], (Run(text, ("deadline", text) in marked),)))
    people += [
        (field.label, (Run(field.text, (f"fields.{key}", field.text) in marked),))
        for key, field in item.fields.items()
    ]
    if not runs and item.content:
        runs = (Run(item.content, changed=False),)
    return ShownItem(" / ".join(item.path), item.label, runs, tuple(people))


def _show_names(
    role: RoleField, names: Sequence[Name], marked: frozenset[tuple[str, str]]
) -> tuple[Run, ...]:
    """The names of a role joined by 、, those that came or went marked."""
    runs = [Run(names[0].name, (role, names[0].name) in marked)]
    for name in names[1:]:
        runs += [Run("、", changed=False), Run(name.name, (role, name.name) in marked)]
    return tuple(runs)
