"""The measured figures of both READMEs are the kept ones, in the words kept beside the benchmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.figures import PARTS, READMES, Measured, fill, load_kept, written

_MEASURED: Measured = {
    "day": "2026-01-02",
    "python": "3.11",
    "cores": 2,
    "figures": {"real.loads": 8.449, "many": 12345.0},
}


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_a_readme_has_the_kept_figures(readme: Path) -> None:
    kept = load_kept()
    assert set(kept) == set(PARTS)
    text = readme.read_text("utf-8")
    assert written(text, READMES[readme].read_text("utf-8"), kept) == text
    assert all(f"<!-- figures: {part} -->\n" in text for part in PARTS)


def test_names_in_braces_become_figures() -> None:
    words = "{day}, {cores}: {real.loads:.1f} times, {many:,.0f} notices"
    assert fill(words, _MEASURED) == "2026-01-02, 2: 8.4 times, 12,345 notices"


def test_an_unknown_figure_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("{real.load:.1f}", _MEASURED)


def test_a_part_that_was_not_measured_stays() -> None:
    words = "<!-- figures: one -->\nA {many:.0f}\n<!-- end -->\n"
    readme = (
        "a\n<!-- figures: one -->\nold\n<!-- end -->\n<!-- figures: two -->\nkept\n<!-- end -->\n"
    )
    assert written(readme, words, {"one": _MEASURED}) == readme.replace("old", "A 12345")
