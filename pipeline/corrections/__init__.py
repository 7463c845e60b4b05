"""What people have corrected in an OUTPUT: kept beside its records, laid over every later parse.

A correction keeps what was read and the item's words, so that it is found again when the
text moved, and is listed when it no longer fits. It stands in OUTPUT/corrections.csv; records show
it under `corrected` and keep what was read.
"""

from __future__ import annotations

from pipeline.corrections.correction import Correction, check_day
from pipeline.corrections.keeping import (
    complete,
    correct,
    kept_corrections,
    make_correction,
    tidy,
)
from pipeline.corrections.laying import Fit, assign, find_fits, lay_over, strip
from pipeline.corrections.table import read_corrections

__all__ = [
    "Correction",
    "Fit",
    "assign",
    "check_day",
    "complete",
    "correct",
    "find_fits",
    "kept_corrections",
    "lay_over",
    "make_correction",
    "read_corrections",
    "strip",
    "tidy",
]
