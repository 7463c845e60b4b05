"""Join modules into one plain script: a browser loads no module from a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_IMPORT = re.compile(r'^import [^;]*? from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def join_modules(folder: Path, name: str) -> bytes:
    """Return a module with all that it imports, each once and before whoever imports it."""
    texts: dict[str, str] = {}
    _gather(folder, name, texts)
    return "".join(("(() => {\n", *texts.values(), "})();\n")).encode()


def _gather(folder: Path, name: str, texts: dict[str, str]) -> None:
    text = (folder / name).read_text("utf-8")
    for imported in _IMPORT.findall(text):
        if imported not in texts:
            _gather(folder, imported, texts)
    texts[name] = _EXPORT.sub("", _IMPORT.sub("", text))
