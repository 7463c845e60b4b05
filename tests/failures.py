"""Calls that fail: the old files stay whole or the new ones are whole, and one line says why.

python -m tests.failures [--step 1]     (make failures)

Each command that writes runs once for each of its calls that write (open, write, fsync, rename, link,
unlink, mkdir), and that call fails with ENOSPC, EIO or EACCES.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import errno
import io
import re
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import openpyxl

from pipeline import cli
from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.files import remove_leftovers
from pipeline.dataset.output_lock import LOCK
from pipeline.dataset.ownership import JOURNAL
from tests.planted_failures import PlantedFailure
from tests.stores import PLAN

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
# What differs from run to run: the random id of an OUTPUT.
_OUTPUT_ID = re.compile(rb'"output_id": ?"\w*"')
_PLANS = 3
# Files of a person's own beside ours.
_OWN = ("out/备注.txt", "out/json/人写的.json", "csv/备注.txt")
_Files = dict[str, bytes]


class Trial(NamedTuple):
    """A command, and a copy of the folder in which it runs."""

    name: str
    before: Path
    words: list[str]


class Outcome(NamedTuple):
    """How a run ended: its exit code, what it said on stderr, or the traceback it ended with."""

    code: int
    said: str
    traceback: str


def run(*words: object) -> Outcome:
    """Run a command in this process."""
    remove_leftovers.cache_clear()
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            code = cli.main(list(map(str, words)))
        except BaseException:  # noqa: BLE001 - whatever is raised is a finding
            return Outcome(-1, said.getvalue(), traceback.format_exc())
    return Outcome(code, said.getvalue(), "")


def _must(*words: object) -> None:
    outcome = run(*words)
    assert outcome.code == 0, outcome


def write_sources(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(_PLANS):
        (folder / f"{n}.txt").write_text(PLAN.format(year=2010 + n, count=count + n), "utf-8")


def fill_ledger(ledger: Path) -> None:
    """Write a value into the ledger as a person does."""
    book = openpyxl.load_workbook(ledger)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[3] if cell.value}
    sheet.cell(4, heads["进展"]).value = "已完成"
    book.save(ledger)


def make_trials(folder: Path) -> Iterator[Trial]:
    """Yield commands over a folder that earlier runs have filled."""
    here = folder / "work"
    out, sources, ledger = here / "out", here / "in", here / "ledger.xlsx"
    write_sources(sources, 5)
    _must("parse", sources, "-o", out)
    item, other = (f"{one(path.stem for path in (out / 'json').iterdir())}#1" for one in (min, max))
    _must("correct", item, "-o", out, "--set", "deadline=年底", "--who", "甲")
    _must("names", out)
    _must("threads", out)
    for kind in ("csv", "jsonl", "parquet"):
        _must("export", out, "--to", kind, "-o", here / kind)
    _must("export", out, "--to", "xlsx", "-o", ledger)
    _must("load", out, "--store", here / "s.sqlite")
    _must("diff", sources / "0.txt", sources / "1.txt", "-o", here / "diff.txt")
    judged = here / "judged.csv"
    judged.write_text("place,name,body,decision,who,why\n,区民政局,某局,same,甲,\n", "utf-8")
    filled = here / "filled.xlsx"
    shutil.copy(ledger, filled)
    fill_ledger(filled)
    for name in _OWN:
        (here / name).write_text("人写的", "utf-8")

    def keep(name: str) -> Path:
        return Path(shutil.copytree(here, folder / name, symlinks=True))

    plain = keep("plain")
    yield Trial("parse new", plain, ["parse", str(sources), "-o", str(here / "new")])
    yield Trial(
        "correct", plain, ["correct", item, "-o", str(out), "--set", "number=7", "--who", "甲"]
    )
    yield Trial("undo", plain, ["correct", item, "-o", str(out), "--undo", "deadline"])
    yield Trial(
        "decide on a link",
        plain,
        ["correct", item, "-o", str(out), "--same", other, "--set", "number=7", "--who", "甲"],
    )
    yield Trial("judge", plain, ["names", str(out), "--judge", str(judged)])
    yield Trial("ledger read", plain, ["ledger", "read", str(filled), "-o", str(out)])
    yield Trial("ledger collect", plain, ["ledger", "collect", str(filled), "-o", str(out)])
    yield Trial("load new", plain, ["load", str(out), "--store", str(here / "new.sqlite")])
    restore(here, plain)
    write_sources(sources, 7)
    (sources / "0.txt").unlink()
    changed = keep("changed")
    yield Trial("parse changed", changed, ["parse", str(sources), "-o", str(out)])
    restore(here, changed)
    _must("parse", sources, "-o", out)
    _must("correct", f"{_first(out)}#1", "-o", out, "--set", "number=9", "--who", "甲")
    parsed = keep("parsed")
    for kind in ("csv", "jsonl", "parquet"):
        yield Trial(
            f"export {kind}", parsed, ["export", str(out), "--to", kind, "-o", str(here / kind)]
        )
    yield Trial(
        "export csv over jsonl",
        parsed,
        ["export", str(out), "--to", "csv", "-o", str(here / "jsonl")],
    )
    yield Trial("export xlsx", parsed, ["export", str(out), "--to", "xlsx", "-o", str(ledger)])
    yield Trial("load", parsed, ["load", str(out), "--store", str(here / "s.sqlite")])
    yield Trial("names", parsed, ["names", str(out)])
    yield Trial("threads", parsed, ["threads", str(out)])
    yield Trial("tidy", parsed, ["corrections", str(out), "--tidy"])
    yield Trial(
        "diff",
        parsed,
        ["diff", str(sources / "1.txt"), str(sources / "2.txt"), "-o", str(here / "diff.txt")],
    )
    restore(here, parsed)
    _correct_by_hand(out)
    yield Trial(
        "parse same ids", keep("decided"), ["parse", str(sources), "-o", str(out), "--anew"]
    )


def _correct_by_hand(out: Path) -> None:
    """Add a correction to the file as a person does in a spreadsheet, for the next run to apply."""
    path = out / "corrections.csv"
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    more = dict.fromkeys(rows[0], "") | {
        "item_id": f"{_first(out)}#2", "field": "number", "value": "8", "who": "甲",
    }  # fmt: skip
    path.write_bytes(rows_to_csv(list(rows[0]), [*rows, more]))


def _first(out: Path) -> str:
    return min(one.stem for one in (out / "json").glob("*-*.json"))


def restore(here: Path, before: Path) -> None:
    """Put the files of a copy in the place of those in a folder, which may be a disk of its own."""
    for path in here.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(before, here, symlinks=True, dirs_exist_ok=True)


def read_files(folder: Path) -> _Files:
    """The files below a folder, but for the lock of a run and the random id of an OUTPUT."""
    return {
        path.relative_to(folder).as_posix(): _OUTPUT_ID.sub(b"", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (LOCK, JOURNAL)
    }


def find_wrong(
    outcome: Outcome, failed: str, before: _Files, after: _Files, whole: _Files
) -> Iterator[str]:
    """Yield what is wrong after a run in which a call failed."""
    if outcome.traceback:
        yield f"a traceback: {outcome.traceback.splitlines()[-1]}"
    lines = outcome.said.splitlines()
    if outcome.code and not (
        1 <= len(lines) <= 2 and all(one.startswith("fengong: ") for one in lines)
    ):
        yield f"{len(lines)} lines: {lines[:3]}"
    if outcome.code not in (0, 1):
        yield f"exit {outcome.code}"
    left = [name for name in after if "/.fengong-" in name]
    # A file that cannot be removed is left to the next run.
    if len(left) > failed.startswith("unlink"):
        yield f"{left[0]} is left"
    for name in _OWN:
        if before.get(name) != after.get(name):
            yield f"{name} of a person is another"
    own = before.keys() | whole.keys() | after.keys()
    # Databases differ in times of loading; the store is looked at by itself.
    own = {name for name in own if ".sqlite" not in name and "/.fengong-" not in name}
    if outcome.code == 0:
        odd = sorted(name for name in own if after.get(name) != whole.get(name))
        if odd:
            yield f"exit 0, and {odd[:3]} is not as a whole run makes it"
        return
    odd = sorted(name for name in own if after.get(name) not in (before.get(name), whole.get(name)))
    if odd:
        yield f"{odd[:3]} is neither old nor new"
    old = sorted(name for name in own if after.get(name) != before.get(name))
    new = sorted(name for name in own if after.get(name) != whole.get(name))
    if old and new:
        yield f"some are new ({old[:3]}), some old ({new[:3]})"


def try_trial(trial: Trial, here: Path, step: int, codes: tuple[int, ...]) -> Iterator[str | None]:
    """Yield for each failing call None, or what is wrong."""
    restore(here, trial.before)
    before = read_files(here)
    counting = PlantedFailure(here, 0, 0)
    with counting.planted():
        outcome = run(*trial.words)
    assert outcome.code == 0, outcome
    whole = read_files(here)
    for number in range(1, counting.count + 1, step):
        for code in codes:
            restore(here, trial.before)
            failing = PlantedFailure(here, number, code)
            with failing.planted():
                outcome = run(*trial.words)
            wrong = list(find_wrong(outcome, str(failing.failed), before, read_files(here), whole))
            if (here / "out/json").is_dir() and run("verify", here / "out").code:
                wrong.append("fengong verify finds faults")
            again = run(*trial.words)
            if again.code != 0 and outcome.code:
                wrong.append(f"the next run fails: {again}")
            elif not outcome.traceback and outcome.code:
                after = read_files(here)
                odd = [
                    n
                    for n in whole.keys() | after.keys()
                    if ".sqlite" not in n and "/.fengong-" not in n and whole.get(n) != after.get(n)
                ]
                if odd:
                    wrong.append(f"after the next run {odd[:3]} is another")
            where = f"{trial.name}: {failing.failed} ({errno.errorcode[code]}), call {number} of {counting.count}"
            yield f"{where}: {'; '.join(wrong)}" if wrong else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    done: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="fengong-failures-") as name:
        folder = Path(name).resolve()
        for trial in make_trials(folder):
            if args.only not in trial.name:
                continue
            for wrong in try_trial(trial, folder / "work", args.step, ERRORS):
                done[trial.name] += 1
                if wrong:
                    bad[trial.name] += 1
                    sys.stdout.write(wrong + "\n")
            sys.stdout.flush()
    for kind, count in done.items():
        sys.stdout.write(f"{count:5} {kind}, {bad[kind]} wrong\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
