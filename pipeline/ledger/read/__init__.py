"""Read a task ledger that people filled in; `pipeline.ledger.progress` keeps what they wrote."""

from __future__ import annotations

from pipeline.ledger.read.filled_ledger import (
    Difference,
    LedgerOrigin,
    LedgerReading,
    Stray,
    read_filled,
    read_ledger,
)

__all__ = ["Difference", "LedgerOrigin", "LedgerReading", "Stray", "read_filled", "read_ledger"]
