"""The task ledger (任务台账): a workbook that is printed, filled in and read back."""
