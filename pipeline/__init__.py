"""Annual plans of Chinese governments -> structured records: the public names.

from pipeline import read_source, parse_notice, diff_notices
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "Item",
    "Name",
    "Notice",
    "Source",
    "Span",
    "diff_notices",
    "parse_notice",
    "read_source",
    "read_sources",
]

if TYPE_CHECKING:
    from pipeline.compare.diff import diff_notices
    from pipeline.model import Item, Name, Notice, Source, Span
    from pipeline.parse.notice import parse_notice
    from pipeline.read import read_source, read_sources

_MODULES = {
    "diff_notices": "pipeline.compare.diff",
    "parse_notice": "pipeline.parse.notice",
    "read_source": "pipeline.read",
    "read_sources": "pipeline.read",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for, so that the command starts without pydantic."""
    if name not in __all__:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_MODULES.get(name, "pipeline.model")), name)
