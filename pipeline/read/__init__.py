"""Bytes -> Source: the only modules that open documents."""

from pipeline.read.skipped import SUFFIXES, Skipped, skip_reason
from pipeline.read.sources import (
    check_readable,
    read_source,
    read_sources,
    sources_of,
    special_kind,
    to_source,
)

__all__ = [
    "SUFFIXES",
    "Skipped",
    "check_readable",
    "read_source",
    "read_sources",
    "skip_reason",
    "sources_of",
    "special_kind",
    "to_source",
]
