"""Speed of the export formats against named baselines in the same run: `python -m benchmarks.formats`."""

from __future__ import annotations

import json
import sys
import tempfile
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from benchmarks.speed import generated, median, source
from pipeline import parse_notice
from pipeline.dataset.table_columns import COLUMNS
from pipeline.dataset.table_rows import notice_rows
from pipeline.export.csv_files import write_csv
from pipeline.export.jsonl_files import write_jsonl
from pipeline.export.parquet_files import read_parquet_records, write_parquet
from pipeline.model import Notice

_TABLES = ("notices", "items", "assignments", "problems")


def frames(notices: list[Notice]) -> dict[str, pd.DataFrame]:
    """The flat tables as pandas frames, as a user would make them of the rows."""
    rows = {table: [row for one in notices for row in notice_rows(one)[table]] for table in _TABLES}
    return {
        table: pd.DataFrame(rows[table], columns=[name for name, _, _ in COLUMNS[table]])
        for table in _TABLES
    }


def times(notices: list[Notice], folder: Path) -> None:
    """Each format beside what it is made of."""

    def to_parquet() -> None:
        for table, frame in frames(notices).items():
            frame.to_parquet(folder / f"{table}.parquet")

    def to_csv() -> None:
        for table, frame in frames(notices).items():
            frame.to_csv(folder / f"{table}.csv", index=False)

    def to_json() -> None:
        with (folder / "base.jsonl").open("w", encoding="utf-8") as file:
            for one in notices:
                file.write(json.dumps(one.model_dump(), ensure_ascii=False) + "\n")

    def validate() -> None:
        for line in (folder / "base.jsonl").open("rb"):
            Notice.model_validate_json(line)

    records = folder / "parquet" / "records.parquet"
    pairs: list[tuple[str, Callable[[], object], str, Callable[[], object]]] = [
        ("write_parquet", lambda: write_parquet(notices, folder / "parquet"), "rows, DataFrame.to_parquet", to_parquet),
        ("write_jsonl", lambda: write_jsonl(notices, folder / "jsonl"), "json.dumps(model_dump)", to_json),
        ("write_csv", lambda: write_csv(notices, folder / "csv"), "rows, DataFrame.to_csv", to_csv),
        ("read_parquet_records", lambda: deque(read_parquet_records(records), 0), "model_validate_json a line", validate),
    ]  # fmt: skip
    for name, own, baseline, other in pairs:
        mine, theirs = median(own), median(other)
        print(
            f"  {name:21} {mine * 1e3:8.0f} ms   {baseline:27} {theirs * 1e3:8.0f} ms"
            f"   ours / this = {mine / theirs:5.2f}"
        )
    base = (folder / "base.jsonl").stat().st_size
    for path in (records, folder / "jsonl" / "records.jsonl"):
        size = path.stat().st_size
        print(
            f"  {path.name:21} {size / 1e6:8.2f} MB   json.dumps(model_dump) {base / 1e6:8.2f} MB"
        )


def memory(notice: Notice, folder: Path) -> None:
    """The most that Python holds while a stream of notices is written."""

    def stream(many: int) -> Iterator[Notice]:
        for number in range(many):
            yield notice.model_copy(update={"notice_id": f"notice-{number}"})

    for many in (1000, 4000):
        tracemalloc.start()
        write_parquet(stream(many), folder / "stream")
        print(f"  {many} notices: peak {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")
        tracemalloc.stop()


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    made = [parse_notice(source(generated(n)), f"notice-{n}") for n in range(number)]
    print(f"{number} notices, {sum(len(one.items) for one in made):,} items")
    with tempfile.TemporaryDirectory() as place:
        times(made, Path(place))
        print("memory of write_parquet")
        memory(made[0], Path(place))
