"""Bytes -> Source: the only modules that open documents."""

from pipeline.read.sources import SUFFIXES, read_source, read_sources, sources_of, to_source

__all__ = ["SUFFIXES", "read_source", "read_sources", "sources_of", "to_source"]
