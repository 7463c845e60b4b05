"""What people have corrected in an OUTPUT: kept beside its records, laid over every later parse.

A correction keeps what was read and the item's printed words, so that it is found again when the
text moved, and is listed when it no longer fits. It stands in OUTPUT/corrections.csv; records show
it under `corrected` and keep what was read.
"""

from __future__ import annotations

from pipeline.corrections.correction import Correction, check_value, split_list
from pipeline.corrections.keeping import (
    CORRECTIONS,
    correct,
    kept_corrections,
    make_correction,
    tidy,
)
from pipeline.corrections.laying import Fit, find_fits, lay_over
from pipeline.corrections.table import read_corrections

__all__ = [
    "CORRECTIONS",
    "Correction",
    "Fit",
    "check_value",
    "correct",
    "find_fits",
    "kept_corrections",
    "lay_over",
    "make_correction",
    "read_corrections",
    "split_list",
    "tidy",
]
