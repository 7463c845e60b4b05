"""Which pages of the desk a static copy has, and the file of each."""

from __future__ import annotations

import hashlib
import re
from posixpath import relpath
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# The pages that are only read, with the settings that say which of them is meant. What is searched,
# filtered or changed needs a server.
_SETTINGS: dict[str, frozenset[str]] = {
    "/bodies": frozenset({"page"}),
    "/bodies/body": frozenset({"name", "page"}),
    "/leaders": frozenset({"page"}),
    "/leaders/leader": frozenset({"name", "post", "place", "page"}),
    "/years": frozenset({"page"}),
    "/years/series": frozenset({"name", "page"}),
    "/years/compare": frozenset({"previous", "current", "page"}),
}
_NOTICES = "/notices/"
# A name that every file system keeps, and that names no folder above.
_SAFE = re.compile(r"(?!\.)[^\x00-\x1f/\\:*?\"<>|%#]{1,80}")
START, SEARCH = "/", "/search"


def canonical_address(address: str) -> str | None:
    """Return the address of a page that is copied, without its anchor; None for any other.

    "/notices/x#i3" -> "/notices/x"; "/queue" -> None.
    """
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    if parts.path in (START, SEARCH):
        return None if parts.query else parts.path
    query = parse_qsl(parts.query)
    allowed = _SETTINGS.get(parts.path, frozenset())
    is_notice = parts.path.startswith(_NOTICES) and parts.path.count("/") == 2
    if not (is_notice or allowed) or any(name not in allowed for name, _ in query):
        return None
    kept = sorted(one for one in query if one != ("page", "1"))
    return quote(unquote(parts.path)) + (f"?{urlencode(kept)}" if kept else "")


def file_of(address: str) -> str:
    """Return the file of a page: "/" -> index.html, "/notices/x" -> notices/x.html."""
    if address == START:
        return "index.html"
    parts = urlsplit(address)
    names = [unquote(one) for one in parts.path.strip("/").split("/")]
    if not parts.query and all(_SAFE.fullmatch(one) for one in names):
        return "/".join(names) + ".html"
    digest = hashlib.sha256(address.encode()).hexdigest()[:16]
    return f"{names[0]}/{digest}.html"


def link_between(page: str, target: str) -> str:
    """Return the relative link from one file to another: notices/x.html, index.html -> ../index.html."""
    folder = page.rpartition("/")[0]
    return quote(relpath(target, folder or "."))
