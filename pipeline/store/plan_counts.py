"""Read the current notices of the desk's copy with what there is still to review in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from pipeline.store.review import REVIEW, rate_notices
from pipeline.store.schema import NOTICES, PROBLEMS

if TYPE_CHECKING:
    from sqlalchemy import Connection


def read_plans(connection: Connection) -> list[dict[str, Any]]:
    """Read the rows of notices, each with the counts of its items: `doubts`, `reviewed`, `amended`.

    A doubt about the notice itself counts as one more. `amended` are items that were corrected and
    not yet found right as a whole.
    """
    columns = REVIEW.c
    query = select(
        columns.notice_id,
        func.sum(case((columns.doubt > 0, 1), else_=0)),
        func.sum(case((columns.state == "reviewed", 1), else_=0)),
        func.sum(case((columns.state == "corrected", 1), else_=0)),
    ).group_by(columns.notice_id)
    counts = {row[0]: row[1:] for row in connection.execute(query)}
    of_notices = rate_notices(connection)
    plans = []
    for row in connection.execute(select(NOTICES)).mappings():
        doubts, reviewed, amended = counts.get(row["notice_id"], (0, 0, 0))
        own = of_notices.get(row["notice_id"], 0) > 0
        plans.append({**row, "doubts": doubts + own, "reviewed": reviewed, "amended": amended})
    return plans


def read_constant_texts(connection: Connection) -> dict[str, str]:
    """Read the message of each code of problems that has one message only, whatever the item."""
    columns = PROBLEMS.c
    least, greatest = func.min(columns.message), func.max(columns.message)
    query = select(columns.code, least).group_by(columns.code).having(least == greatest)
    return dict(connection.execute(query).all())
