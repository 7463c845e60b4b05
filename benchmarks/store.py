"""What a store costs: loading, search beside a LIKE scan, ledger questions. `make bench-store`.

    python -m benchmarks.store [--items 1000000] [--postgres]

The plans are made of words as frequent as jieba's dictionary says. The first 100,000 items are
loaded on their own, timed; the rest is loaded to search in.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from sqlalchemy import text

from benchmarks.many import ITEMS, notice
from pipeline.dataset.record_files import record_bytes, record_path
from pipeline.store import Query, Store, load_output, search
from pipeline.store.index import SEARCHED
from tests.postgres import find_server, run_server

_PORTION = 100_000
_QUERIES = 200
_SCANS = 10


def write(job: tuple[Path, range]) -> int:
    """Write the records of some plans; returns how many items they have."""
    output, seeds = job
    count = 0
    for seed in seeds:
        made = notice(seed)
        record_path(output, made.notice_id).write_bytes(record_bytes(made))
        count += len(made.items)
    return count


def outputs(items: int, folder: Path) -> Iterator[tuple[Path, int]]:
    """OUTPUTs of up to 100,000 items each, made by all cores, gone when the next is asked for."""
    plans = -(-items // ITEMS)
    step = -(-_PORTION // ITEMS)
    with ProcessPoolExecutor() as pool:
        for start in range(0, plans, step):
            output = folder / "output"
            (output / "json").mkdir(parents=True)
            seeds = range(start, min(start + step, plans))
            jobs = [(output, seeds[n : n + 200]) for n in range(0, len(seeds), 200)]
            yield output, sum(pool.map(write, jobs))
            shutil.rmtree(output)


def words(store: Store) -> list[str]:
    """Words of two to nine characters from everywhere in the items."""
    rng = random.Random(11)  # noqa: S311
    with store.reading() as connection:
        least, most = connection.execute(text("SELECT MIN(id), MAX(id) FROM items")).one()
        chosen: list[str] = []
        while len(chosen) < _QUERIES:
            at = rng.randint(least, most)
            query = text("SELECT content FROM items WHERE id >= :at ORDER BY id LIMIT 1")
            content = connection.scalar(query, {"at": at}) or ""
            start, size = rng.randrange(max(1, len(content))), rng.randint(2, 9)
            word = content[start : start + size]
            if len(word) == size and word.isalpha():
                chosen.append(word)
    return chosen


def like(store: Store, word: str) -> tuple[float, set[str]]:
    """A scan of the searched columns for a word: its seconds, and the items it finds."""
    where = " OR ".join(f"{name} LIKE :word" for name in SEARCHED)
    with store.reading() as connection:
        start = time.perf_counter()
        query = text(f"SELECT item_id FROM items WHERE {where}")  # noqa: S608
        found = set(connection.scalars(query, {"word": f"%{word}%"}))
        return time.perf_counter() - start, found


def measure_search(store: Store) -> None:
    """Two hundred words, the best twenty hits of each, beside a scan for some of them."""
    chosen = words(store)
    taken = []
    for word in chosen:
        start = time.perf_counter()
        search(store, Query((word,)))
        taken.append(time.perf_counter() - start)
    scans, equal = [], 0
    for word in chosen[:_SCANS]:
        seconds, found = like(store, word)
        scans.append(seconds)
        hits = search(store, Query((word,)), None).hits
        equal += found == {hit.item["item_id"] for hit in hits}
    middle, scan = statistics.median(taken), statistics.median(scans)
    print(
        f"search, {len(chosen)} words: median {1000 * middle:.1f} ms, "
        f"95 of 100 under {1000 * sorted(taken)[int(0.95 * len(taken))]:.1f} ms; "
        f"LIKE {1000 * scan:.0f} ms, {scan / middle:.0f} times; {equal} of {_SCANS} equal"
    )
    for query in (
        Query(("工作",)),
        Query(("财政局",), role="host", years=(2011,)),
        Query(unit="区财政局", role="host", years=(2011,)),
        Query(("经济", "发展"), unit="区财政局"),
        Query(("社会",), region="盐田", years=(2011, 2012)),
        Query(leader="王建"),
    ):
        start = time.perf_counter()
        result = search(store, query)
        seconds = time.perf_counter() - start
        told = {k: v for k, v in vars_of(query).items() if v}
        more = "more than " if result.is_more else ""
        print(f"  {told}: {more}{result.total} items, {1000 * seconds:.1f} ms")


def vars_of(query: Query) -> dict[str, object]:
    return {name: getattr(query, name) for name in Query.__dataclass_fields__}


def measure(store: Store, items: int, folder: Path) -> None:
    """Load, load again, search."""
    total = 0
    for output, count in outputs(items, folder):
        start = time.perf_counter()
        load_output(output, store)
        seconds = time.perf_counter() - start
        if not total:
            print(f"loading {count:,} items: {seconds:.1f} s")
            start = time.perf_counter()
            load_output(output, store)
            print(f"loading them again: {time.perf_counter() - start:.2f} s")
        total += count
    print(f"{total:,} items are there")
    measure_search(store)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=_PORTION)
    parser.add_argument("--postgres", action="store_true", help="a server of its own beside SQLite")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fengong-bench-"))
    try:
        with Store(folder / "s.sqlite") as store:
            print("SQLite")
            measure(store, args.items, folder)
        print(f"{(folder / 's.sqlite').stat().st_size / args.items / 1000:.1f} KB an item")
        programs = find_server()
        if args.postgres and programs:
            with run_server(programs) as url, Store(f"{url}/postgres") as store:
                print("PostgreSQL")
                measure(store, args.items, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
