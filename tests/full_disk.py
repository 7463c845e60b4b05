"""A disk that gets full: every command leaves the old files or the new ones, and says so in one line.

unshare -m python -m tests.full_disk     (make full-disk)

A disk of 4 MB in memory is mounted in a namespace of its own, which ends with the process. It is filled
up to some kilobytes before each command.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.failures import Trial, find_wrong, make_trials, read_files, restore, run

_LEFT = (0, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)


def _fill(disk: Path, left: int) -> None:
    """Fill a disk up to some kilobytes."""
    free = shutil.disk_usage(disk).free - left * 1024
    (disk / "filler").write_bytes(bytes(max(free, 0)))


def try_full(trial: Trial, disk: Path, lefts: tuple[int, ...]) -> Iterator[str | None]:
    """Yield for each space that is left None, or what is wrong."""
    restore(disk, trial.before)
    before = read_files(disk)
    assert run(*trial.words).code == 0
    whole = read_files(disk)
    for left in lefts:
        restore(disk, trial.before)
        _fill(disk, left)
        outcome = run(*trial.words)
        (disk / "filler").unlink()
        wrong = list(find_wrong(outcome, "", before, read_files(disk), whole))
        for store in disk.glob("*.sqlite"):
            with closing(sqlite3.connect(store)) as raw:
                if raw.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                    wrong.append("the store is damaged")
        again = run(*trial.words)
        if again.code and outcome.code:
            wrong.append(f"the next run fails: {again}")
        where = f"{trial.name}: {left} KB left, exit {outcome.code}"
        yield f"{where}: {'; '.join(wrong)}: {outcome.said}" if wrong else None


def main() -> int:
    lefts = tuple(map(int, sys.argv[1:])) or _LEFT
    count = bad = 0
    with tempfile.TemporaryDirectory(prefix="fengong-full-") as name:
        folder = Path(name).resolve()
        disk = folder / "work"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(disk)]
        subprocess.run(mount, check=True)
        try:
            for trial in make_trials(folder):
                for wrong in try_full(trial, disk, lefts):
                    count += 1
                    bad += wrong is not None
                    if wrong:
                        sys.stdout.write(wrong + "\n")
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=True)
    sys.stdout.write(f"{count} runs on a full disk, {bad} wrong\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
