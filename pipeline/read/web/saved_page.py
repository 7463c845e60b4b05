"""Recognise the files that a browser saves beside a page: page_files/ beside page.html."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_COMPANION = re.compile(r"(?P<page>.+)(?:_files|\.files|_file|_文件)", re.IGNORECASE)
_PAGE_SUFFIXES = (".htm", ".html", ".shtml")


def is_companion(path: str, pages: Collection[str]) -> bool:
    """Whether a file is in the folder that a browser saved with a page.

    `pages` are the paths of all pages, without their suffix.
    """
    *folders, _ = path.split("/")
    for depth, folder in enumerate(folders):
        match = _COMPANION.fullmatch(folder)
        if match and "/".join((*folders[:depth], match["page"])) in pages:
            return True
    return False


def page_stems(paths: Collection[str]) -> set[str]:
    """The paths of the pages among these, without their suffix."""
    return {path.rsplit(".", 1)[0] for path in paths if path.lower().endswith(_PAGE_SUFFIXES)}
