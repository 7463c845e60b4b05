"""Apply what people decided to the notices of an OUTPUT: corrections first, then judgements."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.dataset.dataset_writer import DatasetWriter
from pipeline.dataset.file_moves import restore_on_failure
from pipeline.dataset.in_force import printed_names
from pipeline.dataset.manifest import (
    DECIDED_PAIRS,
    JUDGEMENTS,
    MANIFEST,
    OVERLAYS,
    PACKAGE,
    overlay_hashes,
    read_manifest,
)
from pipeline.dataset.parser_version import parser_version
from pipeline.decisions.anchors import NoticeOrigin, origin_of
from pipeline.decisions.correction_fits import (
    apply_corrections,
    group_by_notice,
    remove_corrections,
)
from pipeline.decisions.corrections import read_kept_corrections
from pipeline.decisions.judgements import judge_notice, read_judgements, resolve_anew
from pipeline.errors import hold_errors
from pipeline.lexicon import folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.dataset.manifest import RecordSummary
    from pipeline.decisions.correction import Correction
    from pipeline.errors import OnError
    from pipeline.model import Notice


@contextmanager
def all_or_nothing(output: Path) -> Iterator[None]:
    """Leave the decisions of an OUTPUT as they were where the block cannot apply others. Raises OutputError."""
    with restore_on_failure(
        output / name for name in (*OVERLAYS, DECIDED_PAIRS, PACKAGE, MANIFEST)
    ):
        yield


class Decisions:
    """The decisions that an OUTPUT keeps. Raises CorrectionError, LexiconError."""

    def __init__(self, output: Path) -> None:
        self.corrections = read_kept_corrections(output)
        path = output / JUDGEMENTS
        self.judgements = read_judgements(path) if path.is_file() else []

    def group_corrections(self, records: Iterable[RecordSummary]) -> dict[str, list[Correction]]:
        """Return the corrections of each notice of an OUTPUT by its id."""
        origins = (NoticeOrigin(one.notice_id, one.path or "", one.source) for one in records)
        grouped = group_by_notice(self.corrections, origins)
        grouped.pop("", None)
        return grouped

    def made_for(self, notice_id: str) -> list[Correction]:
        """Return the corrections that were made for a notice with this id."""
        return [one for one in self.corrections if one.anchor.notice_id == notice_id]

    def apply(self, notice: Notice, own: Sequence[Correction]) -> Notice:
        """Return a notice with its own corrections and the judgements applied."""
        return judge_notice(apply_corrections(notice, own)[0], self.judgements)


def apply_anew(output: Path, notices: Sequence[Notice], on_error: OnError = None) -> int:
    """Apply the decisions that an OUTPUT keeps now to its records, and write them.

    Return how many mentions of names have another body than before. With `on_error`, a notice with
    which it fails is reported to it and stays as it is, until its source is parsed again. Raises
    CorrectionError, LexiconError, OutputError.
    """
    decisions = Decisions(output)
    manifest = read_manifest(output)
    hashes = overlay_hashes(output)
    # Judging a record replaces the bodies that parsing gave its names.
    is_judged = (
        bool(decisions.judgements) or manifest.overlays.get(JUDGEMENTS) != hashes[JUDGEMENTS]
    )
    grouped = group_by_notice(decisions.corrections, map(origin_of, notices))
    changed = 0
    with DatasetWriter(output) as writer:
        for notice in notices:
            own = grouped.get(notice.notice_id, ())
            writer.unfinished.add(notice.notice_id)
            with hold_errors(notice.source.path or notice.notice_id, on_error):
                decided = decide(notice, decisions, own, is_judged=is_judged)
                pairs = zip(_canonical_names(notice), _canonical_names(decided), strict=True)
                changed += sum(before != after for before, after in pairs)
                writer.add(decided)
                writer.unfinished.remove(notice.notice_id)
            if notice.notice_id in writer.unfinished:
                _leave(notice, writer)
        # Where other word tables are in use than at the last parse, the next run parses all anew.
        is_same = manifest.parser == parser_version(folder())
        writer.close(parser=None if is_same else "", on_error=on_error)
    return changed


def _leave(notice: Notice, writer: DatasetWriter) -> None:
    """Leave the record of a notice as it is. Raises OutputError."""
    if notice.notice_id in writer.manifest.records:
        writer.keep(notice.notice_id)
    else:
        writer.add(notice)


def decide(
    notice: Notice, decisions: Decisions, own: Sequence[Correction], *, is_judged: bool
) -> Notice:
    """Return a notice with the decisions of now in place of earlier ones."""
    bare = remove_corrections(notice)
    if is_judged:
        bare = resolve_anew(bare)
    return decisions.apply(bare, own)


def _canonical_names(notice: Notice) -> list[str | None]:
    return [name.canonical for name in printed_names(notice)]
