"""Records of known texts are as they were: `make golden` writes them anew, to be read as a diff."""

from __future__ import annotations

from itertools import zip_longest

from tests.golden import GOLDEN, golden_files


def test_records_are_as_they_were() -> None:
    made = golden_files()
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(made)
    for name, text in made.items():
        kept = (GOLDEN / f"{name}.txt").read_text("utf-8").splitlines()
        pairs = zip_longest(kept, text.splitlines())
        differing = [f"{name}: {old} -> {new}" for old, new in pairs if old != new]
        assert differing == []
