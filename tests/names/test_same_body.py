"""Whether two names mean one body, in one year and over the years; the frozen bench of pairs."""

from __future__ import annotations

import csv
import re

import pytest

from pipeline.names.same_body import is_same_body, lineage
from tests.case_tables import read_cases
from tests.conftest import CORPUS

PRECISION, RECALL = 0.995, 0.95


def year(text: str) -> int | None:
    return int(text) if text else None


@pytest.mark.parametrize(
    "row",
    read_cases("renames"),
    ids=lambda row: f"{row['first']} {row['first_year']} {row['second']} {row['second_year']}",
)
def test_rules_between_years(row: dict[str, str]) -> None:
    years = year(row["first_year"]), year(row["second_year"])
    assert is_same_body(row["first"], row["second"], row["place"], *years) == (row["rule"] or None)


def test_the_bench_of_pairs() -> None:
    rows = read_cases("bodies")
    right = wrong = missed = 0
    faults = []
    for row in rows:
        names = row["first"], row["second"]
        years = year(row["first_year"]), year(row["second_year"])
        same = is_same_body(*names, row["place"], *years) is not None
        right += same and row["answer"] == "same"
        wrong += same and row["answer"] == "different"
        missed += not same and row["answer"] == "same"
        if same != (row["answer"] == "same"):
            faults.append(names)
    assert len(rows) >= 400
    assert right / (right + wrong) >= PRECISION, faults
    assert right / (right + missed) >= RECALL, faults


def test_pairs_of_full_and_short_names_and_of_names_that_look_alike() -> None:
    rows = read_cases("name_pairs")
    right = wrong = missed = 0
    faults = []
    for row in rows:
        years = int(row["year_a"]), int(row["year_b"])
        told = is_same_body(row["a"], row["b"], row["place"], *years) is not None
        same = row["same"] == "1"
        right, wrong = right + (told and same), wrong + (told and not same)
        missed += same and not told
        if told != same:
            faults.append((row["a"], row["b"], row["why"]))
    assert len(rows) >= 400
    assert right / (right + wrong) >= 0.995, faults
    assert right / (right + missed) >= 0.97, faults


def test_the_answer_does_not_depend_on_the_order_of_a_pair() -> None:
    for row in read_cases("bodies"):
        years = year(row["first_year"]), year(row["second_year"])
        onward = is_same_body(row["first"], row["second"], row["place"], *years)
        back = is_same_body(row["second"], row["first"], row["place"], *reversed(years))
        assert (onward is None) == (back is None), row


def short_names(cell: str) -> list[str]:
    """The names of a cell of the field guide: 市卫人委 (市卫生和人口计划生育委员会) -> 市卫人委."""
    bare = re.sub(r" ?\([^()]*\)", "", cell)
    return [name.strip() for name in re.split(r"[+/→]", bare) if name.strip()]


def test_the_renames_of_the_field_guide() -> None:
    guide = CORPUS.parent / "formats" / "unit_renames.tsv"
    if not guide.is_file():
        pytest.skip("needs the field guide beside the checkout")
    missed = []
    for row in csv.DictReader(guide.read_text("utf-8").splitlines(), delimiter="\t"):
        place = "全国" if row["level"].startswith("national") else "泾县"
        place = "盐田区" if "Shenzhen" in row["level"] else place
        told = int(row["reform_year"][:4])
        old, new = short_names(row["old_short_name"]), short_names(row["new_short_name"])
        pairs = ((a, b) for a in old for b in new)
        if not any(is_same_body(a, b, place, told - 2, told + 3) for a, b in pairs):
            missed.append(row["old_short_name"])
    # An office's task that went elsewhere, and a group that grew, are no renames of a body.
    assert missed == ["科技局 (外专)", "南太湖新区管委会"]


def test_lineage_has_both_directions() -> None:
    found = lineage("区卫计局", "盐田区")
    assert "卫生" in found.before
    assert found.after == ("卫生健康",)
