"""Identify the parser: records that another parser made are made again."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

# Libraries that decide what is read; another version of one of them is another parser.
_READERS = (
    "beautifulsoup4", "lxml", "opencc", "pdfplumber", "pypdfium2", "python-calamine", "rapidocr",
    "trafilatura",
)  # fmt: skip
# Packages that use records or find sources, and make no records.
_NOT_PARSING = frozenset(
    {"cli", "compare", "crawl", "export", "ledger", "messages", "sieve", "store", "web"}
)


@cache
def parser_version(lexicon: Path | None) -> str:
    """Return a hash of what records depend on beside their sources.

    It covers our code, our tables, the user's tables in `lexicon`, and the versions of the
    libraries that read documents.
    """
    digest = hashlib.sha256()
    home = Path(__file__).parent.parent
    files = sorted(
        path
        for path in (*home.rglob("*.py"), *home.rglob("*.csv"))
        if not _NOT_PARSING & set(path.relative_to(home).parts)
    )
    for path in [*files, *(sorted(lexicon.glob("*.csv")) if lexicon else ())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for name in _READERS:
        try:
            digest.update(f"{name} {metadata.version(name)}\0".encode())
        except metadata.PackageNotFoundError:
            continue
    return digest.hexdigest()
