"""Errors name a place, a fact and a remedy, and survive pickling."""

from __future__ import annotations

import pickle

import pytest

from pipeline.errors import (
    CorrectionError,
    LexiconError,
    OutputError,
    PipelineError,
    RecordError,
    SourceError,
    StoreError,
    UnexpectedError,
)


def descend(kind: type[PipelineError]) -> list[type[PipelineError]]:
    return [kind, *(one for child in kind.__subclasses__() for one in descend(child))]


ERRORS = descend(PipelineError)


def test_every_error_is_tried() -> None:
    known = {SourceError, OutputError, LexiconError, CorrectionError, StoreError, UnexpectedError}
    assert {PipelineError, RecordError} | known <= set(ERRORS)


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_an_error_survives_pickling(kind: type[PipelineError], protocol: int) -> None:
    error = kind("2011.txt line 3", "is empty", "delete the line")
    error.add_note("while reading 盐田区")
    copy = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301
    assert type(copy) is kind
    assert str(copy) == "2011.txt line 3: is empty; delete the line"
    assert (copy.place, copy.fact, copy.remedy) == (
        "2011.txt line 3",
        "is empty",
        "delete the line",
    )
    assert copy.__notes__ == ["while reading 盐田区"]
