"""Leave out the text of a page that its reader does not see, and its watermarks.

Not seen is what lies outside the page, what the file hides, and white text on white paper. A watermark is
slanted, or pale and large, or large and printed over the text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from pipeline.read.drawn.glyphs import DrawnPage, Glyph, Ground

_WHITE = 0.95
# White text on a ground that is darker by this is read.
_CONTRAST = 0.1
# From here on, text is as pale as a watermark.
_PALE = 0.7
# A watermark's characters are so many times as large as those of the text.
_LARGE = 1.6
_VERY_LARGE = 2.0
# The share of a text's characters that are printed over others in a watermark.
_OVER_TEXT = 0.3
# Of each text, so many characters are held against the others.
_TESTED = 20
# A character may be so far outside the page, in points.
_OUTSIDE = 1.0


def seen_page(page: DrawnPage) -> tuple[DrawnPage, str, str]:
    """The page as it is seen; the text that was left out as unseen, and as a watermark."""
    unseen = _unseen(page)
    seen = [one for one in page.glyphs if id(one) not in unseen] if unseen else page.glyphs
    marks = _watermarks(seen)
    kept = [one for one in seen if id(one.ink) not in marks] if marks else seen
    return (
        page if kept is page.glyphs else replace(page, glyphs=kept),
        _text(one for one in page.glyphs if id(one) in unseen),
        _text(one for one in seen if id(one.ink) in marks),
    )


def _text(glyphs: Iterable[Glyph]) -> str:
    return "".join(one.text for one in glyphs).strip()


def _unseen(page: DrawnPage) -> set[int]:
    """The ids of the characters that do not show."""
    right, low = page.width + _OUTSIDE, page.height + _OUTSIDE
    found = set()
    for one in page.glyphs:
        _, x0, top, x1, bottom, ink = one
        is_inside = -_OUTSIDE <= (x0 + x1) / 2 <= right and -_OUTSIDE <= (top + bottom) / 2 <= low
        is_white = ink.lightness > _WHITE
        if not is_inside or ink.is_hidden or (is_white and not _shows(one, page.grounds)):
            found.add(id(one))
    return found


def _shows(glyph: Glyph, grounds: Sequence[Ground]) -> bool:
    """Whether white text stands on a darker ground; the last drawn ground covers the others."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    for one in reversed(grounds):
        if _covers(one, x, y):
            return one.lightness < glyph.ink.lightness - _CONTRAST
    return False


def _covers(box: Ground | Glyph, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _watermarks(glyphs: Sequence[Glyph]) -> set[int]:
    """The ids of the inks of watermarks."""
    inks = {id(one.ink): one.ink for one in glyphs}
    slanted = {key for key, ink in inks.items() if ink.is_slanted}
    if sum(id(one.ink) in slanted for one in glyphs) * 2 > len(glyphs):
        slanted = set()  # the text of a page that was scanned askew
    pale = {key for key, ink in inks.items() if ink.lightness > _PALE}
    sizes = [ink.em for ink in inks.values() if ink.em]
    if not pale and (not sizes or max(sizes) < _VERY_LARGE * min(sizes)):
        return slanted
    text = [one for one in glyphs if id(one.ink) not in slanted | pale]
    usual = median(one.ink.em for one in text) if text else 0.0
    doubtful = pale | {key for key, ink in inks.items() if ink.em >= _VERY_LARGE * usual > 0}
    own: dict[int, list[Glyph]] = defaultdict(list)
    for one in glyphs:
        if id(one.ink) in doubtful and not one.text.isspace():
            own[id(one.ink)].append(one)
    others = [one for one in text if id(one.ink) not in doubtful]
    large_and_pale = {key for key in pale if text and inks[key].em >= _LARGE * usual}
    over_text = {key for key, some in own.items() if _is_over(some, others)}
    return slanted | large_and_pale | over_text


def _is_over(glyphs: Sequence[Glyph], others: Sequence[Glyph]) -> bool:
    """Whether characters are printed over the others of a page."""
    over = 0
    for one in glyphs[:_TESTED]:
        over += any(
            _covers(one, (other.x0 + other.x1) / 2, (other.top + other.bottom) / 2)
            or _covers(other, (one.x0 + one.x1) / 2, (one.top + one.bottom) / 2)
            for other in others
        )
    return over >= _OVER_TEXT * min(len(glyphs), _TESTED)
