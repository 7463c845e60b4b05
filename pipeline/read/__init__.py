"""Bytes -> Source: the only modules that open documents."""

from pipeline.read.sources import (
    SUFFIXES,
    check_readable,
    read_source,
    read_sources,
    sources_of,
    special_kind,
    to_source,
)

__all__ = [
    "SUFFIXES",
    "check_readable",
    "read_source",
    "read_sources",
    "sources_of",
    "special_kind",
    "to_source",
]
