"""What lists, searches and facets of the desk cost with 100,000 items, beside plain SQL.

    python -m benchmarks.desk_lists [--items 100000] [--keep FOLDER]

Each view is a filter that no view before it had, so that no count is remembered. The baseline counts
and reads the same with LIKE over the items' table, as a desk without an index would. Seconds of the
processor are given beside the time: other programs on the machine lengthen only the latter.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from sqlalchemy import text

from benchmarks.many import notice
from pipeline.dataset.dataset_writer import DatasetWriter
from pipeline.dataset.manifest import SourceState
from pipeline.dataset.parser_version import parser_version
from pipeline.store import Store
from pipeline.web.library import ItemFilter, Library, Order, Snapshot

_IN_NOTICE = 100
_VIEWS: tuple[tuple[ItemFilter, Order], ...] = (
    (ItemFilter(), "best"),
    (ItemFilter(words="发展"), "best"),
    (ItemFilter(words="经济 发展"), "best"),
    (ItemFilter(words="工作", state="unreviewed"), "doubtful"),
    (ItemFilter(years=(2011, 2012)), "best"),
    (ItemFilter(unit="区财政局"), "best"),
    (ItemFilter(unit="区民政局", role="host", years=(2015,)), "best"),
    (ItemFilter(leader="王建"), "best"),
    (ItemFilter(region="盐田", words="社会"), "best"),
    (ItemFilter(doubt="any"), "doubtful"),
)


def build(output: Path, items: int) -> None:
    """Write an OUTPUT as fengong parse leaves it."""
    writer = DatasetWriter(output)
    for seed in range(-(-items // _IN_NOTICE)):
        writer.add(notice(seed, _IN_NOTICE))
    sources = {
        f"{one.notice_id}.txt": SourceState(one.source, None, None, [one.notice_id])
        for one in writer.records.values()
    }
    writer.close(sources, parser_version(None))


class _Watch:
    """The time, and the seconds of the processor, since it was made."""

    def __init__(self) -> None:
        self._start = time.perf_counter(), time.process_time()

    def shown(self) -> str:
        now = time.perf_counter(), time.process_time()
        taken, worked = (1000 * (b - a) for a, b in zip(self._start, now, strict=True))
        return f"{taken:7.1f} ms ({worked:6.1f} of work)"


def _like(store: Store, wanted: ItemFilter) -> str:
    """Count and read with plain SQL; returns what it took."""
    conditions, values = ["1 = 1"], {}
    for number, word in enumerate((*wanted.words.split(), wanted.unit, wanted.leader)):
        if word:
            heads = ("title", "content", "path", "leaders", "host_units", "co_host_units")
            conditions.append("(" + " OR ".join(f"{one} LIKE :w{number}" for one in heads) + ")")
            values[f"w{number}"] = f"%{word}%"
    if wanted.years:
        conditions.append(f"year IN ({', '.join(map(str, wanted.years))})")
    where = " AND ".join(conditions)
    watch = _Watch()
    with store.reading() as connection:
        connection.scalar(text(f"SELECT COUNT(*) FROM items WHERE {where}"), values)  # noqa: S608
        page = f"SELECT * FROM items WHERE {where} ORDER BY year DESC, item_id LIMIT 30"  # noqa: S608
        connection.execute(text(page), values).all()
        years = f"SELECT year, COUNT(*) FROM items WHERE {where} GROUP BY year"  # noqa: S608
        connection.execute(text(years), values).all()
    return watch.shown()


def measure(snapshot: Snapshot, store: Store) -> None:
    """Print each view: the page and its facets, the second page, and the baseline."""
    for wanted, order in _VIEWS:
        watch = _Watch()
        page = snapshot.items(wanted, None, 30, order)
        total = snapshot.facets(wanted).total
        first = watch.shown()
        watch = _Watch()
        snapshot.items(wanted, page.following, 30, order)
        second = watch.shown()
        told = {
            name: getattr(wanted, name)
            for name in ItemFilter.__dataclass_fields__
            if getattr(wanted, name)
        }
        print(f"{told} {order}: {total:,} items")
        print(f"  page and facets {first}   next page {second}   plain SQL {_like(store, wanted)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument(
        "--keep", type=Path, help="build the OUTPUT here, or use the one that is here"
    )
    args = parser.parse_args()
    folder = args.keep or Path(tempfile.mkdtemp(prefix="fengong-bench-"))
    output, cache = folder / "output", folder / "cache"
    try:
        if not output.exists():
            build(output, args.items)
        library = Library(output, cache)
        watch = _Watch()
        snapshot = library.current()
        print(f"opening {watch.shown()}")
        watch = _Watch()
        snapshot.plans()
        print(f"list of {len(snapshot.plans()):,} plans {watch.shown()}")
        with Store(next(cache.glob("*.sqlite")), read_only=True) as store:
            measure(snapshot, store)
        library.close()
    finally:
        if not args.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
