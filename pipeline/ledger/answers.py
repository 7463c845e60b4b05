"""Bring together what units and leaders wrote on their own sheets: by item, by unit, by state."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipeline.ledger.columns import CO_HOST, DONE, FILLED, HOST, PROGRESS, STATE, STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.ledger.content import Entry, Ledger, Mark, Party

OTHER_STATE, DIFFERENT, NO_STATE = "其他", "各单位不一", "未填"
# The states by which items are counted.
ITEM_STATES = (*STATES, OTHER_STATE, DIFFERENT, NO_STATE)
_NONE: Mapping[str, str] = {}


class PartyCounts(NamedTuple):
    """How many items of a unit or leader have an answer, have none, and have each state."""

    answered: int
    silent: int
    states: dict[str, int]


class Answers:
    """The progress of a ledger by item: what the main sheet has, and the answer of each party.

    `roles` are the words that the plan has for the roles of parties.
    """

    def __init__(
        self,
        ledger: Ledger,
        marks: Iterable[Mark],
        others: Iterable[Mark],
        roles: Mapping[str, str] = _NONE,
    ) -> None:
        self._parties = {one.name: one for one in (*ledger.units, *ledger.leaders)}
        self._units = ledger.units
        self._words = roles
        self._filled: dict[str, dict[str, dict[str, str]]] = {}
        for mark in marks:
            own = self._filled.setdefault(mark.item_id, {}).setdefault(mark.unit, {})
            own[mark.column] = mark.value
        self._others: dict[str, list[Mark]] = {}
        for mark in others:
            self._others.setdefault(mark.item_id, []).append(mark)
        self._by_item = _find_units(ledger.units) if self.has_any else {}

    @property
    def has_any(self) -> bool:
        """Whether any unit or leader has answered, or there are further values of a cell."""
        own = (units for units in self._filled.values() if any(units))
        return bool(self._others) or next(own, None) is not None

    def of(self, item_id: str) -> str:
        """Write every answer about an item, a line each, and who of its units has not answered."""
        units = self._filled.get(item_id, {})
        # The hosts' answers first, then those of co-hosts and leaders, then of sheets of nobody.
        named = sorted(filter(None, units), key=lambda unit: self._rank(unit, item_id))
        lines = [f"{self._call(unit, item_id)}: {_write_answer(units[unit])}" for unit in named]
        lines += [self._write_other(mark) for mark in self._others.get(item_id, ())]
        if silent := [one.name for one in self._by_item.get(item_id, ()) if one.name not in units]:
            lines.append(f"未填报: {'、'.join(silent)}")
        return "\n".join(lines)

    def state_of(self, item_id: str) -> str:
        """Return the state of an item: that of the main sheet, else the one its hosts agree on."""
        units = self._filled.get(item_id, {})
        if state := units.get("", _NONE).get(STATE, ""):
            return _name_state(state)
        hosts = [one for one in self._by_item.get(item_id, ()) if HOST in one.items[item_id]]
        asked = hosts or self._by_item.get(item_id, [])
        states = {_name_state(units.get(one.name, _NONE).get(STATE, "")) for one in asked}
        if len(states) > 1:
            return DIFFERENT
        return states.pop() if states else NO_STATE

    def is_done(self, item_id: str, unit: str = "") -> bool:
        """Whether an item is done by the main sheet or by all its hosts, or by one unit's answer."""
        return self._is_own_done(item_id, unit) or self.state_of(item_id) == "已完成"

    def is_done_elsewhere(self, item_id: str, unit: str) -> bool:
        """Whether an item is done by other cells than that of a unit's sheet, or of the main one."""
        return not self._is_own_done(item_id, unit) and self.state_of(item_id) == "已完成"

    def _is_own_done(self, item_id: str, unit: str) -> bool:
        own = self._filled.get(item_id, {}).get(unit, _NONE).get(STATE, "")
        return _name_state(own) == "已完成"

    def count_states(self, entries: Iterable[Entry]) -> dict[str, int]:
        """Count items by state, every state in its order."""
        found = Counter(self.state_of(entry.item_id) for entry in entries)
        return {state: found[state] for state in ITEM_STATES}

    def count_party(self, party: Party) -> PartyCounts:
        """Count the answers of a unit or leader; one without a state of the list is 其他."""
        own = [self._filled.get(item_id, {}).get(party.name) for item_id in party.items]
        answers = [one for one in own if one]
        found = Counter(_name_state(one.get(STATE, "")) for one in answers)
        states = {state: found[state] for state in STATES}
        states[OTHER_STATE] = len(answers) - sum(states.values())
        return PartyCounts(len(answers), len(own) - len(answers), states)

    def silent_units(self) -> list[Party]:
        """List the units that have not answered about any of their items."""
        return [one for one in self._units if not self.count_party(one).answered]

    def _rank(self, unit: str, item_id: str) -> int:
        roles = self._roles(unit, item_id)
        return 0 if HOST in roles else 1 if roles else 2

    def _roles(self, unit: str, item_id: str) -> tuple[str, ...]:
        party = self._parties.get(unit)
        return party.items.get(item_id, ()) if party else ()

    def _call(self, unit: str, item_id: str) -> str:
        """Name a unit with its role in an item: 区民政局(主办)."""
        roles = "、".join(self._words.get(one, one) for one in self._roles(unit, item_id))
        return f"{unit}({roles})" if roles else unit

    def _write_other(self, mark: Mark) -> str:
        name = self._call(mark.unit, mark.item_id) if mark.unit else "台账"
        return f"{name}另报 {mark.column}: {mark.value}"


def _find_units(units: Iterable[Party]) -> dict[str, list[Party]]:
    """Find the units of each item, hosts before others."""
    found: dict[str, list[Party]] = {}
    for party in units:
        for item_id in party.items:
            found.setdefault(item_id, []).append(party)
    for item_id, own in found.items():
        own.sort(key=lambda one: CO_HOST in one.items[item_id] and len(one.items[item_id]) == 1)
    return found


def _write_answer(values: Mapping[str, str]) -> str:
    """Write the cells of one answer: 推进中; 已印发方案; 备注: 请支持."""
    plain = [values[head] for head in (STATE, PROGRESS) if head in values]
    named = [
        head for head in (*FILLED, *values) if head in values and head not in (STATE, PROGRESS)
    ]
    return "; ".join([*plain, *(f"{head}: {values[head]}" for head in dict.fromkeys(named))])


def _name_state(text: str) -> str:
    """Return the state that the words of a person mean: 办结 is 已完成, any other words are 其他."""
    text = text.strip()
    if text in DONE:
        return "已完成"
    if text in STATES:
        return text
    return OTHER_STATE if text else NO_STATE


def days_over(due: str, today: str) -> int:
    """Count the days from the last day to today; 0 where it has not passed, or is no day."""
    try:
        return max(0, (date.fromisoformat(today) - date.fromisoformat(due)).days)
    except ValueError:
        return 0
