"""Write the task ledger (任务台账): a workbook that is printed, filled in and read back.

The only package that writes with XlsxWriter; the command imports it when a ledger is written.
"""

from __future__ import annotations

from pipeline.ledger.content import Mark
from pipeline.ledger.write.arrangement import LedgerOptions
from pipeline.ledger.write.ledger_book import write_gathered, write_ledger

__all__ = ["LedgerOptions", "Mark", "write_gathered", "write_ledger"]
