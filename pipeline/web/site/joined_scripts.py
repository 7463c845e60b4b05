"""Join modules into one plain script: a browser loads no module from a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.web.modules import IMPORT, list_modules

if TYPE_CHECKING:
    from pathlib import Path

_EXPORT = re.compile(r"^export ", re.MULTILINE)


def join_modules(folder: Path, name: str) -> bytes:
    """Return a module with all that it imports, each once and before whoever imports it."""
    texts = ((folder / one).read_text("utf-8") for one in list_modules(folder, name))
    plain = (_EXPORT.sub("", IMPORT.sub("", text)) for text in texts)
    return "".join(("(() => {\n", *plain, "})();\n")).encode()
