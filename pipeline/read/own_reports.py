"""Recognise the pages, documents and workbooks in which fengong shows a comparison.

They are full of items and units, but none of them is a plan.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from pipeline.errors import SourceError

# What their writers put into a file's properties, or into the head of a page.
_CATEGORY = b"<cp:category>fengong</cp:category>"
_GENERATOR = b'<meta name="generator" content="fengong">'
_PROPERTIES = "docProps/core.xml"
# A head is no longer than this, nor are the properties of a document.
_LONGEST_HEAD = 2000
_LONGEST_PROPERTIES = 100_000


def refuse_own_report(data: bytes, place: Path) -> None:
    """Raise SourceError for a file that shows a comparison or threads; any other passes."""
    if _GENERATOR in data[:_LONGEST_HEAD] or _has_category(data):
        fact = "is a comparison that fengong wrote"
        raise SourceError(place, fact, "take it out of the folder")


def _has_category(data: bytes) -> bool:
    if not data.startswith(b"PK") or _PROPERTIES.encode() not in data:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _CATEGORY in package.open(_PROPERTIES).read(_LONGEST_PROPERTIES)
    except Exception:  # noqa: BLE001  a damaged archive raises many kinds; its reader says what is wrong
        return False
