"""Real published notices: every record holds, twice the same."""

from __future__ import annotations

from pathlib import Path

from pipeline import parse_notice, read_source
from pipeline.batch.verify import find_notice_faults


def test_every_record_holds(corpus: Path) -> None:
    found = 0
    for path in sorted(corpus.glob("*/doc.txt")):
        source = read_source(path)
        notice = parse_notice(source)
        assert list(find_notice_faults(notice)) == [], path.parent.name
        assert parse_notice(source) == notice
        found += len(notice.items)
    assert found > 200
