"""Whether two versions make the same OUTPUT of the same documents: `make same REF=HEAD~1`.

Parses the shared corpus, the shared unlabelled documents, raw/ and generated plans with an earlier
commit and with the working tree. Prints the first differences and exits 1 where a record or a table
differs, unless a commit since then says in a line of its own why: `Records: …`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.compare import earlier_commit, git, unpack
from tests.conftest import ROOT, SHARED
from tests.plans import CELLS, write_plan

SHOWN = 12
_CUT = 90
_STATE = {".fengong.json", ".gitignore", ".lock"}


def write_plans(folder: Path, many: int) -> None:
    """Write generated plans as text files, the kinds of plan in turn."""
    folder.mkdir(parents=True)
    for seed in range(many):
        cell = CELLS[seed % len(CELLS)]
        (folder / f"{seed:05}.txt").write_text(write_plan(seed, *cell).text, "utf-8")


def parse_with(tree: Path, sources: list[Path], output: Path) -> subprocess.Popen[str]:
    """Start a tree's own `fengong parse` over the sources."""
    command = [sys.executable, "-m", "pipeline", "parse", *map(str, sources), "-o", str(output)]
    return subprocess.Popen(
        command, cwd=tree, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def find_differences(before: Path, after: Path) -> Iterator[str]:
    """One line for every file and every value of a record that differs between two OUTPUTs."""
    old, new = _files(before), _files(after)
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            yield f"{name}: only in the {'new' if name in new else 'old'} output"
        elif old[name] != new[name]:
            yield from _file_differences(name, old[name], new[name])


def _files(output: Path) -> dict[str, bytes]:
    found = sorted(path for path in output.rglob("*") if path.is_file() and path.name not in _STATE)
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in found}


def _file_differences(name: str, old: bytes, new: bytes) -> Iterator[str]:
    if not name.endswith(".json"):
        lines = zip(old.splitlines(), new.splitlines(), strict=False)
        at = next((n for n, (a, b) in enumerate(lines, 1) if a != b), None)
        yield f"{name}: differs {f'in line {at}' if at else 'in its length'}"
        return
    values = list(_value_differences("", json.loads(old), json.loads(new)))
    yield from (f"{name}{value}" for value in values or [": the same values, written otherwise"])


def _value_differences(path: str, old: object, new: object) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _value_differences(f"{path}.{key}", old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for n, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from _value_differences(f"{path}[{n}]", a, b)
    elif old != new:
        yield f"{path}: {_shown(old)} -> {_shown(new)}"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _CUT else f"{text[:_CUT]}…"


def reasons(ref: str) -> list[str]:
    """Why records change since a commit, as the commits' own messages say."""
    log = (git("log", "--format=%B", f"{ref}..HEAD") or b"").decode("utf-8", "replace")
    return [line for line in log.splitlines() if line.startswith("Records: ")]


def compare(ref: str, many: int, jobs: int) -> int:
    """Parse with both versions and print what differs; the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not unpack(ref, folder / "tree"):
            print(f"{ref}: no such version in this clone (it may be shallow); nothing to compare")
            return 0
        write_plans(folder / "plans", many)
        shared = (SHARED / one for one in ("corpus", "wild"))
        sources = [*(one for one in shared if one.is_dir()), ROOT / "raw", folder / "plans"]
        running = []
        for tree, output in ((folder / "tree", "old"), (ROOT, "new")):
            running.append(parse_with(tree, sources, folder / output))
            if jobs == 1:
                running[-1].wait()
        errors = [run.communicate()[1] for run in running]
        if errors[0] and running[0].returncode > 1:
            print(errors[0][-2000:], file=sys.stderr)
        if running[1].returncode > 1 or not (folder / "new").is_dir():
            print(errors[1][-2000:], file=sys.stderr)
            return 1
        found = list(find_differences(folder / "old", folder / "new"))
        records = len(list((folder / "new" / "json").iterdir()))
    for line in found[:SHOWN]:
        print(line)
    print(f"{ref} -> working tree: {records} records, {len(found) or 'no'} differences")
    why = reasons(ref)
    if found and why:
        print(*why, sep="\n")
    return 1 if found and not why else 0


def main() -> int:
    """Compare with an earlier commit; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m tests.same", description=__doc__)
    parser.add_argument("--ref", default="", help="the earlier commit")
    parser.add_argument("--plans", type=int, default=1500, help="how many generated plans")
    parser.add_argument("--jobs", type=int, default=2, choices=(1, 2))
    args = parser.parse_args()
    return compare(args.ref or earlier_commit(), args.plans, args.jobs)


if __name__ == "__main__":
    sys.exit(main())
