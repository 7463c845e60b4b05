"""Who leads, hosts and helps in each item: whole texts with the names that a reader finds in them."""

from __future__ import annotations

import pytest

from tests.case_tables import read_cases
from tests.conftest import parse


@pytest.mark.parametrize(
    "row", read_cases("owners"), ids=lambda row: str(row["text"]).replace("\n", " ")[:40]
)
def test_owners(row: dict[str, str]) -> None:
    lines = []
    for item in parse(row["text"]).items:
        lists = (item.leaders, item.host_units, item.co_host_units)
        names = ["、".join(name.name for name in one) for one in lists]
        lines.append("|".join([item.label or "", *names]))
    assert "\n".join(lines) == row["owners"]
