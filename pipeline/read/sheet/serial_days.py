"""The number that a spreadsheet keeps for a day and time: 2024-06-30T12:00:00 -> 45473.5."""

from __future__ import annotations

import datetime as dt

_FIRST = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's time has no zone
_REAL_FROM = dt.datetime(1900, 3, 1)  # noqa: DTZ001


def serial_of(text: str) -> float | None:
    """The days since the beginning of 1900 of an ISO date, with or without a time, else None."""
    try:
        moment = dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None
    serial = (moment - _FIRST) / dt.timedelta(days=1)
    # Spreadsheets count a 29 February 1900, so that days before it have one less.
    return serial if moment >= _REAL_FROM else serial - 1
