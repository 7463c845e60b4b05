"""How exactly generated plans are read back: `python -m tests.plans --score 1500 --seed 0`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from pipeline.model import Notice
from pipeline.parse.notice import parse_notice
from pipeline.read import plain, to_source
from tests.plans import AMBIGUOUS, CELLS, Plan, write_plan
from tests.plans.score import PER_CELL, Score, find_silent, run


def _parse(text: str) -> Notice:
    """As a file would be read: drawn tables become rows."""
    data = text.encode()
    content = plain.read(data, Path("plan.txt"))
    return parse_notice(to_source(content, data, "plan.txt", None, None), "plan")


def _say(line: str = "") -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    """Print the exact shares, or one document; exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.plans", description=__doc__)
    parser.add_argument("--score", type=int, metavar="N", default=1500, help="how many documents")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--carrier", default="", help="only carriers that contain these words")
    parser.add_argument("--layout", default="", help="only layouts that contain these words")
    parser.add_argument("--show", action="store_true", help="the first failing document of a cell")
    parser.add_argument("--faults", action="store_true", help="as --show, without the documents")
    parser.add_argument("--print", action="store_true", help="a document of each cell, as written")
    args = parser.parse_args()
    cells = [cell for cell in CELLS if args.carrier in cell[0] and args.layout in cell[1]]
    if args.print:
        for cell in cells:
            _show(args.seed, write_plan(args.seed, *cell))
        return 0
    score = run(_parse, cells, args.score, args.seed)
    _matrix(score, cells)
    if args.show or args.faults:
        for seed, plan, faults in score.failures.values():
            _show(seed, plan, faults, whole=args.show)
    if not args.carrier and not args.layout:
        _ambiguous(args.seed)
    return 0


def _matrix(score: Score, cells: list[tuple[str, str]]) -> None:
    """Shares of exact items, carriers down, layouts across."""
    for names in (
        ("lines", "blank lines", "one line", "wrapped"),
        ("tabs", "pipes", "cells", "box"),
    ):
        rows = list(dict.fromkeys(carrier for carrier, layout in cells if layout in names))
        if not rows:
            continue
        _say(f"{'':26}" + "".join(f"{name:>12}" for name in names) + f"{'all':>12}")
        for row in rows:
            shares = [
                f"{score.share(f'cell {row}', name):12.3f}" if (row, name) in cells else f"{'':12}"
                for name in names
            ]
            _say(f"{row:26}" + "".join(shares) + f"{score.share('carrier', row):12.3f}")
        _say()
    for kind in ("layout", "numbering", "width", "damage"):
        values = sorted({value for key, value in score.known if key == kind})
        shown = ", ".join(f"{value} {score.share(kind, value):.3f}" for value in values)
        _say(f"{kind}: {shown}")
    told = ", ".join(f"{kind} {count}" for kind, count in score.kinds.most_common())
    _say(f"faults: {told or 'none'}")
    _say(f"exact {score.share('all'):.4f} of {score.known['all', '']} items")


def _ambiguous(seed: int) -> None:
    """Of the documents nobody could read for certain: exact or flagged."""
    silent = find_silent(_parse, seed)
    total = len(AMBIGUOUS) * PER_CELL
    _say(f"ambiguous: {total - len(silent)} of {total} documents exact or flagged")
    for (carrier, layout), many in Counter(cell for cell, _ in silent).items():
        _say(f"  silent: {carrier} / {layout}: {many} of {PER_CELL}")


def _show(
    seed: int, plan: Plan, faults: dict[int, list[str]] | None = None, *, whole: bool = True
) -> None:
    about = (plan.scheme, plan.width, plan.damage)
    _say(f"\n=== {plan.carrier} / {plan.layout}, seed {seed}: {' · '.join(about)}")
    for number, found in (faults or {}).items():
        label = plan.tasks[number].label if number >= 0 else "record"
        for one in found:
            _say(f"--- {label} {one}")
    if whole:
        _say(plan.text)


if __name__ == "__main__":
    sys.exit(main())
