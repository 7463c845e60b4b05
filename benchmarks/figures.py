"""Measure the figures of README.md and README.zh.md and put them there with their day: `make figures`.

python -m benchmarks.figures                  all parts
python -m benchmarks.figures speed reading    only these; the other figures stay, with their own days
python -m benchmarks.figures --write-only     put the kept figures into both READMEs

Each part is a benchmark, run in a process of its own. Its figures are kept in benchmarks/figures.json; what the
READMEs say of them is benchmarks/figures.md and figures.zh.md, one paragraph or table a part.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypedDict

from benchmarks.measure import FIGURES_FILE

ROOT = Path(__file__).parent.parent
KEPT = Path(__file__).parent / "figures.json"
# The README of each language, and the words around the figures in it.
READMES = {
    ROOT / "README.md": Path(__file__).parent / "figures.md",
    ROOT / "README.zh.md": Path(__file__).parent / "figures.zh.md",
}
PARTS: dict[str, tuple[str, ...]] = {
    "speed": ("benchmarks.speed", "texts"),
    "growth": ("benchmarks.speed", "growth"),
    "reading": ("benchmarks.reading",),
    "parse": ("benchmarks.updating",),
    "peers": ("benchmarks.peers",),
}
_PART = re.compile(r"<!-- figures: (?P<part>\w+) -->\n(?P<words>.*?)<!-- end -->\n", re.DOTALL)


class Measured(TypedDict):
    """The figures of a part, when they were measured and where."""

    day: str
    python: str
    cores: int
    figures: dict[str, float]


def measure(part: str) -> Measured:
    """Run a part's benchmark, which prints what it finds too."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.jsonl"
        environment = os.environ | {FIGURES_FILE: str(file)}
        command = [sys.executable, "-m", *PARTS[part]]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        return gather(file)


def gather(file: Path) -> Measured:
    """What a benchmark left in its file, with the day and the machine."""
    lines = map(json.loads, file.read_text("utf-8").splitlines())
    return {
        "day": dt.datetime.now().astimezone().date().isoformat(),
        "python": ".".join(map(str, sys.version_info[:2])),
        "cores": len(os.sched_getaffinity(0)),
        "figures": {line["name"]: line["value"] for line in lines},
    }


def fill(words: str, measured: Measured) -> str:
    """Words with figures for the names in braces: {real.loads:.1f} -> 8.4, and {day}, {python}, {cores}."""
    about = {key: value for key, value in measured.items() if key != "figures"}
    values: dict[str, object] = {**about, **measured["figures"]}

    def one(match: re.Match[str]) -> str:
        return format(values[match["name"]], match["format"] or "")

    return re.sub(r"\{(?P<name>[\w.]+)(?::(?P<format>[^{}]+))?\}", one, words)


def written(readme: str, words: str, kept: dict[str, Measured]) -> str:
    """A README whose parts have the kept figures; a part that was never measured stays as it is."""
    templates = {match["part"]: match["words"] for match in _PART.finditer(words)}

    def one(match: re.Match[str]) -> str:
        part = match["part"]
        if part not in kept:
            return match[0]
        return f"<!-- figures: {part} -->\n{fill(templates[part], kept[part])}<!-- end -->\n"

    return _PART.sub(one, readme)


def load_kept() -> dict[str, Measured]:
    """The figures as they were last measured, by part."""
    kept: dict[str, Measured] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    return kept


def main() -> None:
    """Measure the parts, keep their figures after each, and write both READMEs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--write-only", action="store_true", help="measure nothing")
    args = parser.parse_args()
    unknown = [part for part in args.parts if part not in PARTS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such part; there are {', '.join(PARTS)}")
    kept = load_kept()
    for part in () if args.write_only else args.parts or PARTS:
        kept[part] = measure(part)
        KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
    for readme, words in READMES.items():
        text = readme.read_text("utf-8")
        readme.write_text(written(text, words.read_text("utf-8"), kept), "utf-8")


if __name__ == "__main__":
    main()
