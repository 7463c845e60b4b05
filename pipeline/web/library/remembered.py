"""Remember the latest results of a slow function, for many threads at once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Event, Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """The values of so many keys, those that were asked for latest.

    Of threads that ask for one new key at once one makes its value, and the others wait for it; a
    value must not be made of that of its own key.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._being_made: dict[Hashable, Event] = {}
        self._lock = Lock()

    def find(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made now if it is not remembered."""
        while True:
            with self._lock:
                if key in self._values:
                    self._values.move_to_end(key)
                    return self._values[key]
                other = self._being_made.get(key)
                if other is None:
                    own = self._being_made[key] = Event()
                    break
            # Where it fails there, the next one of those who wait tries.
            other.wait()
        try:
            made = make()
            self._keep(key, made)
            return made
        finally:
            with self._lock:
                del self._being_made[key]
            own.set()

    def _keep(self, key: Hashable, value: Value) -> None:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def get(self, key: Hashable) -> Value | None:
        """Return the value of a key, None if it is not remembered."""
        with self._lock:
            return self._values.get(key)

    def forget(self, key: Hashable) -> None:
        """Forget the value of a key, if there is one."""
        with self._lock:
            self._values.pop(key, None)
