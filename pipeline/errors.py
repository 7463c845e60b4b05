"""The exceptions of the package: each names a place, a fact and a remedy.

PipelineError
├── SourceError    a document cannot be read
│   ├── ResourceError  a document takes more time or memory than it may
│   └── UnexpectedError  this program failed at a document in a way that no code foresaw
├── OutputError    a record or a table cannot be written or read back
│   └── RecordError  one record cannot be read back or written, the others can
├── LexiconError   a word table is broken or named too late
├── CorrectionError  a correction cannot be understood
├── ClusterError   a cluster, or one of its workers, cannot do the work
├── CrawlError     an address may not be asked, or its answer is not what was asked for
└── StoreError     a database cannot be opened, read or written
"""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeAlias

from pipeline.readable import make_readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HOME = f"{Path(__file__).parent.name}/"
_MOST_WORDS = 200

# Takes the error of one notice, so that the others go on; None lets the error end the run.
OnError: TypeAlias = "Callable[[PipelineError], None] | None"


class PipelineError(Exception):
    """A failure that a person can repair; the message names the place, the fact and the remedy."""

    def __init__(self, place: object, fact: str, remedy: str) -> None:
        self.place = make_readable(str(place))
        self.fact = make_readable(fact)
        super().__init__(f"{self.place}: {self.fact}; {remedy}")
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str], dict[str, object]]:
        """Rebuild the error from its three parts, so that it survives a process pool."""
        return type(self), (self.place, self.fact, self.remedy), self.__dict__


class SourceError(PipelineError):
    """A source document cannot be read or decoded."""


class ResourceError(SourceError):
    """A document takes more time or memory than it may, or ends the process that reads it."""


class UnexpectedError(SourceError):
    """A source met a fault of this program that no code foresaw; it should be reported."""

    @classmethod
    def of(cls, place: object, error: BaseException) -> Self:
        """Describe an exception at a source, with the line of this package that it came through."""
        lines = [one for one in traceback.extract_tb(error.__traceback__) if _HOME in one.filename]
        line = f" at {lines[-1].filename.rpartition(_HOME)[2]}:{lines[-1].lineno}" if lines else ""
        words = " ".join(str(error).split())[:_MOST_WORDS]
        fact = f"unexpected error{line}: {type(error).__name__}{f': {words}' if words else ''}"
        return cls(place, fact, "please report this line, with the document if you may")


class OutputError(PipelineError):
    """An output cannot be written, or an output to be checked cannot be read."""


class NoLedgerError(OutputError):
    """A file that was given as a task ledger is a workbook without any sheet of one."""


class RecordError(OutputError):
    """One record cannot be read back, or not be written in some format; the others may be whole."""


class LexiconError(PipelineError):
    """A lexicon table lacks a column, repeats a row, is not UTF-8 or was named too late."""


class CorrectionError(PipelineError):
    """A correction names no field, no item or a value that the field cannot hold."""


class CrawlError(PipelineError):
    """An address may not be asked, does not answer, or its answer is not what was asked for.

    `status` is the HTTP status where there was an answer, `retry_after` what that header says.
    `may_pass` is true where the connection broke off or took too long: the next try may do.
    """

    status: int | None = None
    retry_after: str = ""
    may_pass: bool = False


class ClusterError(PipelineError):
    """A cluster cannot be reached, or a worker of it would not give the same records."""


class StoreError(PipelineError):
    """A database cannot be opened, read or written."""


@contextmanager
def hold_errors(
    place: object, report: OnError, passes: Callable[[BaseException], bool] | None = None
) -> Iterator[None]:
    """Report whatever the body raises as the error of a place, and go on after it.

    Where nobody is there to report to, all passes.

    Libraries written in other languages raise exceptions that are no `Exception`; only an interrupt,
    an exit, a generator's end and an output that cannot be written pass. A record that cannot be
    read back is the error of its notice alone. `passes` answers which other exceptions pass.
    """
    if report is None:
        yield
        return
    try:
        yield
    except RecordError as error:
        report(error)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, OutputError):
        raise
    except PipelineError as error:
        report(error)
    except MemoryError:
        fact = "needs more memory than it may take"
        report(ResourceError(place, fact, "split it, or save it again with its own program"))
    except BaseException as error:
        if passes and passes(error):
            raise
        report(UnexpectedError.of(place, error))


@contextmanager
def name_errors(place: object) -> Iterator[None]:
    """Raise whatever the body raises as the error of a place, where nothing can be done without it."""
    errors: list[PipelineError] = []
    with hold_errors(place, errors.append):
        yield
    for error in errors:
        raise error
