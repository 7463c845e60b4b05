"""Values of a cell: which one counts, which are kept beside it, which have lost their item."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pipeline.decisions.anchors import PresentAnchors, anchors_of
from pipeline.ledger.progress import WrittenCell, _apply_changes, _place
from pipeline.model import Notice
from tests.case_tables import read_cases
from tests.conftest import parse
from tests.ledgers import plan

# Earlier words and ids of the first item, and of one that is there no more.
ANCHORS = {
    "moved": ("notice#9", "推进甲事项。"),
    "like": ("notice#1", "推进甲事项,取得实效。"),
    "gone": ("notice#8", "编制财政预算。"),
}


@pytest.fixture(scope="module")
def notice() -> Notice:
    return parse(plan("推进甲事项。", "推进乙改革。"))


def parsed(notice: Notice, cells: str) -> list[WrittenCell]:
    """Values as the cases write them: 1|进展|已办."""
    anchors = anchors_of(notice)
    first = anchors["notice#1"]
    made = []
    for cell in filter(None, cells.split("; ")):
        item, column, value = cell.split("|")
        if item in ANCHORS:
            item_id, words = ANCHORS[item]
            anchor = first._replace(item_id=item_id, words=words)
        else:
            anchor = anchors[f"notice#{item}"]
        made.append(WrittenCell(anchor, "", column, value))
    return made


def listed(cells: Iterable[WrittenCell]) -> str:
    names = {about: name for name, about in ANCHORS.items()}
    made = []
    for one in cells:
        number = one.anchor.item_id.partition("#")[2]
        name = names.get((one.anchor.item_id, one.anchor.words), number)
        made.append(f"{name}|{one.column}|{one.value}")
    return "; ".join(made)


@pytest.mark.parametrize(
    "case", read_cases("ledger_progress"), ids=lambda case: f"{case['kept']}>{case['changes']}"
)
def test_values_of_a_cell(notice: Notice, case: dict[str, str]) -> None:
    placed = _place(parsed(notice, case["kept"]), PresentAnchors([notice]))
    progress = _apply_changes(placed, parsed(notice, case["changes"])).as_progress()
    marks = ((one.item_id.partition("#")[2], one.column, one.value) for one in progress.marks)
    assert "; ".join(map("|".join, marks)) == case["marks"]
    assert listed(progress.others) == case["others"]
    assert listed(progress.gone) == case["gone"]
    counted = sum(
        len(list(filter(None, case[key].split("; ")))) for key in ("marks", "others", "gone")
    )
    assert progress.count == counted
