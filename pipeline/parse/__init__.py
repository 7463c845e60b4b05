"""Source -> Notice: the text of a document to its records."""

from __future__ import annotations

from pipeline.parse.notice import parse_notice

__all__ = ["parse_notice"]
