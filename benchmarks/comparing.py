"""Comparing two years against csv-diff, daff and DeepDiff, on the same generated pairs.

`python -m benchmarks.comparing`. Every peer is asked as its own documentation does: csv-diff by the
number of the row, daff as a table without a key, DeepDiff with the order ignored. What counts is
which earlier row is taken for which later one.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.compare.diff import diff_notices
from pipeline.compare.match import Demand, find_matches
from pipeline.compare.words import split_words
from pipeline.model import Item, Name, Notice, Source, Span
from tests.plans import years as stock
from tests.plans.years import SECTIONS, Task, Years, two_years

Edges = set[tuple[int, int]]
_COLUMNS = ("number", "section", "title", "content", "leader", "hosts", "co_hosts")
_SHARES = (0.1, 0.3, 0.6)
_SEEDS = 5
_SIZE = 40


def rows(tasks: list[Task]) -> list[list[str]]:
    """A year as a table; numbers run through the plan."""
    return [
        [
            str(n),
            SECTIONS[task.section],
            task.title,
            task.content,
            task.leader,
            "、".join(task.hosts),
            "、".join(task.co_hosts),
        ]
        for n, task in enumerate(tasks, 1)
    ]


def record(tasks: list[Task], year: int) -> Notice:
    """A year as a record, as the parser makes it; spans stand for none."""
    nowhere = Span(start=0, end=0)

    def names(values: tuple[str, ...]) -> tuple[Name, ...]:
        return tuple(Name(text=v, span=nowhere, name=v, kind="unit") for v in values)

    items = tuple(
        Item(
            item_id=f"{year}#{n}",
            number=n,
            path=(SECTIONS[task.section],),
            title=task.title,
            content=task.content,
            leaders=(Name(text=task.leader, span=nowhere, name=task.leader, kind="person"),),
            host_units=names(task.hosts),
            co_host_units=names(task.co_hosts),
            span=nowhere,
        )
        for n, task in enumerate(tasks, 1)
    )
    source = Source(sha256=f"{year:064}", text="")
    title = f"清河区{year}年重点改革计划"
    return Notice(
        notice_id=str(year), source=source, title=title, year=year, region="清河区", items=items
    )


def by_fengong(made: Years) -> Edges:
    found = diff_notices(record(made.previous, 2016), record(made.current, 2017))
    return {
        (int(e.previous.split("#")[1]) - 1, int(e.current.split("#")[1]) - 1)
        for link in found.links
        for e in link.evidence
    }


def by_csv_diff(made: Years, key: str = "number") -> Edges:
    """Rows of one key are one row, whatever they say."""
    import csv_diff  # noqa: PLC0415

    old, new = (
        {row[_COLUMNS.index(key)]: dict(zip(_COLUMNS, row, strict=True)) for row in rows(side)}
        for side in (made.previous, made.current)
    )
    found = csv_diff.compare(old, new)
    added = {row[key] for row in found["added"]}
    return {
        (int(old[one]["number"]) - 1, int(new[one]["number"]) - 1)
        for one in new
        if one not in added
    }


def by_daff(made: Years, first: int = 0) -> Edges:
    """Rows that daff's own alignment puts beside each other, from a column on."""
    import daff  # noqa: PLC0415

    tables = [
        daff.PythonTableView([row[first:] for row in (list(_COLUMNS), *rows(side))])
        for side in (made.previous, made.current)
    ]
    aligned = daff.Coopy.compareTables(*tables).align().toOrder().getList()
    return {(one.l - 1, one.r - 1) for one in aligned if one.l > 0 and one.r > 0}


def by_deepdiff(made: Years) -> Edges:
    """Rows that DeepDiff tells as changed into each other, and those that it finds unchanged."""
    from deepdiff import DeepDiff  # noqa: PLC0415

    old, new = (
        [dict(zip(_COLUMNS, row, strict=True)) for row in rows(side)]
        for side in (made.previous, made.current)
    )
    found = DeepDiff(
        old, new, ignore_order=True, cutoff_intersection_for_pairs=1, cutoff_distance_for_pairs=1,
        view="tree",
    )  # fmt: skip
    edges: Edges = set()
    gone: set[int] = set()
    come: set[int] = set()
    for kind, levels in found.items():
        for level in levels:
            chain: Any = level.all_up.down
            old_place = getattr(chain.all_up.t1_child_rel, "param", None) if chain else None
            new_place = getattr(chain.all_up.t2_child_rel, "param", None) if chain else None
            if kind == "iterable_item_removed" and old_place is not None:
                gone.add(old_place)
            elif kind == "iterable_item_added" and new_place is not None:
                come.add(new_place)
            elif old_place is not None and new_place is not None:
                edges.add((old_place, new_place))
    same = {json.dumps(row, sort_keys=True): n for n, row in enumerate(old)}
    for n, row in enumerate(new):
        place = same.get(json.dumps(row, sort_keys=True))
        if place is not None:
            edges.add((place, n))
    return {(p, q) for p, q in edges if p not in gone and q not in come}


