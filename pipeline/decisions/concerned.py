"""Find out which records of an OUTPUT corrections concern, so that only these are read and written."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.dataset.dataset_patch import RecordChange, patch_dataset
from pipeline.dataset.manifest import Manifest, file_hash, overlay_hashes, read_manifest
from pipeline.dataset.parser_version import parser_version
from pipeline.dataset.record_files import read_own_record, read_records, record_path
from pipeline.decisions.anchors import NoticeOrigin, find_notice_ids, origin_of
from pipeline.decisions.corrections import read_kept_corrections
from pipeline.decisions.overlay import Decisions, apply_anew, decide
from pipeline.errors import hold_errors
from pipeline.lexicon import folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pipeline.decisions.correction import Correction
    from pipeline.errors import OnError, PipelineError
    from pipeline.model import Notice

# Gives a record by its id and the hash of its file to whoever keeps it, else None.
FindKept = Callable[[str, str], "Notice | None"]
# Corrections of more notices than this are applied by writing everything anew.
_MOST_NOTICES = 20


@dataclass(frozen=True, slots=True)
class Concerned:
    """The records that some corrections concern, or all records of the OUTPUT.

    `manifest` is None where these are all; `origins` are those of all records in any case.
    """

    notices: list[Notice]
    origins: list[NoticeOrigin]
    manifest: Manifest | None


def read_concerned(
    output: Path,
    item_ids: Sequence[str],
    corrections: Iterable[Correction],
    find_kept: FindKept | None = None,
) -> Concerned:
    """Read the records that some ids and the corrections of a file concern.

    All are read where the OUTPUT is not as its last run left it, and where many are concerned. A
    record that `find_kept` has is not read. Raises OutputError, CorrectionError.
    """
    manifest = read_manifest(output)
    origins = [
        NoticeOrigin(one.notice_id, one.path or "", one.source) for one in manifest.records.values()
    ]
    if _is_as_written(output, manifest):
        meant = _find_meant(output, origins, item_ids, corrections)
        if len(meant) <= _MOST_NOTICES and all(_is_intact(output, manifest, one) for one in meant):
            notices = [_read(output, manifest, one, find_kept) for one in meant]
            return Concerned(notices, origins, manifest)
    notices = list(read_records(output))
    return Concerned(notices, list(map(origin_of, notices)), None)


def _is_as_written(output: Path, manifest: Manifest) -> bool:
    """Answer whether records and decisions are those of the last run, by the same parser."""
    return (
        bool(manifest.tables)
        and _list_records(output) == manifest.records.keys()
        and manifest.overlays == overlay_hashes(output)
        and manifest.parser == parser_version(folder())
    )


def _list_records(output: Path) -> set[str]:
    """List the ids of the records that are there; of thousands of paths, making each takes longest."""
    try:
        with os.scandir(output / "json") as found:
            names = [one.name for one in found]
    except OSError:
        return set()
    return {name.removesuffix(".json") for name in names if name.endswith(".json")}


def _is_intact(output: Path, manifest: Manifest, notice_id: str) -> bool:
    return file_hash(record_path(output, notice_id)) == manifest.records[notice_id].sha256


def _read(output: Path, manifest: Manifest, notice_id: str, find_kept: FindKept | None) -> Notice:
    kept = find_kept and find_kept(notice_id, manifest.records[notice_id].sha256)
    return kept or read_own_record(record_path(output, notice_id))


def _find_meant(
    output: Path,
    origins: Sequence[NoticeOrigin],
    item_ids: Sequence[str],
    corrections: Iterable[Correction],
) -> list[str]:
    """Return the ids of the notices that ids mean, present or earlier ones, and corrections."""
    kept = [one for one in read_kept_corrections(output) if one.anchor.item_id in item_ids]
    anchors = {one.anchor for one in (*kept, *corrections)}
    known = {one.notice_id for one in origins}
    named = {item_id.partition("#")[0] for item_id in item_ids} & known
    return sorted(named.union(find_notice_ids(anchors, origins).values()))


def apply_concerned(
    output: Path, concerned: Concerned, on_error: OnError = None
) -> list[RecordChange]:
    """Apply the decisions that an OUTPUT keeps now to the records concerned, and write them.

    Return the records before and after, where only those concerned were read. The files are those that applying them to all records gives. With `on_error`, a notice with which
    it fails is reported to it and stays as it is. Raises CorrectionError, LexiconError, OutputError.
    """
    if concerned.manifest is None:
        apply_anew(output, concerned.notices, on_error)
        return []
    errors: list[PipelineError] = []
    with hold_errors(output, errors.append if on_error else None):
        changes = _patch(output, concerned.notices, concerned.manifest)
        if changes is not None:
            return changes
    # Which notice it fails at is found out when all are written.
    apply_anew(output, list(read_records(output)), on_error)
    return []


def _patch(
    output: Path, notices: Iterable[Notice], manifest: Manifest
) -> list[RecordChange] | None:
    """Write only what changes; return None where everything has to be written anew."""
    decisions = Decisions(output)
    grouped = decisions.group_corrections(manifest.records.values())
    is_judged = bool(decisions.judgements)
    changes = [
        RecordChange(
            one, decide(one, decisions, grouped.get(one.notice_id, ()), is_judged=is_judged)
        )
        for one in notices
    ]
    is_patched = patch_dataset(output, manifest, changes, list(grouped))
    return changes if is_patched else None
