"""Keep the data package of an OUTPUT true when a command adds a table: names, threads, progress."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.dataset.data_package import make_package
from pipeline.dataset.files import write_changed
from pipeline.dataset.manifest import PACKAGE, read_manifest, write_manifest
from pipeline.dataset.ownership import write_made_file
from pipeline.dataset.table_columns import COLUMNS, OTHER_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path


def write_table(output: Path, name: str, data: bytes) -> Path:
    """Write a table that parsing does not make, and describe it in the data package.

    The table keeps what was in it: whoever writes it has read it before. Raises OutputError.
    """
    path = output / f"{name}.csv"
    write_changed(path, data)
    update_package(output)
    return path


def write_made_table(output: Path, name: str, data: bytes) -> Path:
    """Write a table that is made anew each time, as `write_table` does.

    Raises OutputError also where the file is not as fengong wrote it.
    """
    write_made_file(output, f"{name}.csv", data)
    update_package(output)
    return output / f"{name}.csv"


def update_package(output: Path) -> None:
    """Describe in the data package of an OUTPUT exactly the tables that are there now.

    A folder without a readable data package is left as it is. Raises OutputError.
    """
    try:
        package = json.loads((output / PACKAGE).read_bytes())
        sizes = {one["name"]: one.get("rows") for one in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        return
    parsed = {table: size for table, size in sizes.items() if table in COLUMNS}
    data = make_package(parsed | dict.fromkeys(find_other_tables(output)))
    if write_changed(output / PACKAGE, data):
        manifest = read_manifest(output)
        if manifest.tables:
            hashes = manifest.tables | {PACKAGE: hashlib.sha256(data).hexdigest()}
            write_manifest(replace(manifest, tables=hashes), output)


def find_other_tables(output: Path) -> list[str]:
    """Return the names of the tables in an OUTPUT that parsing does not make."""
    return [table for table in OTHER_COLUMNS if (output / f"{table}.csv").is_file()]
