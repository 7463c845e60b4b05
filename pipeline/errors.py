"""The exceptions of the package: each names a place, a fact and a remedy.

PipelineError
├── SourceError    a document cannot be read
├── OutputError    a record or a table cannot be written or read back
├── LexiconError   a word table is broken or named too late
├── CorrectionError  a correction cannot be understood
└── StoreError     a database cannot be opened, read or written
"""

from __future__ import annotations


class PipelineError(Exception):
    """A failure that a person can repair; the message names the place, the fact and the remedy."""

    def __init__(self, place: object, fact: str, remedy: str) -> None:
        super().__init__(f"{place}: {fact}; {remedy}")
        self.place = str(place)
        self.fact = fact
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[PipelineError], tuple[str, str, str], dict[str, object]]:
        """Rebuild the error from its three parts, so that it survives a process pool."""
        return type(self), (self.place, self.fact, self.remedy), self.__dict__


class SourceError(PipelineError):
    """A source document cannot be read or decoded."""


class OutputError(PipelineError):
    """An output cannot be written, or an output to be checked cannot be read."""


class LexiconError(PipelineError):
    """A lexicon table lacks a column, repeats a row, is not UTF-8 or was named too late."""


class CorrectionError(PipelineError):
    """A correction names no field, no item or a value that the field cannot hold."""


class StoreError(PipelineError):
    """A database cannot be opened, read or written."""
