"""Read and write the records of an OUTPUT: one JSON file for each notice, in OUTPUT/json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from pipeline.dataset.manifest import read_manifest
from pipeline.errors import OutputError, RecordError, hold_errors
from pipeline.model import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.errors import OnError


def record_bytes(notice: Notice) -> bytes:
    """Return a record as the bytes of its file."""
    return notice.model_dump_json(indent=1).encode() + b"\n"


def record_path(output: Path, notice_id: str) -> Path:
    """Return the path of a notice's record in an OUTPUT."""
    return output / "json" / f"{notice_id}.json"


def read_record(path: Path) -> Notice:
    """Read one record. Raises RecordError if the file cannot be read or is not a record."""
    try:
        return Notice.model_validate_json(path.read_bytes())
    except OSError as error:
        raise RecordError(path, f"cannot be read ({error.strerror})", "check rights") from error
    except ValidationError as error:
        first = error.errors()[0]
        fact = f"is no record ({'.'.join(map(str, first['loc']))}: {first['msg']})"
        raise RecordError(path, fact, "parse the source again") from error


def read_own_record(path: Path) -> Notice:
    """Read a record of an OUTPUT, whose file is named by its id.

    Raises RecordError as `read_record` does, and where id and file name differ: an id such as
    "../x" would lead out of the OUTPUT when the record is written.
    """
    notice = read_record(path)
    if notice.notice_id != path.stem:
        fact = f"holds the record {notice.notice_id!r}"
        raise RecordError(path, fact, "give the file the name of its record, or remove it")
    return notice


def read_records(output: Path, on_error: OnError = None) -> Iterator[Notice]:
    """Read the records of an OUTPUT in the order of its tables. Raises OutputError.

    Files that the manifest does not name are not ours and are not read. With `on_error`, a record
    that cannot be read is reported to it and left out.
    """
    return _read_paths(find_record_paths(output), on_error)


def _read_paths(paths: Iterable[Path], on_error: OnError) -> Iterator[Notice]:
    for path in paths:
        notice = None
        with hold_errors(path, on_error):
            notice = read_own_record(path)
        if notice:
            yield notice


def find_record_paths(output: Path) -> list[Path]:
    """Return the files of the records of an OUTPUT in the order of its tables.

    Without a manifest these are all files in OUTPUT/json, by name. Raises OutputError if there are
    none.
    """
    known = read_manifest(output).records
    paths = [record_path(output, notice_id) for notice_id in known]
    paths = [path for path in paths if path.is_file()] or sorted((output / "json").glob("*.json"))
    if not paths:
        fact = "holds no records" if output.is_dir() else "is no folder and holds no records"
        raise OutputError(output, fact, "name the OUTPUT of a run, or run fengong parse first")
    return paths


def read_chosen(output: Path, chosen: Sequence[str], on_error: OnError = None) -> Iterator[Notice]:
    """Read the records with these ids, each once; all records where no id is given.

    For `on_error` see `read_records`. Raises OutputError for an id that no record has, before
    anything is read.
    """
    read_manifest(output)  # refuses an OUTPUT of a newer version
    for notice_id in chosen:
        path = record_path(output, notice_id)
        # The id "../x" would name a file outside of OUTPUT/json.
        if path.parent != output / "json" or not path.is_file():
            fact = f"no notice in {output} has this id"
            raise OutputError(notice_id, fact, "see notices.csv for the ids")
    if not chosen:
        return read_records(output, on_error)
    paths = (record_path(output, one) for one in dict.fromkeys(chosen))
    return _read_paths(paths, on_error)
