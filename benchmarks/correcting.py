"""What one correction and a ledger cost in a large OUTPUT: 20,000 notices with 100,000 items.

python -m benchmarks.correcting [--notices 20000] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from pathlib import Path

from benchmarks.many import notice
from benchmarks.measure import measure_command
from pipeline.dataset.dataset_writer import DatasetWriter
from pipeline.dataset.manifest import SourceState
from pipeline.dataset.parser_version import parser_version

_ITEMS = 5
_NOTICES = 20_000


def build(output: Path, notices: int) -> str:
    """Write an OUTPUT as fengong parse leaves it; returns the id of a notice in its middle."""
    writer = DatasetWriter(output)
    for seed in range(notices):
        writer.add(notice(seed, _ITEMS))
    sources = {
        f"{one.notice_id}.txt": SourceState(one.source, None, None, [one.notice_id])
        for one in writer.records.values()
    }
    writer.close(sources, parser_version(None))
    return list(writer.records)[notices // 2]


def measure(*args: object) -> str:
    """Run a command in a process of its own; returns seconds, those of the processor, and memory.

    The memory is the peak of the process or of a program that it runs, the greater one.
    """
    used = measure_command(*args)
    return f"{used.seconds:.2f} s ({used.cpu:.2f} s of work), {max(used.main, used.child):,.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=_NOTICES)
    parser.add_argument(
        "--keep", type=Path, help="build the OUTPUT here, or use the one that is here"
    )
    args = parser.parse_args()
    folder = args.keep or Path(tempfile.mkdtemp(prefix="fengong-bench-"))
    output = folder / "output"
    try:
        if not output.exists():
            build(output, args.notices)
        records = sorted(path.stem for path in (output / "json").glob("*.json"))
        one = records[len(records) // 2]
        count = f"{len(records):,} notices, {len(records) * _ITEMS:,} items"
        who = ("--who", "张", "-o", output)
        for words, command in (
            ("a title", (f"{one}#1", "--set", "title=推进改革")),
            ("the hosts of an item", (f"{one}#2", "--set", "host_units=区财政局、区某某局")),
            ("the leaders of an item", (f"{one}#3", "--set", "leaders=王红")),
            ("the year of a notice", (one, "--set", "year=2003")),
            ("hosts taken back", (f"{one}#2", "--undo", "host_units")),
        ):
            print(f"correct {words}: {measure('correct', *command, *who)} ({count}; goal: 2 s)")
        ledger = folder / "ledger.xlsx"
        told = measure("export", output, "--to", "xlsx", "-o", ledger)
        print(f"task ledger: {told} ({count}; goal: 1,000 MB)")
        print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    finally:
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
