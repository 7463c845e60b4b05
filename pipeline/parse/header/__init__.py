"""Find the particulars of a document: titles, number, dates, issuing body, region, years."""

from pipeline.parse.header.particulars import Header, find_header

__all__ = ["Header", "find_header"]
