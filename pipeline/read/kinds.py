"""Which reader a file needs, by its bytes: the first kind whose test holds.

A new format is a row of KINDS and a module with `read(data, place) -> Content`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.read.content import Content

_HEAD = 4096
_ELEMENTS = (
    rb"!doctype\s+html|html|head|body|div|p|table|tbody|tr|td|span|meta|title|script|style|link|br|"
    rb"h[1-6]|a|ul|ol|li|font|center|form|section|article|main|iframe|img|b|strong|ucapcontent"
)
_PAGE = re.compile(
    rb"\s*+(?:(?><\?xml[^>]*>|<!--.*?(?:-->|\Z))\s*+)*+<(?:" + _ELEMENTS + rb")[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
# A page behind some words of a server or a script.
_PAGE_INSIDE = re.compile(rb"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x84\x31\x95\x33")


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: its name, the test that its bytes pass, its reader."""

    name: str
    holds: Callable[[bytes], bool]
    read: Callable[[bytes, Path], Content]


def is_html(data: bytes) -> bool:
    """Whether bytes are a web page or a piece of one."""
    head = data[:_HEAD]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    if head[:2] in (b"<\0", b"\0<"):
        head = head.replace(b"\0", b"")
    return bool(_PAGE.match(head) or (b"\0" not in head and _PAGE_INSIDE.search(head)))


def _html(data: bytes, place: Path) -> Content:
    from pipeline.read import html  # noqa: PLC0415

    return html.read(data, place)


def _plain(data: bytes, place: Path) -> Content:
    from pipeline.read import plain  # noqa: PLC0415

    return plain.read(data, place)


def _is_anything(data: bytes) -> bool:
    del data
    return True


# In this order; what is nothing else is text.
KINDS: tuple[Kind, ...] = (
    Kind("html", is_html, _html),
    Kind("plain", _is_anything, _plain),
)
