"""Give each name that is responsible for an item, and its body, a key for the search index.

An item of few keys is found by an index of numbers, together with the words that it contains, where
a condition on the table of assignments would be asked for every item with the words.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from pipeline.names.gazetteer import places_over_time
from pipeline.names.over_time import names_over_time
from pipeline.store.insert import id_chunks
from pipeline.store.schema import ASSIGNMENTS, UNIT_NAMES, UNITS
from pipeline.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from pipeline.model import Role

# Keys of an item by the item's id.
ItemKeys = dict[str, list[int]]
# A database takes so many values at once; the most places and bodies that a name is sought in.
_AT_ONCE, _PLACES, _BODIES = 500, 200, 5_000
# Numbers of PostgreSQL's bigint, none negative. Of ten million names, which have four keys each, two share
# one in one of ten thousand stores.
_BITS = 63


@lru_cache(2**16)
def _key(kind: str, text: str, role: str) -> int:
    """Compute the key of a text of a kind in a role; without a role, that of the text in any."""
    digest = hashlib.blake2b(f"{kind}\n{role}\n{text}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> (64 - _BITS)


def item_keys(assignments: Iterable[Mapping[str, Any] | RowMapping]) -> ItemKeys:
    """Compute the keys of items from rows of their assignments, sorted, each once."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in assignments:
        name, canonical, role = row["name"], row["canonical"], row["role"]
        keys = found[row["item_id"]]
        keys.update((_key("name", name, ""), _key("name", name, role), _key("role", "", role)))
        if canonical is not None:
            keys.update((_key("body", canonical, ""), _key("body", canonical, role)))
    return {item_id: sorted(keys) for item_id, keys in found.items()}


def read_item_keys(connection: Connection, item_ids: Sequence[str]) -> ItemKeys:
    """Compute the keys of items of a store."""
    columns = ASSIGNMENTS.c
    asked = select(columns.item_id, columns.name, columns.canonical, columns.role)
    found: ItemKeys = {}
    for ids in id_chunks(item_ids):
        found |= item_keys(connection.execute(asked.where(columns.item_id.in_(ids))).mappings())
    return found


def unit_keys(connection: Connection, unit: str, role: Role | None) -> list[int]:
    """Find the keys of a unit, by any name of its body, in this or another year."""
    name = squeeze(unit)
    own = connection.scalars(select(UNIT_NAMES.c.canonical).where(UNIT_NAMES.c.name == name))
    bodies = {name, *own, *_bodies_over_time(connection, name)}
    keys = (_key("body", body, role or "") for body in sorted(bodies))
    return [_key("name", name, role or ""), *keys]


def body_keys(canonical: str, role: Role | None) -> list[int]:
    """Return the keys of a body by its canonical name."""
    return [_key("body", canonical, role or "")]


def leader_keys(leader: str) -> list[int]:
    """Return the keys of a leader."""
    return [_key("name", squeeze(leader), "leader")]


def role_keys(role: Role) -> list[int]:
    """Return the keys of all who have a role."""
    return [_key("role", "", role)]


def _bodies_over_time(connection: Connection, name: str) -> list[str]:
    """Find the bodies of a store that had or have a name under which a body was known in its time."""
    over_time = names_over_time(name)
    own = select(UNIT_NAMES.c.canonical).where(UNIT_NAMES.c.name == name)
    where = select(UNITS.c.place).where(UNITS.c.canonical.in_(own)).distinct().limit(_PLACES)
    near = connection.scalars(where) if over_time.level else ()
    places = {
        *over_time.places,
        *(one for place in near if place for one in places_over_time(place)),
    }
    spelled = [place + full for place in sorted(places) for full in over_time.fulls]
    printed = [over_time.level + form for form in over_time.forms] if not over_time.places else []
    found = {*_look_up(connection, UNITS.c.canonical, UNITS.c.canonical, spelled)}
    found.update(_look_up(connection, UNIT_NAMES.c.name, UNIT_NAMES.c.canonical, printed))
    return sorted(found)[:_BODIES]


def _look_up(
    connection: Connection,
    column: ColumnElement[str],
    wanted: ColumnElement[str],
    values: Sequence[str],
) -> Iterator[str]:
    """Yield a column of the rows that have one of these values in another."""
    for at in range(0, len(values), _AT_ONCE):
        yield from connection.scalars(select(wanted).where(column.in_(values[at : at + _AT_ONCE])))
