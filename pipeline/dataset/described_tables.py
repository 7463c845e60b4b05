"""Keep the data package of an OUTPUT true when a command adds a table: names, threads, progress."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.dataset.data_package import make_package
from pipeline.dataset.file_moves import restore_on_failure
from pipeline.dataset.files import write_changed
from pipeline.dataset.manifest import (
    MANIFEST,
    PACKAGE,
    bytes_hash,
    manifest_bytes,
    patch_manifest,
    read_manifest,
)
from pipeline.dataset.ownership import make_files
from pipeline.dataset.staged_files import write_together
from pipeline.dataset.table_columns import COLUMNS, OTHER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from pipeline.dataset.manifest import Manifest


def write_table(output: Path, name: str, data: bytes) -> Path:
    """Write a table that parsing does not make, and describe it in the data package.

    The table keeps what was in it: whoever writes it has read it before. Raises OutputError.
    """
    path = output / f"{name}.csv"
    write_together({path: data} | describe_tables(output, read_manifest(output), [name]))
    return path


def write_made_files(
    output: Path,
    made: Mapping[str, bytes],
    folder: str | None = None,
    kept: Collection[str] = (),
) -> None:
    """Write files that a command makes anew each time, and describe the tables among them.

    They are written all or none, and files of the folder go, as `make_files` says. Raises OutputError.
    """
    changes = make_files(output, made, folder, kept)
    tables = [name.removesuffix(".csv") for name in made if name.endswith(".csv")]
    files = changes.files | describe_tables(output, changes.manifest, tables)
    path = output / MANIFEST
    with restore_on_failure([path]):
        if path.exists():
            write_changed(path, manifest_bytes(changes.pending))
        write_together(files, changes.removed)


def describe_tables(
    output: Path, manifest: Manifest, more: Iterable[str] = ()
) -> dict[Path, bytes]:
    """Return the data package of an OUTPUT with exactly the tables that are there, and the manifest.

    `more` are tables that are about to be written. A folder without a readable data package keeps what
    it has, and one without a manifest gets none.
    """
    package, described = describe_package(output, manifest, more)
    files = {} if package is None else {output / PACKAGE: package}
    path = output / MANIFEST
    if path.exists():
        files[path] = patch_manifest(path.read_bytes(), manifest, described)
    return files


def describe_package(
    output: Path, manifest: Manifest, more: Iterable[str] = ()
) -> tuple[bytes | None, Manifest]:
    """Return the data package of an OUTPUT as `describe_tables` does, and the manifest that names it.

    There is no package where the folder has none that is readable.
    """
    sizes = _read_package(output)
    if sizes is None:
        return None, manifest
    origins = [one.origin for one in manifest.records.values()]
    package = make_package(sizes | dict.fromkeys(find_other_tables(output, more)), origins)
    if manifest.tables:
        tables = manifest.tables | {PACKAGE: bytes_hash(package)}
        manifest = replace(manifest, tables=tables)
    return package, manifest


def read_sizes(output: Path) -> dict[str, int] | None:
    """Read the numbers of rows of the tables that parsing makes; None where one is not known."""
    sizes = _read_package(output) or {}
    known = {table: size for table, size in sizes.items() if size is not None}
    return known if known.keys() == COLUMNS.keys() else None


def _read_package(output: Path) -> dict[str, int | None] | None:
    """Read the numbers of rows of the tables that parsing makes; None where they cannot be read."""
    try:
        package = json.loads((output / PACKAGE).read_bytes())
        sizes = {one["name"]: one.get("rows") for one in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return {table: size for table, size in sizes.items() if table in COLUMNS}


def find_other_tables(output: Path, more: Iterable[str] = ()) -> list[str]:
    """Return the names of the tables in an OUTPUT that parsing does not make, with `more` of them."""
    return [
        table for table in OTHER_COLUMNS if table in more or (output / f"{table}.csv").is_file()
    ]
