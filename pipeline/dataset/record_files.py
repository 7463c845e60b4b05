"""Read and write the records of an OUTPUT: one JSON file for each notice, in OUTPUT/json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from pipeline.dataset.manifest import read_manifest
from pipeline.errors import OutputError
from pipeline.model import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def record_bytes(notice: Notice) -> bytes:
    """Return a record as the bytes of its file."""
    return notice.model_dump_json(indent=1).encode() + b"\n"


def record_path(output: Path, notice_id: str) -> Path:
    """Return the path of a notice's record in an OUTPUT."""
    return output / "json" / f"{notice_id}.json"


def read_record(path: Path) -> Notice:
    """Read one record. Raises OutputError if the file cannot be read or is not a record."""
    try:
        return Notice.model_validate_json(path.read_bytes())
    except OSError as error:
        raise OutputError(path, f"cannot be read ({error.strerror})", "check rights") from error
    except ValidationError as error:
        first = error.errors()[0]
        fact = f"is no record ({'.'.join(map(str, first['loc']))}: {first['msg']})"
        raise OutputError(path, fact, "parse the source again") from error


def read_records(output: Path) -> Iterator[Notice]:
    """Read the records of an OUTPUT in the order of its tables. Raises OutputError.

    Records that the manifest does not name come last, sorted by id.
    """
    paths = {path.stem: path for path in sorted((output / "json").glob("*.json"))}
    if not paths:
        raise OutputError(output, "holds no records", "run fengong parse first")
    known = [notice_id for notice_id in read_manifest(output).records if notice_id in paths]
    for notice_id in dict.fromkeys((*known, *paths)):
        yield read_record(paths[notice_id])


def read_chosen(output: Path, chosen: Sequence[str]) -> Iterator[Notice]:
    """Read the records with these ids, each once; all records where no id is given.

    Raises OutputError for an id that no record has, before anything is read.
    """
    for notice_id in chosen:
        path = record_path(output, notice_id)
        # The id "../x" would name a file outside of OUTPUT/json.
        if path.parent != output / "json" or not path.is_file():
            fact = f"no notice in {output} has this id"
            raise OutputError(notice_id, fact, "see notices.csv for the ids")
    if not chosen:
        return read_records(output)
    return (read_record(record_path(output, one)) for one in dict.fromkeys(chosen))
