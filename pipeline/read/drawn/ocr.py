"""Recognise the characters of a page that is a picture, with the models of the package itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

from pipeline.read.allowance import take_more_memory, take_more_time
from pipeline.read.drawn.glyphs import DrawnPage, Glyph

# 200 dots an inch: enough for print, and a page takes some seconds.
_SCALE = 200 / 72
_PIXELS = 25_000_000
_SURE = 0.5
# Below this mean score a page is tried upside down.
_UPRIGHT = 0.9
# A text that is so many times as high as wide runs upwards or downwards.
_TALL = 1.5
# Seconds for a page, which is tried up to three times, and bytes for the models and a page.
_PAGE_SECONDS = 60.0
_MEMORY = 3 * 2**30


@dataclass(frozen=True, slots=True)
class _Found:
    """The boxes in a picture (four corners each), their texts, and how sure each is."""

    boxes: list[Any]
    texts: list[str]
    scores: list[float]

    @property
    def sureness(self) -> float:
        """The mean score of the characters."""
        count = sum(map(len, self.texts))
        total = sum(score * len(text) for score, text in zip(self.scores, self.texts, strict=True))
        return total / count if count else 0.0

    @property
    def is_sideways(self) -> bool:
        """Whether most texts run upwards or downwards."""
        words = [box for box, text in zip(self.boxes, self.texts, strict=True) if len(text) > 1]
        tall = [box for box in words if _extent(box, 1) > _TALL * _extent(box, 0)]
        return len(tall) * 2 > len(words)


def recognise(page: Any, number: int) -> DrawnPage:  # noqa: ANN401 - a page of the untyped PDF library
    """The characters of a picture of a page; the width of a text's box is shared evenly among them.

    A page that was scanned on its side or upside down is turned.
    """
    take_more_time(_PAGE_SECONDS)
    width, height = page.get_size()
    scale = min(_SCALE, (_PIXELS / max(1.0, width * height)) ** 0.5)
    found, is_sideways = _best_turn(page.render(scale=scale).to_numpy())
    glyphs: list[Glyph] = []
    for box, text, score in zip(found.boxes, found.texts, found.scores, strict=True):
        if score >= _SURE:
            xs, ys = [float(x) / scale for x, _ in box], [float(y) / scale for _, y in box]
            glyphs += _shared_out(text, (min(xs), min(ys), max(xs), max(ys)))
    size = (height, width) if is_sideways else (width, height)
    return DrawnPage(number, *size, glyphs)


def _best_turn(picture: Any) -> tuple[_Found, bool]:  # noqa: ANN401 - an array
    """What is found in a picture as it stands or as it is turned, and whether it lies on its side."""
    found = _found(picture)
    if found.is_sideways:
        on_side = picture.swapaxes(0, 1)
        turned = [_found(one.copy()) for one in (on_side[:, ::-1], on_side[::-1])]
        return max(turned, key=lambda one: one.sureness), True
    if not found.texts or found.sureness >= _UPRIGHT:
        return found, False
    upside_down = _found(picture[::-1, ::-1].copy())
    return max(found, upside_down, key=lambda one: one.sureness), False


def _found(picture: Any) -> _Found:  # noqa: ANN401 - an array
    """What the engine finds; it may find boxes and read nothing in them."""
    result = _engine()(picture, use_cls=False)
    boxes = () if result.boxes is None else result.boxes
    found = list(zip(boxes, result.txts or (), result.scores or (), strict=False))
    return _Found(*([one[at] for one in found] for at in range(3)))


def _extent(box: Any, axis: int) -> float:  # noqa: ANN401 - four corners
    places = [float(corner[axis]) for corner in box]
    return max(places) - min(places)


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

    take_more_memory(_MEMORY)
    return RapidOCR(params={"Global.log_level": "error"})
