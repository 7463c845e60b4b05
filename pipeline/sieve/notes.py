"""What is known of each archive that was read: the plans in it, counts and errors, a file an archive."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from pipeline.batch.origins import SIEVED
from pipeline.dataset.files import write_changed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.errors import PipelineError
    from pipeline.sieve.archives import Archive

_NOTES = "archives"
_KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Found:
    """A record whose document is a plan; `name` is that of its file, by its content."""

    name: str
    sha256: str
    url: str
    offset: int
    length: int
    retrieved_at: str
    status: str
    media_type: str


@dataclass(slots=True)
class Note:
    """An archive, what was found in it, and how many records went which way.

    `made_with` is a text for the parser and the options; with others an archive is read again, and so
    is one with a document that ended its process, and one that is not complete: changed meanwhile, damaged, or not to be read on.
    """

    address: str
    stamp: str
    made_with: str
    is_complete: bool = True
    # A document hung or took too much memory, which may have been the machine's fault.
    is_passing: bool = False
    size: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    errors: list[list[str]] = field(default_factory=list)

    def add_error(self, error: PipelineError) -> None:
        """Note an error, which is told again by every run that does not read the archive again."""
        self.errors.append([error.place, error.fact, error.remedy])

    def count(self, fate: str) -> None:
        """Count a record by its fate."""
        self.counts[fate] = self.counts.get(fate, 0) + 1


def kept_path(folder: Path, name: str) -> Path:
    """Where a document waits until all archives of a run are read."""
    return folder / SIEVED / _KEPT / name


def write_note(folder: Path, note: Note) -> None:
    """Write what is known of an archive, whole. Raises OutputError."""
    data = asdict(note) | {"counts": dict(sorted(note.counts.items()))}
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_changed(_note_path(folder, note.address), text.encode("utf-8", "surrogateescape"))


def read_note(folder: Path, archive: Archive) -> Note | None:
    """Read what is known of an archive, None where nothing is."""
    return _read(_note_path(folder, archive.address))


def read_notes(folder: Path) -> Iterator[Note]:
    """Read what is known of every archive of a folder, in the order of their addresses."""
    notes = [_read(path) for path in (folder / SIEVED / _NOTES).glob("*.json")]
    yield from sorted((one for one in notes if one), key=lambda one: one.address)


def _note_path(folder: Path, address: str) -> Path:
    digest = hashlib.sha256(address.encode("utf-8", "surrogateescape")).hexdigest()
    return folder / SIEVED / _NOTES / f"{digest[:24]}.json"


def _read(path: Path) -> Note | None:
    """Read a note; one that is spoilt is as none, and its archive is read again."""
    try:
        data = json.loads(path.read_bytes())
        return Note(**data | {"found": [Found(**one) for one in data["found"]]})
    except (OSError, ValueError, TypeError, KeyError):
        return None