PEERS: dict[str, Callable[[Years], Edges]] = {
    "fengong": by_fengong,
    "csv-diff (key: number)": by_csv_diff,
    "csv-diff (key: title)": lambda made: by_csv_diff(made, "title"),
    "daff": by_daff,
    "daff (without number)": lambda made: by_daff(made, 1),
    "DeepDiff (order ignored)": by_deepdiff,
}


def f1(found: Edges, wanted: Edges) -> float:
    return 2 * len(found & wanted) / max(1, len(found) + len(wanted))


def compare_peers() -> None:
    print(f"edge F1 and seconds, {_SEEDS} pairs of {_SIZE} items for each share of changes")
    made = {share: [two_years(seed, _SIZE, share) for seed in range(_SEEDS)] for share in _SHARES}
    for name, find in PEERS.items():
        cells = []
        for pairs in made.values():
            start = time.perf_counter()
            scores = [f1(find(one), set(one.edges)) for one in pairs]
            taken = (time.perf_counter() - start) / _SEEDS
            cells.append(f"{statistics.mean(scores):.4f} {taken:7.3f} s")
        print(f"  {name:26}", "   ".join(cells))
    print(" " * 29 + "   ".join(f"{share:.0%} changed     " for share in _SHARES))


def scale() -> None:
    """Time and memory of large plans, in a process of its own for each size."""
    for size in (300, 3000):
        command = [sys.executable, "-m", "benchmarks.comparing", "--size", str(size)]
        # One core: neither numpy's nor the sorting's threads.
        alone = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        subprocess.run(command, check=True, cwd=Path(__file__).parent.parent, env=alone)


def one_size(size: int) -> None:
    split_words("推进社区养老服务")
    if size > 1000:
        # The stock gives each task a subject and side of its own; many tasks need more sides.
        stock.SIDES[:] = [f"{side}{more}" for side in stock.SIDES for more in ("", "甲类", "乙类")]
    made = two_years(1, size, 0.3)
    one, two = record(made.previous, 2016), record(made.current, 2017)
    find_matches([], [])
    # Imports of numpy and scipy, and the tables of bodies, are loaded once a process.
    diff_notices(record(made.previous[:5], 2016), record(made.current[:5], 2017))
    gc.collect()
    start = time.perf_counter()
    found = diff_notices(one, two)
    taken = time.perf_counter() - start
    edges = {
        (int(e.previous.split("#")[1]) - 1, int(e.current.split("#")[1]) - 1)
        for link in found.links
        for e in link.evidence
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {len(one.items):5} against {len(two.items):5} items: {taken:6.2f} s, "
        f"peak {peak:5.0f} MB, edge F1 {f1(edges, set(made.edges)):.4f}"
    )


def words_or_characters() -> None:
    """What the likeness of two demands is measured by: pairs of characters, or jieba's words."""
    from pipeline.compare import match  # noqa: PLC0415
    from pipeline.compare.match.terms import comparable_text  # noqa: PLC0415

    def as_words(text: str) -> str:
        return " ".join(w for w in split_words(comparable_text(text)) if w.strip())

    for name in ("pairs of characters", "words of jieba"):
        scores = []
        for seed in range(_SEEDS):
            made = two_years(seed, _SIZE, 0.6)
            sides = [
                [match.Demand(t.title, t.content, (SECTIONS[t.section],), t.hosts) for t in side]
                for side in (made.previous, made.current)
            ]
            if name.startswith("words"):
                # A word as one letter of an alphabet of its own.
                sides = [[_spelled(d, as_words) for d in side] for side in sides]
            edges = {(p.previous, p.current) for m in find_matches(*sides) for p in m.pairs}
            scores.append(f1(edges, set(made.edges)))
        print(f"  {name:20} edge F1 {statistics.mean(scores):.4f}")


def _spelled(demand: Demand, as_words: Callable[[str], str]) -> Demand:
    known = _spelled.__dict__.setdefault("known", {})

    def letters(text: str) -> str:
        out = io.StringIO()
        for word in as_words(text).split():
            out.write(chr(0x4E00 + known.setdefault(word, len(known))) + " ")
        return out.getvalue()

    return Demand(letters(demand.title), letters(demand.content), demand.path, demand.units)


if __name__ == "__main__":
    if "--size" in sys.argv:
        one_size(int(sys.argv[-1]))
    else:
        begun = time.perf_counter()
        split_words("推进社区养老服务")
        print(
            f"jieba loads in {time.perf_counter() - begun:.2f} s, once a process; not counted below"
        )
        compare_peers()
        words_or_characters()
        scale()
