"""Runs killed at random moments: nothing is lost or half-written, and the next run completes.

python -m tests.kills 200 [--seed 7]     (make kills KILLS=200)
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pipeline.dataset.record_files import read_record
from pipeline.decisions.correction import Correction
from pipeline.decisions.correction_file import read_corrections
from pipeline.store import Store, load_output
from tests.stores import PLAN

_PLANS = 60
# A person's own file in an OUTPUT.
OWN = "备注.txt"
# Of the plans these change from one edition to the other; the rest must never be missing.
_CHANGING = 30
# Words inside the third item of a plan, at which it is split.
_SECOND = "做好GDP"


def write_sources(folder: Path, edition: int) -> None:
    """The sources of an edition: half of them differ between two editions."""
    folder.mkdir(exist_ok=True)
    for n in range(_PLANS):
        count = 5 + edition if n < _CHANGING else 5
        (folder / f"{n:02}.txt").write_text(PLAN.format(year=1990 + n, count=count), "utf-8")


def command(*args: object) -> list[str]:
    return [sys.executable, "-m", "pipeline", *map(str, args)]


def run(*args: object) -> float:
    """A run to its end; its seconds."""
    start = time.perf_counter()
    done = subprocess.run(command(*args), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - start


def kill(after: float, *args: object) -> bool:
    """A run that is killed after some seconds; whether it still ran."""
    with subprocess.Popen(
        command(*args), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def tables(output: Path) -> dict[str, bytes]:
    """What an OUTPUT holds, but for the file that only the next run reads."""
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and not path.name.startswith(".fengong")
    }


class Trial:
    """A folder of sources in two editions, and what a whole run makes of each."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.rng = random.Random(seed)  # noqa: S311
        self.sources, self.output = folder / "sources", folder / "output"
        self.edition = 0
        self.told: Counter[str] = Counter()
        self.wanted: dict[int, dict[str, bytes]] = {}
        for edition in (1, 0):
            write_sources(self.sources, edition)
            clean = folder / "clean"
            self.seconds = run("parse", self.sources, "-o", clean)
            self.wanted[edition] = tables(clean)
            shutil.rmtree(clean)
        run("parse", self.sources, "-o", self.output)
        self.loading = run("load", self.output, "--store", folder / "first.sqlite")
        self._prepare_corrections()
        both = self.wanted[0].keys() & self.wanted[1].keys()
        self.lasting = {name for name in both if name.startswith("json/")}

    def _prepare_corrections(self) -> None:
        """An OUTPUT of its own that is corrected, with a person's file in it."""
        self.corrected = self.folder / "corrected"
        shutil.copytree(self.output, self.corrected)
        self.item = f"{max(path.stem for path in (self.corrected / 'json').iterdir())}#1"
        self.correcting = max(self._correct(value) for value in ("一", "二"))
        (self.corrected / OWN).write_text("人写的", "utf-8")
        self.values = ["一", "二"]

    def _correct(self, value: str) -> float:
        return run(*self._correction(value))

    def _correction(self, value: str) -> tuple[object, ...]:
        return "correct", self.item, "-o", self.corrected, "--set", f"title={value}", "--who", "甲"

    def correct(self) -> None:
        """Kill a run of correct; the correction is the old one or the new one, and all is consistent."""
        old, new = self.values
        self._kill(self.correcting, "correct", *self._correction(new))
        kept = [one.value for one in self._kept("title")]
        assert kept in ([old], [new]), f"corrections are {kept}"
        assert (self.corrected / OWN).read_text("utf-8") == "人写的"
        run("parse", self.sources, "-o", self.corrected)
        run("verify", self.corrected)
        title = read_record(self.corrected / "json" / f"{self.item.partition('#')[0]}.json")
        corrected = [one.value for item in title.items for one in item.corrected]
        assert corrected == kept, f"{corrected} is in force, {kept} is kept"
        _check_left(self.corrected)
        self._correct(new)
        self.values = [new, old]

    def _kept(self, field: str) -> list[Correction]:
        listed = read_corrections(self.corrected / "corrections.csv")
        return [one for one in listed if one.field == field]

    def edit(self) -> None:
        """Kill a run that splits an item or takes that back; it is done or not, and all is consistent."""
        item = f"{self.item.partition('#')[0]}#3"
        what = ("--undo", "split") if self._kept("split") else ("--split", _SECOND)
        args = ("correct", item, "-o", self.corrected, "--who", "甲", *what)
        self._kill(self.correcting, "edit", *args)
        kept = self._kept("split")
        run("parse", self.sources, "-o", self.corrected)
        run("verify", self.corrected)
        notice = read_record(self.corrected / "json" / f"{self.item.partition('#')[0]}.json")
        assert len(notice.edits) == len(kept), f"{notice.edits} is in force, {kept} is kept"
        assert [len(one.items) for one in notice.edits] == [2] * len(kept)
        _check_left(self.corrected)

    def turn(self) -> None:
        """Put the other edition in the place of the sources."""
        self.edition = 1 - self.edition
        write_sources(self.sources, self.edition)

    def _kill(self, seconds: float, what: str, *args: object) -> None:
        killed = kill(self.rng.uniform(0.2, 1.0) * seconds, *args)
        self.told[f"{what} {'killed' if killed else 'ended'}"] += 1

    def parse(self) -> None:
        """Kill a run of parse; every file is that of one edition; the next run completes."""
        self.turn()
        self._kill(self.seconds, "parse", "parse", self.sources, "-o", self.output)
        found = tables(self.output)
        assert self.lasting <= found.keys(), "a record was lost"
        for name, data in found.items():
            editions = [self.wanted[one].get(name) for one in (0, 1)]
            assert data in editions, f"{name} is of no edition"
        if self.rng.random() < 0.3:
            run("parse", self.sources, "-o", self.output)
            assert tables(self.output) == self.wanted[self.edition]
            _check_left(self.output)

    def load(self) -> None:
        """Kill a load; the store is whole, in one state or the other; the next load completes."""
        self.turn()
        run("parse", self.sources, "-o", self.output)
        store = self.folder / "s.sqlite"
        before = store_state(store)
        self._kill(self.loading, "load", "load", self.output, "--store", store)
        after = store_state(store)
        assert before[0] <= after[0], "a version was lost"
        current = {Path(name).stem for name in self.wanted[self.edition] if "json/" in name}
        assert after[1] in (before[1], current), "half a load is there"
        if self.rng.random() < 0.3:
            with Store(store) as opened:
                load_output(self.output, opened)
            assert store_state(store)[1] == current

    def export(self, kind: str, name: str) -> None:
        """Kill an export; what lies there is the earlier file or the new one, whole."""
        target = self.folder / name
        args = ("export", self.output, "--to", kind, "-o", target)
        seconds = run(*args)
        whole = tables(target) if target.is_dir() else {name: target.read_bytes()}
        self._kill(seconds, f"export {kind}", *args)
        found = tables(target) if target.is_dir() else {name: target.read_bytes()}
        found = {
            name: data for name, data in found.items() if not Path(name).name.startswith(".fengong")
        }
        assert found == whole, f"{kind}: half a file, or one is missing"
        if self.rng.random() < 0.3:
            run(*args)
            _check_left(target if target.is_dir() else target.parent)


