"""Small PDF files of forms that draw each other, written byte by byte."""

from __future__ import annotations

import zlib

_HEAD = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
_LEAF = b"BT /F1 9 Tf 50 50 Td (leaf) Tj ET "
_TEXT = b"BT /F1 12 Tf 50 700 Td (1. Build parks) Tj ET "


def form_pdf(
    levels: int, uses: int, *, is_circular: bool = False, name: bytes = b"X", leaf: bytes = _LEAF
) -> bytes:
    """A page whose form is used so often, as is the next form in each form, down to a text or the first form."""
    fonts = b"/Font<</F1 5 0 R>>"
    inner = [*range(11, 10 + levels), 10 if is_circular else 0]
    drawn = [_form(one, uses, name, leaf) for one in inner]
    first = b"/Resources<<" + fonts + b"/XObject<</X 10 0 R>>>>"
    parts = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R" + first + b">>",
        4: _stream(b"", _TEXT + (b"/" + name + b" Do ") * uses),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        **dict(enumerate(drawn, 10)),
    }
    objects = [b"%d 0 obj\n%s\nendobj\n" % part for part in parts.items()]
    return b"%PDF-1.7\n" + b"".join(objects) + b"trailer\n<</Size 99/Root 1 0 R>>\n%%EOF"


def _form(inner: int, uses: int, name: bytes, leaf: bytes) -> bytes:
    """A form that draws another one, by its number, or a text."""
    fonts = b"/Resources<</Font<</F1 5 0 R>>"
    if not inner:
        return _stream(_HEAD + fonts + b">>", leaf)
    others = b"/XObject<</X %d 0 R>>>>" % inner
    return _stream(_HEAD + fonts + others, (b"/" + name + b" Do ") * uses)


def _stream(head: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content)
    tail = b"/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    return b"<<" + head + tail + packed + b"\nendstream"
