"""Compare two notices of an OUTPUT, in force, as people decided on their items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.compare.decided_links import read_decided_pairs
from pipeline.compare.diff import diff_notices
from pipeline.decisions.anchors import PresentAnchors

if TYPE_CHECKING:
    from pipeline.comparison import Comparison
    from pipeline.web.library.snapshot import Snapshot


def compare(snapshot: Snapshot, previous: str, current: str) -> Comparison:
    """Compare two notices by their ids. Raises NotFoundError, RecordError, CorrectionError."""
    before, after = snapshot.notice(previous), snapshot.notice(current)
    present = PresentAnchors([before.record, after.record])
    decided = read_decided_pairs(snapshot.output, present)
    return diff_notices(before.notice, after.notice, decided)
