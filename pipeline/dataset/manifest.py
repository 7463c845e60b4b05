"""The manifest of an OUTPUT: its sources, records and tables with their hashes, in a hidden file.

The next run finds out by it what changed. It is written last: a run that is killed before leaves
the earlier manifest, and the next run repeats its work.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.dataset.package_origin import Origin
from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = ".fengong.json"
PACKAGE = "datapackage.json"
_VERSION = 1
# Parsed lines that are kept; those of larger datasets are parsed each time.
_LINES = 1 << 14
_ANOTHER = "name another folder, or move this one away"
# Files of people's decisions, which are applied to what parsing finds.
JUDGEMENTS, CORRECTIONS = OVERLAYS = ("judgements.csv", "corrections.csv")
# People's decisions on two items or two notices, which comparing obeys; records do not change by them.
DECIDED_PAIRS = "decided_pairs.csv"


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """A record in short: `source` is the hash of its source, `sha256` the hash of its own file.

    `fingerprint` is the same for one notice in two files; `duplicate` says of which other notice it
    is a duplicate, and is empty where it is none. `url` and `day` are the address of the source and
    the newest day that it tells. `attached` are the paths and hashes of files read as parts of it.
    """

    notice_id: str
    path: str | None
    source: str
    title: str | None
    year: int | None
    items: int
    problems: Mapping[str, int]
    sha256: str
    fingerprint: str = ""
    duplicate: str = ""
    url: str | None = None
    day: str | None = None
    attached: tuple[tuple[str, str], ...] = ()

    @property
    def origin(self) -> Origin:
        """The source as the data package names it."""
        return Origin(self.source, self.title or self.path or self.notice_id, self.url, self.day)


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source as it was when it was last read, and the ids of the records made from it.

    The hash is empty where something in it could not be read, so that the next run tries again.
    """

    sha256: str
    url: str | None
    retrieved_at: str | None
    notices: list[str]


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file of the sources that is no record: `fate` is "skipped" or "failed", `why` the reason.

    The hash is empty where the file was not opened.
    """

    path: str
    sha256: str
    fate: str
    why: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The state of an OUTPUT after a run.

    `output_id` identifies the OUTPUT wherever it is moved; `parser` is what `parser_version` gave;
    `tables` and `overlays` map file names to hashes; `retired` are the ids of records of earlier
    runs that are gone; `files` maps files of other commands (names.csv, threads/x.svg) to hashes;
    `unread` are the files of the sources that were skipped or failed.
    """

    output_id: str = ""
    parser: str = ""
    sources: dict[str, SourceState] = field(default_factory=dict)
    records: dict[str, RecordSummary] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    overlays: dict[str, str] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    unread: list[UnreadFile] = field(default_factory=list)


def read_manifest(output: Path) -> Manifest:
    """Read the manifest of an OUTPUT; return an empty one where there is none.

    Raises OutputError if a newer version wrote it, or if it cannot be understood: what it names
    could then be overwritten unseen.
    """
    path = output / MANIFEST
    try:
        with path.open("rb") as file:
            return _read(path, file)
    except FileNotFoundError:
        return Manifest()
    except NotADirectoryError:
        return Manifest()
    except (OSError, ValueError) as error:
        # Without the path, which is not for everybody who sees the fact.
        strerror = getattr(error, "strerror", None) or error
        raise OutputError(path, f"cannot be read ({strerror})", _ANOTHER) from error


def _read(path: Path, file: BinaryIO) -> Manifest:
    first = file.readline()
    # The first manifests were one line.
    is_whole = not first.endswith(b",\n")
    values = json.loads(first + file.read() if is_whole else first.rstrip(b",\n") + b"}")
    version = values.pop("version", None) if isinstance(values, dict) else None
    if type(version) is not int or version < _VERSION:
        raise OutputError(path, "is no manifest of fengong", _ANOTHER)
    if version > _VERSION:
        fact = f"was written by a newer fengong (manifest version {version})"
        raise OutputError(path, fact, "use that version, or name another folder")
    try:
        for name, parse in _SECTIONS.items():
            if is_whole:
                values[name] = {sys.intern(key): parse(one) for key, one in values[name].items()}
            else:
                values[name] = dict(_read_section(name, file))
        return _parse_manifest(values)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise OutputError(path, "is no manifest of fengong", _ANOTHER) from error


# Made once, and given text: `json.loads` looks for the encoding of each of 20,000 lines.
_DECODER = json.JSONDecoder()


def _read_section(name: str, file: BinaryIO) -> Iterator[tuple[str, SourceState | RecordSummary]]:
    """Yield a section of the manifest, a part on each line, so that a long one is never whole in memory."""
    if file.readline() != b'"%s": {\n' % name.encode():
        raise ValueError(name)
    for line in file:
        if line in (b"},\n", b"}}\n"):
            return
        yield _parse_line(name, line.rstrip(b",\n"))
    raise ValueError(name)


