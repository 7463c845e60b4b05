"""Recognise the characters of a page that is a picture, with the models of the package itself."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

from pipeline.read.drawn.glyphs import DrawnPage, Glyph

# 200 dots an inch: enough for print, and a page takes some seconds.
_SCALE = 200 / 72
_PIXELS = 25_000_000
_SURE = 0.5


def recognise(page: Any, number: int) -> DrawnPage:  # noqa: ANN401 - a page of the untyped PDF library
    """The characters of a picture of a page; the width of a text's box is shared evenly among them."""
    width, height = page.get_size()
    scale = min(_SCALE, (_PIXELS / max(1.0, width * height)) ** 0.5)
    picture = page.render(scale=scale).to_numpy()
    found = _engine()(picture)
    glyphs: list[Glyph] = []
    boxes = () if found.boxes is None else found.boxes
    # The engine may find boxes and read nothing in them.
    for box, text, score in zip(boxes, found.txts or (), found.scores or (), strict=False):
        if score >= _SURE:
            xs, ys = [float(x) / scale for x, _ in box], [float(y) / scale for _, y in box]
            glyphs += _shared_out(text, (min(xs), min(ys), max(xs), max(ys)))
    return DrawnPage(number, width, height, glyphs)


def _shared_out(text: str, box: tuple[float, float, float, float]) -> list[Glyph]:
    """The characters of a text side by side in its box, Latin ones half as wide."""
    left, top, right, bottom = box
    shares = [1.0 if one > "\u2e80" else 0.5 for one in text]
    unit = (right - left) / max(0.5, sum(shares))
    glyphs: list[Glyph] = []
    for one, share in zip(text, shares, strict=True):
        glyphs.append(Glyph(one, left, top, left + share * unit, bottom))
        left += share * unit
    return glyphs


def is_there() -> bool:
    """Whether the extra ocr is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


@cache
def _engine() -> Any:  # noqa: ANN401
    """The recognition engine, loaded once in a process."""
    from rapidocr import RapidOCR  # noqa: PLC0415

    return RapidOCR(params={"Global.log_level": "error"})
