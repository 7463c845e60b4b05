"""Parse the text of a document into its record."""

from __future__ import annotations

from pipeline.parse.notice import parse_notice

__all__ = ["parse_notice"]