def _check_left(folder: Path) -> None:
    left = [path for path in folder.glob("**/.fengong-*") if path.is_file()]
    assert not left, f"{left[0]} was left behind"


def store_state(store: Path) -> tuple[set[tuple[str, int]], set[str]]:
    """The versions of a store, and its current notices; it must be sound."""
    if not store.exists():
        return set(), set()
    with closing(sqlite3.connect(store)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchall():
            return set(), set()
        versions = set(raw.execute("SELECT notice_id, version FROM versions"))
        return versions, {one for (one,) in raw.execute("SELECT notice_id FROM notices")}


def try_kills(folder: Path, count: int, seed: int) -> Counter[str]:
    """Kill runs of every kind by turns; what was killed, and what had ended before."""
    trial = Trial(folder, seed)
    kinds: list[Callable[[], None]] = [
        trial.parse,
        trial.load,
        trial.parse,
        lambda: trial.export("xlsx", "books/ledger.xlsx"),
        trial.correct,
        trial.edit,
        trial.parse,
        lambda: trial.export("jsonl", "jsonl"),
        trial.load,
        lambda: trial.export("parquet", "parquet"),
        lambda: trial.export("csv", "csv"),
    ]
    for number in range(count):
        kinds[number % len(kinds)]()
    for path in (folder / "output" / "json").glob("*.json"):
        read_record(path)
    return trial.told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fengong-kills-") as folder:
        told = try_kills(Path(folder), args.count, args.seed)
    for what, count in sorted(told.items()):
        print(f"{count:5} {what}")


if __name__ == "__main__":
    main()
