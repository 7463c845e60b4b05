"""Find the title and the page's own block of keys and values above and in a page's text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.read.web.page_block import (
    PASSED_KEYS,
    meta_particulars,
    pair_line,
    read_pairs,
    split_pairs,
    to_particulars,
)
from pipeline.read.web.page_lines import PageLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

# The number of characters at the beginning of the text in which the title is looked for.
_TITLE_REACH = 800
_LONG_TITLE = 300
_BLOCK_LINES = 12
_LONG = 100
# The marks between a page's title and the name of its site: 通知_甲市人民政府.
_SITE = re.compile(r" ?[_|｜] ?| [-–—]+ |-{2,}")
_BLANK = re.compile(r"\s+")


def split_head(
    tree: _Element, before: list[PageLine], lines: list[PageLine]
) -> tuple[list[PageLine], dict[str, str]]:
    """The lines above the area that belong to the document, and the page's particulars.

    These are the page's own block of keys and values and the title, where it is printed there.
    """
    before = [line for line in before if line.heading or not line.is_menu()]
    before_pairs = read_pairs(line.text for line in before)
    particulars = to_particulars([*before_pairs, *read_pairs(_top(lines))])
    for name, value in meta_particulars(tree).items():
        particulars.setdefault(name, value)
    if "title" not in particulars:
        title = _shown_title(tree, [*before, *lines[:_BLOCK_LINES]]) or _heading(before)
        if title:
            particulars["title"] = title
    # A block may be printed twice, above the title and in a tab beside it.
    pairs = dict.fromkeys((key, value) for key, value in before_pairs if value)
    head = [PageLine(pair_line(key, value)) for key, value in pairs]
    return [*head, *_title_lines(particulars.get("title"), before, lines)], particulars


def _shown_title(tree: _Element, lines: list[PageLine]) -> str | None:
    """The lines that the window's title repeats; else its longest part, without the site's name."""
    window = " ".join(next((e.text for e in tree.iter("title") if e.text), "").split())[
        :_LONG_TITLE
    ]
    bare = _bare(window)
    found = ""
    for line in lines:
        more = found + _bare(line.text)
        if len(more) > 7 and more in bare:
            found = more
        elif found:
            break
    return found or max((piece.strip() for piece in _SITE.split(window)), key=len) or None


def _heading(before: list[PageLine]) -> str | None:
    headings = [line.text for line in before if line.heading and len(line.text) > 7]
    return headings[-1] if headings else None


def _top(lines: list[PageLine]) -> Iterator[str]:
    """The lines in which a page's own block may be: few, short, before the text begins."""
    for line in lines[:_BLOCK_LINES]:
        if len(line.text) > _LONG or line.table:
            return
        yield line.text


def split_block_lines(lines: list[PageLine]) -> Iterator[PageLine]:
    """The area's lines; those of the page's own block at their beginning as one line for each pair."""
    top = len(list(_top(lines)))
    for index, line in enumerate(lines):
        pairs = split_pairs(line.text) if index < top and not line.block else []
        if len(pairs) < 2:
            yield line
            continue
        for key, value in pairs:
            if value and key not in PASSED_KEYS:
                yield PageLine(pair_line(key, value), block=True)


def _title_lines(
    title: str | None, before: list[PageLine], lines: list[PageLine]
) -> list[PageLine]:
    """The title printed above the area, and the lines between it and the area."""
    at = _printed_at(title, before)
    opening = _bare("".join(line.text for line in lines)[:_TITLE_REACH])
    if at is None or _bare(before[at].text) in opening:
        return []
    after = [line for line in before[at + 1 :] if not line.block and not line.is_menu()]
    return [before[at], *(line for line in after if not read_pairs([line.text]))]


def _printed_at(title: str | None, before: list[PageLine]) -> int | None:
    """The line above the area in which the last printing of the title begins."""
    whole = _bare(title or "")
    found = None
    for index, line in reversed(list(enumerate(before))):
        bare = _bare(line.text)
        if bare and (bare == whole or (len(bare) > 3 and bare in whole)):
            found = index
        elif found is not None:
            break
    return found


def _bare(text: str) -> str:
    return _BLANK.sub("", text)
