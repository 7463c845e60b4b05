"""A row of a table of bodies or leaders is replaced without any other line changing."""

from __future__ import annotations

import pytest

from pipeline.dataset.csv_rows import rows_to_csv
from pipeline.dataset.keyed_lines import KeyedLines
from pipeline.dataset.table_columns import COLUMNS

_HEADS = [column.name for column in COLUMNS["units"]]


def _row(canonical: str, names: str = "") -> dict[str, str]:
    return dict.fromkeys(_HEADS, "") | {"canonical": canonical, "names": names, "notices": "1"}


# Names that CSV quotes, with marks of lines, and one that a spreadsheet would run.
_NAMES = ["=甲局", "丙局", "乙,局", '丁"局', "戊\n局", "己\r局", "庚\u2028局", "1-2"]


@pytest.mark.parametrize("gone", [[], ["丙局"], ["=甲局", "戊\n局"], _NAMES])
@pytest.mark.parametrize("new", [{}, {"辛局": "新"}, {"丙局": "别\n名", "=甲局": "=1+1"}])
def test_replaced_rows_give_the_bytes_of_a_whole_table(
    gone: list[str], new: dict[str, str]
) -> None:
    rows = {name: _row(name, f"{name}、别名") for name in sorted(_NAMES)}
    lines = KeyedLines("units", rows_to_csv(_HEADS, rows.values()), str, "canonical")
    assert lines.keys == sorted(_NAMES)
    assert lines.get("乙,局") == rows["乙,局"]
    assert lines.get("无局") is None
    added = {key: _row(key, names) for key, names in new.items()}
    after = {key: row for key, row in rows.items() if key not in gone} | added
    whole = rows_to_csv(_HEADS, [after[key] for key in sorted(after)])
    assert lines.replace(gone, added) == (whole, len(after))