@lru_cache(_LINES)
def _parse_line(name: str, line: bytes) -> tuple[str, SourceState | RecordSummary]:
    """Parse a line of a section; whoever follows a dataset meets most lines again as they were."""
    part = line.decode("utf-8", "surrogatepass")
    ((key, value),) = _DECODER.decode(f"{{{part}}}").items()
    return sys.intern(key), _SECTIONS[name](value)


def _parse_source(value: dict[str, Any]) -> SourceState:
    return SourceState(**value | {"sha256": sys.intern(value["sha256"])})


def _parse_record(value: dict[str, Any]) -> RecordSummary:
    shared = {
        "path": value["path"] and sys.intern(value["path"]),
        "source": sys.intern(value["source"]),
        "problems": _share_problems(*value["problems"].items()),
        "attached": tuple((path, digest) for path, digest in value.get("attached", ())),
    }
    return RecordSummary(**value | shared)


def share_values(summary: RecordSummary) -> RecordSummary:
    """Return a summary whose equal values are the same objects: an OUTPUT has 100,000 of them."""
    return replace(
        summary,
        path=summary.path and sys.intern(summary.path),
        source=sys.intern(summary.source),
        problems=_share_problems(*summary.problems.items()),
    )


@cache
def _share_problems(*counts: tuple[str, int]) -> Mapping[str, int]:
    return dict(counts)


_SECTIONS: dict[str, Callable[[dict[str, Any]], SourceState | RecordSummary]] = {
    "sources": _parse_source,
    "records": _parse_record,
}


def _parse_manifest(values: dict[str, Any]) -> Manifest:
    # The first manifests named no files of other commands, and no files that are no records.
    values.setdefault("files", {})
    values.setdefault("unread", [])
    if values.keys() != {one.name for one in fields(Manifest)}:
        raise ValueError(values.keys())
    if not all(isinstance(values[name], dict) for name in ("tables", "overlays", "files")):
        raise TypeError(values)
    if any(one in (".", "..") or "/" in one or "\\" in one for one in values["records"]):
        # Such an id would name a file outside of OUTPUT/json, to be overwritten or removed.
        raise ValueError(values["records"].keys())
    values["unread"] = [UnreadFile(**value) for value in values["unread"]]
    return Manifest(**values)


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return a manifest as the bytes of its file."""
    return b"".join(manifest_lines(manifest))


def patch_manifest(data: bytes, before: Manifest, after: Manifest) -> bytes:
    """Return a manifest as the bytes of its file, which are `data` for the one that it was `before`.

    Lines of records that stay are not written anew.
    """
    is_same = after.sources == before.sources and after.records.keys() == before.records.keys()
    rest = data.partition(b"\n")[2]
    if not is_same or not rest.startswith(b'"sources": {\n'):
        return manifest_bytes(after)
    data = _first_line(after) + rest
    for key, now in after.records.items():
        was = before.records[key]
        if now is was:
            continue
        line = b"\n" + _part_line(key, was)
        at = data.find(line)
        end = at + len(line)
        if at < 0 or data[end : end + 1] not in (b",", b"\n"):
            # The file is of another fengong, or was changed meanwhile.
            return manifest_bytes(after)
        data = b"".join((data[: at + 1], _part_line(key, now), data[end:]))
    return data


def manifest_lines(manifest: Manifest) -> Iterator[bytes]:
    """Yield the lines of a manifest: one JSON object, with a line for each source and each record."""
    sections: dict[str, Mapping[str, object]] = {
        "sources": manifest.sources,
        "records": manifest.records,
    }
    yield _first_line(manifest)
    for name, parts in sections.items():
        yield b'"%s": {\n' % name.encode()
        before = b""
        for key, part in parts.items():
            yield before + _part_line(key, part)
            before = b",\n"
        yield (b"\n" if parts else b"") + (b"}}\n" if name == "records" else b"},\n")


def _first_line(manifest: Manifest) -> bytes:
    values = {"version": _VERSION, **_as_dict(manifest)}
    del values["sources"], values["records"]
    return _dump(values)[:-1] + b",\n"


def _part_line(key: str, part: object) -> bytes:
    """Return the line of a source or a record, without the comma behind it."""
    return _dump({key: part})[1:-1]


def _as_dict(part: Manifest | RecordSummary | SourceState | UnreadFile) -> dict[str, object]:
    """Return the fields of a part; `asdict` takes a second for the copies of 20,000 records."""
    return {name: getattr(part, name) for name in part.__slots__}


# Made once: a manifest has a line for each record.
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=_as_dict)


def _dump(value: object) -> bytes:
    return _ENCODER.encode(value).encode()


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, or an empty text where it cannot be read or is no regular file."""
    try:
        # Opening a pipe would wait for somebody to write into it.
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def bytes_hash(data: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def overlay_hashes(output: Path) -> dict[str, str]:
    """Return the hash of each file of decisions in an OUTPUT, empty where there is no such file."""
    return {name: file_hash(output / name) for name in OVERLAYS}
