"""The bodies that a store has, with their names, while a load adds to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.dataset.aggregates import fullness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Body

# The name of a body, and its canonical name.
BodyName = tuple[str, str]


class NewBodies(NamedTuple):
    """What a store lacks: new bodies, bodies more complete than it knows them, names of bodies."""

    added: dict[str, Body]
    fuller: dict[str, Body]
    names: list[BodyName]


class KnownBodies:
    """The bodies of a store by their canonical names, and the pairs of a name and its body.

    What is found to be new is added only after it was written: the rows of a notice that fails are
    taken back, and its bodies with them.
    """

    def __init__(self, bodies: dict[str, Body], names: set[BodyName]) -> None:
        self._bodies = dict(bodies)
        self._names = set(names)

    def find_new(self, bodies: Iterable[Body], names: Iterable[BodyName]) -> NewBodies:
        """Find what the store lacks of some bodies and names, each once."""
        new = NewBodies({}, {}, [one for one in dict.fromkeys(names) if one not in self._names])
        for body in bodies:
            key = body.canonical
            place = new.fuller if key in self._bodies else new.added
            known = place.get(key) or self._bodies.get(key)
            if known is None or (known != body and fullness(body) > fullness(known)):
                place[key] = body
        return new

    def add(self, new: NewBodies) -> None:
        """Add what was written."""
        self._bodies |= new.added | new.fuller
        self._names.update(new.names)
