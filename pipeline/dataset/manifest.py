"""What an OUTPUT was made of: sources, records and tables with their hashes, in one hidden file.

It lets the next run tell what changed. It is written last: a run that was killed before leaves the
earlier one, and the next run does again what it did.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from pipeline.dataset.files import write_changed

MANIFEST = ".fengong.json"
PACKAGE = "datapackage.json"
_VERSION = 1
# Packages that decide what is read; another version of one is another parser.
_READERS = (
    "beautifulsoup4", "lxml", "opencc", "pdfplumber", "pypdfium2", "python-calamine", "rapidocr",
    "trafilatura",
)  # fmt: skip
# Rooms that take records and make none.
_APART = frozenset({"cli", "compare", "export", "ledger", "store"})
# Decisions of people that are laid over what parsing finds.
JUDGEMENTS, CORRECTIONS = OVERLAYS = ("judgements.csv", "corrections.csv")


@dataclass(frozen=True, slots=True)
class Summary:
    """A record in a line, the hash of its source and that of its file."""

    notice_id: str
    path: str | None
    source: str
    title: str | None
    year: int | None
    items: int
    problems: dict[str, int]
    sha256: str


@dataclass(frozen=True, slots=True)
class Read:
    """A source as it was when it was last read, and the records that came of it.

    The hash is empty where something in it could not be read, so that it is tried again.
    """

    sha256: str
    url: str | None
    retrieved_at: str | None
    notices: list[str]


@dataclass(slots=True)
class Manifest:
    """The state of an OUTPUT after a run.

    `output_id` tells it from other OUTPUTs wherever it lies; `retired` are records of earlier runs
    that are no more.
    """

    output_id: str = ""
    parser: str = ""
    sources: dict[str, Read] = field(default_factory=dict)
    records: dict[str, Summary] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    overlays: dict[str, str] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)


def read_manifest(output: Path) -> Manifest:
    """The manifest of an OUTPUT; an empty one where there is none that this version wrote."""
    try:
        told = json.loads((output / MANIFEST).read_bytes())
        if told.pop("version") != _VERSION or told.keys() != {one.name for one in fields(Manifest)}:
            return Manifest()
        if not all(isinstance(told[name], dict) for name in ("tables", "overlays")):
            return Manifest()
        told["sources"] = {key: Read(**value) for key, value in told["sources"].items()}
        told["records"] = {key: Summary(**value) for key, value in told["records"].items()}
        return Manifest(**told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Manifest()


def write_manifest(manifest: Manifest, output: Path) -> None:
    """Write a manifest. Raises OutputError."""
    told: dict[str, Any] = {"version": _VERSION, **asdict(manifest)}
    write_changed(output / MANIFEST, (json.dumps(told, ensure_ascii=False) + "\n").encode())


def file_hash(path: Path) -> str:
    """The SHA-256 of a file, empty where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def overlay_hashes(output: Path) -> dict[str, str]:
    """The hashes of the decisions that lie in an OUTPUT."""
    return {name: file_hash(output / name) for name in OVERLAYS}


@cache
def parser_version(lexicon: Path | None) -> str:
    """What records depend on beside their sources: our code, our tables, tables laid over, readers."""
    digest = hashlib.sha256()
    home = Path(__file__).parent.parent
    files = sorted(
        path
        for path in (*home.rglob("*.py"), *home.rglob("*.csv"))
        if not _APART & set(path.relative_to(home).parts)
    )
    for path in [*files, *(sorted(lexicon.glob("*.csv")) if lexicon else ())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in _READERS:
        try:
            digest.update(f"{name} {metadata.version(name)}\0".encode())
        except metadata.PackageNotFoundError:
            continue
    return digest.hexdigest()
