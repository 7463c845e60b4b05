"""Decide where a link of a page leads: to a file of the document or to another page."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from lxml.etree import _Element

_FILE = re.compile(
    r"\.(?:docx?|wps|rtf|xlsx?|et|csv|pdf|ofd|pptx?|dps|zip|rar|7z|tar|gz|txt|ceb|gd)\s*$",
    re.IGNORECASE,
)
# A quick test for a suffix anywhere, before an address is split; %2e is a dot.
_MAYBE_FILE = re.compile(r"\.[a-z0-9]{2,4}\s*(?:$|[?#&])|%", re.IGNORECASE)


def is_file(address: str, label: str) -> bool:
    """Whether a link leads to a file, by the path or query of its address or by its label."""
    if not _MAYBE_FILE.search(address) and not _MAYBE_FILE.search(label):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme not in ("", "http", "https", "ftp", "file") or not address:
        return False
    named = (unquote(parts.path), unquote(parts.query).split("&")[-1], label)
    return any(map(_FILE.search, named))


def leads_away(link: _Element) -> bool:
    """Whether a link leads to another page: no anchor, no script, no file of the document."""
    address = (link.get("href") or "").strip()
    if not address or address.startswith("#") or address.lower().startswith("javascript:"):
        return False
    return not is_file(address, label_of(link))


def label_of(link: _Element) -> str:
    """The text of a link; of a link around half a page, the first 50 pieces."""
    return " ".join("".join(map(str, islice(link.itertext(), 50))).split())
