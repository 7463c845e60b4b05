"""Remember the latest results of a slow function, for many threads at once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """The values of so many keys, those that were asked for latest.

    Two threads that ask for one new key at once may both make its value.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made now if it is not remembered."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        made = make()
        with self._lock:
            self._values[key] = made
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return made

    def get(self, key: Hashable) -> Value | None:
        """Return the value of a key, None if it is not remembered."""
        with self._lock:
            return self._values.get(key)

    def forget(self, key: Hashable) -> None:
        """Forget the value of a key, if there is one."""
        with self._lock:
            self._values.pop(key, None)
