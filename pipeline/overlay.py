"""What people decided in an OUTPUT, laid over its notices: corrections first, then judgements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.corrections import kept_corrections, lay_over
from pipeline.export.dataset import read_records, write_dataset
from pipeline.names import JUDGEMENTS, judge_notice, read_judgements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.model import Notice


def lay_decisions(output: Path) -> Callable[[Notice], Notice]:
    """A notice -> the notice under an OUTPUT's decisions. Raises CorrectionError, LexiconError."""
    kept = kept_corrections(output)
    judgements = output / JUDGEMENTS
    judged = read_judgements(judgements) if judgements.is_file() else []

    def lay(notice: Notice) -> Notice:
        return judge_notice(lay_over(notice, kept)[0], judged)

    return lay


def lay_anew(output: Path) -> None:
    """Write an OUTPUT under the decisions that it keeps. Raises CorrectionError, OutputError."""
    lay = lay_decisions(output)
    # All are read before one is written: a record that cannot be read stops it with nothing done.
    write_dataset([lay(notice) for notice in read_records(output)], output)
