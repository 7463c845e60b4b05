"""What the patterns of the parser cost: `python -m benchmarks.patterns [FILE…]`.

Every pattern of a module of `pipeline` is replaced by one that notes how many characters it was given
and how long it took; then the texts are parsed. Prints the patterns that took longest, and those that
run over whole texts at more than `SLOW` nanoseconds a character: these should begin with a set of
characters or a literal, which the engine finds fast.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.speed import RAW, source
from pipeline import parse_notice
from pipeline.model import Source

# Nanoseconds a character, and the share of all characters from which on a pattern runs over whole texts.
SLOW, WHOLE = 10.0, 0.5
# A call costs so many nanoseconds, the clock's included, whatever it is given.
_CALL = 1000
_SHOWN = 25
_TIMED = ("finditer", "findall", "search", "sub", "split")


@dataclass(slots=True)
class Cost:
    """What a pattern was given and took: characters, nanoseconds, calls; a further match is a call."""

    characters: int = 0
    nanoseconds: int = 0
    calls: int = 0

    @property
    def per_character(self) -> float:
        """Nanoseconds a character, without those of the calls themselves."""
        spent = self.nanoseconds - _CALL * self.calls
        return max(0, spent) / max(1, self.characters)


class WatchedPattern:
    """A pattern that notes what it costs to look through a text."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.cost = Cost()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if name in _TIMED:
            return self._timed(name, getattr(self.pattern, name))
        return getattr(self.pattern, name)

    def _timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any) -> Any:  # noqa: ANN401
            if name == "finditer":
                return self._matches(call(*args), args)
            start = time.thread_time_ns()
            found = call(*args)
            text = args[1] if name == "sub" else args[0]
            end = found.end() if name == "search" and found else None
            self._note(time.thread_time_ns() - start, _count(text, args, end))
            return found

        return timed

    def _matches(self, found: Iterator[re.Match[str]], args: Sequence[Any]) -> Iterator[Any]:
        """The matches, each looked for when it is asked for, as by the pattern itself."""
        begin = args[1] if len(args) > 1 else 0
        while True:
            start = time.thread_time_ns()
            match = next(found, None)
            spent = time.thread_time_ns() - start
            end = match.end() if match else None
            self._note(spent, _count(args[0], (args[0], begin, *args[2:]), end))
            if match is None:
                return
            begin = match.end()
            yield match

    def _note(self, nanoseconds: int, characters: int) -> None:
        self.cost.nanoseconds += nanoseconds
        self.cost.calls += 1
        self.cost.characters += characters


def _count(text: str, args: Sequence[Any], end: int | None) -> int:
    """How many characters a call looked at: up to its match, else all that it was given."""
    begin = args[1] if len(args) > 1 and isinstance(args[1], int) else 0
    limit = args[2] if len(args) > 2 and isinstance(args[2], int) else len(text)
    return max(0, min(limit if end is None else end, len(text)) - begin)


@contextmanager
def watched_patterns() -> Iterator[dict[str, WatchedPattern]]:
    """Replace the patterns of all modules of `pipeline`, by module and name, and put them back."""
    watched: dict[str, WatchedPattern] = {}
    by_pattern: dict[int, WatchedPattern] = {}
    replaced: list[tuple[ModuleType, str, re.Pattern[str]]] = []
    for place, module in sorted(sys.modules.items()):
        if place.partition(".")[0] != "pipeline":
            continue
        for name, value in list(vars(module).items()):
            if isinstance(value, re.Pattern):
                # A pattern that several modules import is one, under the first of its names.
                if id(value) not in by_pattern:
                    by_pattern[id(value)] = watched[f"{place}.{name}"] = WatchedPattern(value)
                replaced.append((module, name, value))
                setattr(module, name, by_pattern[id(value)])
    try:
        yield watched
    finally:
        for module, name, value in replaced:
            setattr(module, name, value)


def find_whole_text_patterns(sources: Sequence[Source]) -> dict[str, WatchedPattern]:
    """The patterns that look through at least half of all characters when these texts are parsed."""
    with watched_patterns() as watched:
        for one in sources:
            parse_notice(one)
    characters = sum(len(one.text) for one in sources)
    return {
        place: pattern
        for place, pattern in watched.items()
        if pattern.cost.characters >= WHOLE * characters
    }


def read_texts(paths: Sequence[str]) -> Iterator[Source]:
    """The sources of some files of text, of the real notice where none is named."""
    for path in map(Path, paths or [str(RAW)]):
        yield source(path.read_text("utf-8"))


def main() -> int:
    """Parse the texts and print what the patterns cost; 1 where one is slow over whole texts."""
    sources = list(read_texts(sys.argv[1:]))
    parse_notice(sources[0])
    with watched_patterns() as watched:
        for one in sources:
            parse_notice(one)
    characters = sum(len(one.text) for one in sources)
    costs = sorted(watched.items(), key=lambda pair: -pair[1].cost.nanoseconds)
    print(f"{characters:,} characters")
    for place, pattern in costs[:_SHOWN]:
        print(_describe(place, pattern.cost))
    slow = [
        (place, pattern.cost)
        for place, pattern in costs
        if pattern.cost.characters >= WHOLE * characters and pattern.cost.per_character > SLOW
    ]
    print(f"\n{len(slow)} patterns run over whole texts at more than {SLOW:.0f} ns a character")
    for place, cost in slow:
        print(_describe(place, cost))
    return 1 if slow else 0


def _describe(place: str, cost: Cost) -> str:
    return (
        f"{cost.nanoseconds / 1e6:8.2f} ms {cost.per_character:7.1f} ns/char {cost.characters:10,} chars"
        f" {cost.calls:7,} calls  {place.removeprefix('pipeline.')}"
    )


if __name__ == "__main__":
    sys.exit(main())
