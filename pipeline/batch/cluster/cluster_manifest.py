"""The manifest of an output of the cluster: its partitions in the order of their sources, written last."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pipeline.batch.cluster.partitions import DESCRIPTIONS, FOLDERS
from pipeline.batch.cluster.storage import is_unfinished
from pipeline.dataset.manifest import UnreadFile
from pipeline.dataset.output_lock import LOCK
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.batch.cluster.storage import Storage

MANIFEST = "manifest.json"
_KIND = "fengong-partitions"
_VERSION = 1
_PARTITION = re.compile(r"([0-9a-f]{32})\.(?:jsonl|json|parquet)")
_ANOTHER = "name another folder, or move this one away"


@dataclass(frozen=True, slots=True)
class ClusterManifest:
    """The state of an output: its partitions in order, where it is complete, and the parser that made it.

    `unread` are the files that were found and are no sources, or could not be listed.
    """

    parser: str = ""
    is_complete: bool = False
    partitions: list[str] = field(default_factory=list)
    sources: int = 0
    records: int = 0
    unread: list[UnreadFile] = field(default_factory=list)


def read_cluster_manifest(storage: Storage) -> ClusterManifest | None:
    """Read the manifest of an output; None where there is none. Raises OutputError."""
    data = storage.read_if_there(MANIFEST)
    if data is None:
        return None
    try:
        values: dict[str, Any] = json.loads(data)
        is_ours = (values.pop("kind"), values.pop("version")) == (_KIND, _VERSION)
        found = ClusterManifest(**values)
        found = replace(found, unread=[UnreadFile(**one) for one in values["unread"]])
    except (ValueError, KeyError, TypeError, AttributeError):
        is_ours = False
    if not is_ours:
        place = storage.find_place(MANIFEST)
        raise OutputError(place, "is no manifest of fengong cluster", _ANOTHER)
    return found


def write_cluster_manifest(storage: Storage, manifest: ClusterManifest) -> None:
    """Write the manifest. Raises OutputError."""
    values = {"kind": _KIND, "version": _VERSION, **asdict(manifest)}
    storage.write(MANIFEST, json.dumps(values, ensure_ascii=False, indent=0).encode() + b"\n")


def check_output(storage: Storage) -> None:
    """Raise OutputError where an output is a file, or has files that are not of a cluster's run."""
    # A command that wrote nothing into the folder may have left its lock there.
    others = [name for name in storage.list_names() if name not in (MANIFEST, LOCK)]
    if others and read_cluster_manifest(storage) is None:
        fact = f"has files that are not of fengong cluster ({', '.join(others[:3])} …)"
        raise OutputError(storage.address, fact, "name an empty folder")


def mark_output(storage: Storage) -> None:
    """Mark an output as ours, which also shows whether it can be written. Raises OutputError."""
    if read_cluster_manifest(storage) is None:
        write_cluster_manifest(storage, ClusterManifest())


def remove_others(storage: Storage, manifest: ClusterManifest) -> None:
    """Remove the partitions that a complete manifest does not name, and what killed workers left."""
    kept = set(manifest.partitions)
    # Descriptions first: a partition without one is made again.
    for folder in (DESCRIPTIONS, *(one for one in FOLDERS if one != DESCRIPTIONS)):
        for name in _find_ours(storage, folder, kept):
            storage.remove(f"{folder}/{name}")


def _find_ours(storage: Storage, folder: str, kept: set[str]) -> Iterator[str]:
    for name in storage.list_names(folder):
        found = _PARTITION.match(name)
        is_left = is_unfinished(name) and found
        is_old = found and name == found[0] and found[1] not in kept
        if is_left or is_old:
            yield name


def describe_output(storage: Storage) -> ClusterManifest:
    """Return the manifest of a complete output. Raises OutputError where there is none."""
    manifest = read_cluster_manifest(storage)
    if manifest is None:
        fact = "has no partitions of fengong cluster"
        raise OutputError(storage.address, fact, "name the output of fengong cluster parse")
    if not manifest.is_complete:
        fact = "is not complete"
        raise OutputError(storage.address, fact, "run fengong cluster parse again")
    return manifest
