"""The modules that our scripts are made of, and what they import from each other."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

IMPORT = re.compile(r'^import [^;]*? from "\./([\w.]+)";\n', re.MULTILINE)


@cache
def list_modules(folder: Path, name: str) -> tuple[str, ...]:
    """Return the names of a module and of all that it imports, each before whoever imports it."""
    found: dict[str, None] = {}
    for imported in IMPORT.findall((folder / name).read_text("utf-8")):
        found.update(dict.fromkeys(list_modules(folder, imported)))
    return (*found, name)
