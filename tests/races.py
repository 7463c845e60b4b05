"""Two runs at once: the result is that of one after the other, or one of them is refused.

python -m tests.races 50 [--seed 7] [--only parse]     (make races ROUNDS=50)
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

from tests.failures import fill_ledger, read_files, restore, write_sources
from tests.kills import command, run, store_state

_DATABASE = re.compile(r"\.sqlite")
_Result = dict[str, object]


class Race(NamedTuple):
    """Two commands that run at once, and a copy of the folder in which they do."""

    name: str
    before: Path
    commands: tuple[list[str], list[str]]


def make_races(folder: Path) -> Iterator[Race]:
    """Yield pairs of commands over a folder that earlier runs have filled."""
    here = folder / "work"
    out, other, store = here / "out", here / "other", here / "s.sqlite"
    for name, count in (("in1", 5), ("in2", 9)):
        write_sources(here / name, count)
    shutil.copy(here / "in1/0.txt", here / "in2/0.txt")
    run("parse", here / "in1", "-o", out)
    run("parse", here / "in2", "-o", other)
    item = f"{min(one.stem for one in (out / 'json').iterdir())}#1"
    run("correct", item, "-o", out, "--set", "deadline=年底", "--who", "甲", "--when", "2024-01-01")
    run("export", out, "--to", "xlsx", "-o", here / "filled.xlsx")
    fill_ledger(here / "filled.xlsx")
    (here / "judged.csv").write_text(
        "place,name,body,decision,who,why\n,区民政局,某局,same,甲,\n", "utf-8"
    )
    (out / "备注.txt").write_text("人写的", "utf-8")
    before = Path(shutil.copytree(here, folder / "before"))
    first, second = (["parse", str(here / name), "-o", str(out)] for name in ("in1", "in2"))
    correct = [
        "correct",
        item,
        "-o",
        str(out),
        "--set",
        "number=7",
        "--who",
        "乙",
        "--when",
        "2024-02-02",
    ]
    again = [
        "correct",
        item,
        "-o",
        str(out),
        "--set",
        "title=改革",
        "--who",
        "丙",
        "--when",
        "2024-03-03",
    ]
    new = [[*one[:-1], str(here / "new/deep")] for one in (first, second)]
    exports = [["export", str(one), "--to", "csv", "-o", str(here / "csv")] for one in (out, other)]
    lines = ["export", str(out), "--to", "jsonl", "-o", str(here / "csv")]
    loads = [["load", str(one), "--store", str(store)] for one in (out, other)]
    judge = ["names", str(out), "--judge", str(here / "judged.csv")]
    read = ["ledger", "read", str(here / "filled.xlsx"), "-o", str(out)]
    pairs = {
        "parse, parse into a new folder": (new[0], new[1]),
        "parse, parse into an old folder": (first, second),
        "parse, correct": (second, correct),
        "correct, correct": (correct, again),
        "parse, export": (second, exports[0]),
        "parse, judge": (second, judge),
        "parse, load": (second, loads[0]),
        "load, load": (loads[0], loads[1]),
        "export, export of two into one folder": (exports[0], exports[1]),
        "export, export of two formats into one folder": (exports[1], lines),
        "ledger read, correct": (read, correct),
        "names, threads": (["names", str(out)], ["threads", str(out)]),
    }
    for name, both in pairs.items():
        yield Race(name, before, both)


def _result(here: Path) -> _Result:
    """Everything in the folder, of a database its current notices and their versions."""
    found: _Result = {
        name: data for name, data in read_files(here).items() if not _DATABASE.search(name)
    }
    if (here / "s.sqlite").exists():
        versions, current = store_state(here / "s.sqlite")
        found["s.sqlite"] = sorted(current)
        found["versions"] = len(versions)
    return found


def _run_all(commands: list[list[str]]) -> list[int]:
    return [
        subprocess.run(command(*words), capture_output=True, check=False).returncode
        for words in commands
    ]


def try_race(race: Race, here: Path, rounds: int, rng: random.Random) -> Iterator[str | None]:
    """Yield for each round None, or what is wrong."""
    wanted: list[_Result] = []
    seconds = 0.0
    # One after the other, in both orders; one alone, where the other is refused.
    for orders in (permutations(race.commands), ((one,) for one in race.commands)):
        for order in orders:
            restore(here, race.before)
            start = time.perf_counter()
            assert not any(_run_all(list(order))), order
            seconds = (time.perf_counter() - start) / len(order)
            wanted.append(_result(here))
    for _ in range(rounds):
        restore(here, race.before)
        yield _race_once(race, here, rng.uniform(-seconds, seconds), wanted)


def _race_once(race: Race, here: Path, delay: float, wanted: list[_Result]) -> str | None:
    """Run both at once, the second so many seconds later; return what is wrong."""
    both = race.commands if delay >= 0 else race.commands[::-1]
    running = []
    for words in both:
        running.append(
            subprocess.Popen(
                command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
        )
        time.sleep(abs(delay) if len(running) == 1 else 0)
    said = [one.communicate()[1] for one in running]
    codes = [one.returncode for one in running]
    if any("Traceback" in one for one in said):
        return f"{race.name}: a traceback: {said}"
    result = _result(here)
    # Both done: as one after the other. One refused: as the other alone.
    allowed = wanted[:2] if not any(codes) else wanted[2:]
    if codes not in ([0, 0], [0, 1], [1, 0]) or result not in allowed:
        odd = [
            name
            for name in result.keys() | allowed[0].keys()
            if all(result.get(name) != one.get(name) for one in allowed)
        ]
        return f"{race.name}: codes {codes}, delay {delay:.2f}, odd {odd[:4]}: {said}"
    for name in ("out", "new/deep"):
        if (here / name / "json").is_dir():
            done = subprocess.run(
                command("verify", here / name), capture_output=True, text=True, check=False
            )
            if done.returncode:
                return f"{race.name}: verify {name}: {done.stdout[:300]}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="races whose name has these words")
    args = parser.parse_args()
    rng = random.Random(args.seed)  # noqa: S311
    bad = 0
    with tempfile.TemporaryDirectory(prefix="fengong-races-") as name:
        folder = Path(name).resolve()
        for race in make_races(folder):
            if args.only not in race.name:
                continue
            told: Counter[bool] = Counter()
            for wrong in try_race(race, folder / "work", args.rounds, rng):
                told[wrong is None] += 1
                if wrong:
                    sys.stdout.write(wrong + "\n")
            bad += told[False]
            sys.stdout.write(f"{told[True] + told[False]:5} {race.name}, {told[False]} wrong\n")
            sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
