"""Refuse a PDF whose forms draw each other so often that no machine can read the page.

A form is a drawing that pages and other forms use by its name. A few that each use the next one many
times make millions of objects, which the PDF library builds before it can be stopped.
"""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from pipeline.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FORM = re.compile(rb"/Subtype\s*/Form\b")
_STREAM = re.compile(rb"\bstream\r?\n")
_LONGEST_HEAD = 3000
# What a page or a form draws is in streams without a type; fonts tell the length of their parts.
_OTHER_STREAM = re.compile(rb"/Type\b|/Length1\b|/Subtype\b")
_FLATE = re.compile(rb"/Filter\s*\[?\s*/FlateDecode\s*\]?")
_USE = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
# Some bytes of a content stream are one object. So many objects of forms take 0.4 s and 150 MB.
_BYTES_AN_OBJECT = 16
_MOST_OBJECTS = 200_000
# The library follows no more levels; it does not see that a form draws itself.
_MOST_LEVELS = 40
_MOST_BYTES = 2**24


def check_forms(data: bytes, place: Path) -> None:
    """Raise SourceError where the forms of a page are drawn with too many objects."""
    if not (_FORM.search(data) and _may_multiply(data)):
        return
    for number, objects in enumerate(_objects_of_forms(data), 1):
        if objects > _MOST_OBJECTS:
            fact = f"page {number} has forms that draw each other more than {_MOST_OBJECTS:,} times"
            raise SourceError(place, fact, "print it to a new PDF, or give another copy")


def _may_multiply(data: bytes) -> bool:
    """Whether a form uses two others, or forms are long and used often; false for most files."""
    most_used, largest = 1, 1
    for found in _STREAM.finditer(data):
        before = data[max(0, found.start() - _LONGEST_HEAD) : found.start()]
        head = before[before.rfind(b"obj") + 1 :]
        is_form = _FORM.search(head)
        if not is_form and _OTHER_STREAM.search(head):
            continue
        content = _content(head, data, found.end())
        uses = 0 if content is None else len(_USE.findall(content))
        if content is None or (is_form and uses > 1):
            return True
        most_used = max(most_used, uses)
        largest += len(content) // _BYTES_AN_OBJECT
    return most_used * largest > _MOST_OBJECTS


def _content(head: bytes, data: bytes, start: int) -> bytes | None:
    """The content of a stream that is plain or deflated; None for another one."""
    if b"/Filter" not in head:
        return data[start : data.find(b"endstream", start)]
    if not _FLATE.search(head) or b"/DecodeParms" in head:
        return None
    try:
        return zlib.decompressobj().decompress(data[start:], _MOST_BYTES)
    except zlib.error:
        return None


def _objects_of_forms(data: bytes) -> Iterator[int]:
    """The number of objects in the forms of each page; none where the file cannot be read."""
    from pdfminer.pdfdocument import PDFDocument  # noqa: PLC0415
    from pdfminer.pdfpage import PDFPage  # noqa: PLC0415
    from pdfminer.pdfparser import PDFParser  # noqa: PLC0415

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        counter = _Counter()
        for page in PDFPage.create_pages(PDFDocument(PDFParser(io.BytesIO(data)))):
            content = b" ".join(one.get_data() for one in page.contents if _is_stream(one))
            yield counter.used(content, page.resources or {}, 0)
    except Exception:  # noqa: BLE001 - it raises whatever a broken file leads it to
        return


class _Counter:
    """Counts the objects of forms, each form once at a level."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], int] = {}

    def used(self, content: bytes, resources: Any, level: int) -> int:  # noqa: ANN401 - a dictionary of the untyped library
        """The objects that the forms used in a content stream draw."""
        from pdfminer.pdftypes import resolve1  # noqa: PLC0415

        forms = resolve1(resolve1(resources).get("XObject")) or {}
        total = 0
        for name, times in Counter(_USE.findall(content)).items():
            form = resolve1(forms.get(_plain(name)))
            if _is_stream(form):
                total += times * self._objects(form, resources, level)
        return min(total, 10 * _MOST_OBJECTS)

    def _objects(self, form: Any, outer: Any, level: int) -> int:  # noqa: ANN401
        from pdfminer.psparser import literal_name  # noqa: PLC0415

        if level > _MOST_LEVELS or literal_name(form.get("Subtype")) != "Form":
            return 1
        key = (id(form), level)
        if key not in self._known:
            content = form.get_data()
            more = self.used(content, form.get("Resources") or outer, level + 1)
            self._known[key] = 1 + len(content) // _BYTES_AN_OBJECT + more
        return self._known[key]


def _is_stream(one: Any) -> bool:  # noqa: ANN401
    return hasattr(one, "get_data")


def _plain(name: bytes) -> str:
    """A name as the library gives it: without escapes."""
    whole = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), name)
    return whole.decode("utf-8", "replace")
