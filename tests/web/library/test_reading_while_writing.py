"""Lists are read from one state of the OUTPUT, whoever changes it meanwhile."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from pipeline.decisions.changes import Author, Change
from pipeline.web.library import ItemFilter, Library
from pipeline.web.review.writer import Writer

_READERS = 4
_CHANGES = 25


def test_lists_hold_while_corrections_are_written(made: Path, tmp_path: Path) -> None:
    output = Path(shutil.copytree(made, tmp_path / "output"))
    library = Library(output, tmp_path / "cache")
    everything = library.current().items(ItemFilter()).rows
    assert everything
    has_ended = Event()

    def read() -> int:
        rounds = 0
        while not has_ended.is_set():
            snapshot = library.current()
            found = snapshot.items(ItemFilter(doubt="any"), order="doubtful").rows
            # One that is read here and not there would be of another state.
            assert len({row.item_id for row in found}) == len(found)
            rows = snapshot.items(ItemFilter(), size=100).rows
            assert {row.item_id for row in rows} == {row.item_id for row in everything}
            assert snapshot.facets(ItemFilter(words="盐田")).total >= 0
            assert len(snapshot.plans()) == len({row.item_id.partition("#")[0] for row in rows})
            rounds += 1
        return rounds

    writer = Writer(output, library.refresh, library.find_kept)
    with ThreadPoolExecutor(_READERS) as people:
        reading = [people.submit(read) for _ in range(_READERS)]
        try:
            for n in range(_CHANGES):
                change = Change(everything[n % len(everything)].item_id, "leaders", f"王{n}")
                assert writer.write([change], Author("张", "2024-06-30")) == []
        finally:
            has_ended.set()
        assert min(one.result() for one in reading) > 0
    writer.close()
    library.close()
