"""Read the frames of a page that a browser saved with it: page_files/frame.html."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from pipeline.errors import SourceError
from pipeline.model import Problem
from pipeline.read.charset import Decoded, decode_page
from pipeline.read.document_content import Content
from pipeline.read.web.saved_page import is_companion

FrameReader = Callable[[bytes, Decoded, Path], Content]
MAX_PAGE = 32 * 2**20
_FRAME = re.compile(
    rb"<i?frame\b[^<>]{0,500}?\bsrc\s{0,9}=\s{0,9}[\"']?([^\"'\s<>]{1,500})", re.IGNORECASE
)
_MOST_FRAMES = 20


def longest_frame(data: bytes, place: Path, to_content: FrameReader) -> Content | None:
    """The content of the longest frame that a browser saved in the page's own folder, or None."""
    found: list[Content] = []
    for match in islice(_FRAME.finditer(data), _MOST_FRAMES):
        with contextlib.suppress(SourceError, OSError, ValueError, RuntimeError):
            name = unquote(decode_page(match[1], place).text)
            frame = _saved_frame(place, name)
            inner = frame.read_bytes() if frame else b""
            content = to_content(inner, decode_page(inner, place), place)
            message = f"the text is that of the frame {name}"
            remark = Problem(code="page-frame", severity="info", message=message)
            found.append(replace(content, remarks=(*content.remarks, remark)))
    return max(found, key=lambda content: len(content.text), default=None)


def _saved_frame(place: Path, name: str) -> Path | None:
    """The file of a frame, if it is directly in the folder that was saved with the page."""
    folder = place.parent.resolve()
    frame = (folder / name).resolve()
    own = frame.parent.parent == folder and is_companion(f"{frame.parent.name}/", {place.stem})
    return frame if own and frame.is_file() and frame.stat().st_size <= MAX_PAGE else None
