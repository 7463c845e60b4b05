"""The ids of threads last: from run to run, and when a year is added on either side."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.compare.series import find_series
from pipeline.compare.thread_ids import NO_THREADS, ThreadNames, read_known_threads
from pipeline.compare.threads import follow_items
from pipeline.compare.views.threads_table import threads_csv
from pipeline.comparison import Step
from pipeline.model import Notice
from tests.compare.small_series import plan

YEARS = {
    2015: ("park", "river"),
    2016: ("school", "river", "park"),
    2017: ("river", "bus", "school"),
    2018: ("school", "park", "bus"),
}


def _follow(years: tuple[int, ...], known: Path | None = None) -> list[Step]:
    notices: list[Notice] = [plan(year, *YEARS[year]) for year in years]
    (series,) = find_series(notices)
    names = ThreadNames(read_known_threads(known) if known else NO_THREADS)
    return follow_items(series, names)


def _ids(steps: list[Step]) -> dict[str, str]:
    return {step.item_id: step.thread_id for step in steps}


def _kept(before: list[Step], after: list[Step]) -> bool:
    return _ids(before).items() <= _ids(after).items()


def test_an_earlier_year_changes_no_id() -> None:
    assert _kept(_follow((2016, 2017)), _follow((2015, 2016, 2017)))


@pytest.mark.parametrize("more", [(2015, 2016, 2017), (2016, 2017, 2018), (2015, 2016, 2017, 2018)])
def test_the_table_of_the_last_run_keeps_ids(tmp_path: Path, more: tuple[int, ...]) -> None:
    first = _follow((2016, 2017))
    path = tmp_path / "threads.csv"
    renamed = [step.model_copy(update={"thread_id": f"旧-{step.thread_id}"}) for step in first]
    path.write_bytes(threads_csv(renamed))
    after = _follow(more, path)
    assert _kept(renamed, after)
    path.write_bytes(threads_csv(after))
    assert _follow(more, path) == after


def test_an_item_with_another_id_keeps_its_thread_by_its_words(tmp_path: Path) -> None:
    path = tmp_path / "threads.csv"
    first = _follow((2016,))
    moved = [
        step.model_copy(update={"thread_id": f"x-{n}", "item_id": f"other#{n}"})
        for n, step in enumerate(first)
    ]
    path.write_bytes(threads_csv(moved))
    assert [step.thread_id for step in _follow((2016,), path)] == ["x-0", "x-1", "x-2"]


def test_no_two_threads_have_one_id(tmp_path: Path) -> None:
    """Three items with one title, and a table in which all have one thread."""
    one = plan(2016, "school", "school", "school")
    (series,) = find_series([one])
    assert len({step.thread_id for step in follow_items(series)}) == 3
    path = tmp_path / "threads.csv"
    steps = [step.model_copy(update={"thread_id": "x"}) for step in follow_items(series)]
    path.write_bytes(threads_csv(steps))
    made = follow_items(series, ThreadNames(read_known_threads(path)))
    assert len({step.thread_id for step in made}) == 3
    assert "x" in {step.thread_id for step in made}


@pytest.mark.parametrize("text", ["", "thread_id,item_id\n,\n", "a;b\n1;2\n", "\0", 'thread_id\n"'])
def test_a_table_that_says_nothing_gives_no_ids(tmp_path: Path, text: str) -> None:
    path = tmp_path / "threads.csv"
    path.write_text(text, "utf-8")
    assert not read_known_threads(path).by_item
    assert read_known_threads(tmp_path / "none.csv") == NO_THREADS
