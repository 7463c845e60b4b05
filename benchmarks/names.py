"""What resolving names costs: beside all of parsing, and a million warm look-ups. `make bench`."""

from __future__ import annotations

import gc
import statistics
import time
from itertools import cycle, islice
from pathlib import Path

from pipeline import parse_notice, read_source
from pipeline.model import Notice, Source
from pipeline.names import bodies
from pipeline.parse import naming

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
_MANY = 1_000_000


def sources() -> list[Source]:
    """The shared corpus, or the notice in raw/ where there is none."""
    paths = sorted(CORPUS.glob("*/doc.*")) or [
        ROOT / "raw" / "yantian" / "2011" / "reform-plan.txt"
    ]
    return [read_source(path) for path in paths]


def nothing(
    lists: list[tuple[str, ...]], place: str | None, year: int | None
) -> list[tuple[bodies.Resolution, ...]]:
    """Resolves no name: what is left is parsing without names."""
    del place, year
    none = bodies.Resolution(None, "unknown")
    return [(none,) * len(names) for names in lists]


def seconds(documents: list[Source]) -> float:
    start = time.perf_counter()
    for source in documents:
        parse_notice(source)
    return time.perf_counter() - start


def share(documents: list[Source], rounds: int = 15) -> None:
    """Parsing with and without names by turns; the tables are read before the clock runs."""
    seconds(documents)
    resolving = bodies.resolve_notice
    ratios = []
    for _ in range(rounds):
        gc.collect()
        naming.resolve_notice = resolving  # type: ignore[attr-defined]
        own = seconds(documents)
        naming.resolve_notice = nothing  # type: ignore[attr-defined]
        ratios.append(own / seconds(documents))
    naming.resolve_notice = resolving  # type: ignore[attr-defined]
    print(f"parsing with names / without: {statistics.median(ratios):.3f} (goal: 1.15)")


def mentions(notices: list[Notice]) -> list[tuple[str, str | None, int | None]]:
    return [
        (name.name, notice.place, notice.year)
        for notice in notices
        for item in notice.items
        for assignment in item.assignments
        for name in assignment.names
        if name.kind != "person"
    ]


def warm(asked: list[tuple[str, str | None, int | None]]) -> None:
    start = time.perf_counter()
    for name, place, year in islice(cycle(asked), _MANY):
        bodies.resolve(name, place, year)
    taken = time.perf_counter() - start
    print(f"{_MANY:,} resolutions warm: {taken:.2f} s (goal: 2 s)")


def known(notices: list[Notice]) -> None:
    names = [
        name
        for notice in notices
        for item in notice.items
        for assignment in item.assignments
        for name in assignment.names
        if name.kind == "unit"
    ]
    found = sum(name.canonical is not None for name in names)
    print(
        f"{found:,} of {len(names):,} mentions of units resolve: {found / len(names):.4f} (goal: 0.97)"
    )


if __name__ == "__main__":
    documents = sources()
    notices = [parse_notice(source) for source in documents]
    known(notices)
    warm(mentions(notices))
    share(documents)
