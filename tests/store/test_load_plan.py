"""Which records of a load are new, have a new version, or are there already."""

from __future__ import annotations

import re

import pytest

from pipeline.store.load_plan import IncomingRecord, PlannedRecord, StoredVersion, plan_records
from tests.case_tables import read_cases
from tests.stores import plan

NEXT_ID = 10


def shown(one: PlannedRecord) -> str:
    """A planned record as the cases write it."""
    flags = ["new"] * one.is_new_version + ["replaces"] * one.replaces
    name = one.record.notice_id
    return " ".join((name, one.change, *flags, f"v{one.version.version}", f"id{one.version.id}"))


@pytest.mark.parametrize(
    "case", read_cases("load_plans"), ids=lambda case: f"{case['stored']}>{case['incoming']}"
)
def test_plan(case: dict[str, str]) -> None:
    """Stored 甲=a3 is version 3 with the hash a; its id is 1."""
    stored = re.findall(r"(\w)=(\w)(\d)", case["stored"])
    latest = {name: StoredVersion(1, int(version), sha) for name, sha, version in stored}
    incoming = re.findall(r"(\w)=(\w)", case["incoming"])
    records = [IncomingRecord(name, sha, plan) for name, sha in incoming]
    planned = plan_records(records, latest, case["current"].split(), NEXT_ID)
    assert "; ".join(map(shown, planned)) == case["planned"]
    assert all(one.version in latest.values() for one in planned if not one.is_new_version)
