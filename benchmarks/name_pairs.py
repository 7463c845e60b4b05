"""How exactly pairs of names are told to be one body or two: ../shared/fail/name_pairs.csv.

    python -m benchmarks.name_pairs [FILE]

A row is two names, a place, their years, and whether they are the same body. Precision is the
share of the pairs told to be the same that are, recall the share of the same pairs that are told.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from pipeline.names.same_body import is_same_body

_PAIRS = Path(__file__).parent.parent.parent / "shared" / "fail" / "name_pairs.csv"
_GOALS = {"precision": 0.995, "recall": 0.97}


def main(path: Path) -> None:
    """Print each wrong pair, then precision and recall."""
    with path.open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    right = wrong = missed = 0
    for row in pairs:
        years = (int(row[column]) if row[column] else None for column in ("year_a", "year_b"))
        told = is_same_body(row["a"], row["b"], row["place"] or None, *years) is not None
        same = row["same"] == "1"
        right += told and same
        wrong += told and not same
        missed += same and not told
        if told != same:
            print(f"{'wrong' if told else 'missed'}: {row['a']} | {row['b']} | {row['place']}")
    shares = {
        "precision": right / (right + wrong) if right + wrong else 1.0,
        "recall": right / (right + missed) if right + missed else 1.0,
    }
    for measure, share in shares.items():
        print(f"{measure} of {len(pairs)} pairs: {share:.4f} (goal: {_GOALS[measure]})")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _PAIRS)
