"""Write drawn pages as the text that a person reads: lines, paragraphs, tables by their cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from pipeline.read.draft import Draft, DraftCell, DraftPlace
from pipeline.read.drawn.glyphs import DrawnPage, Glyph
from pipeline.read.drawn.grids import Grid, append_grid, is_same_shape, make_grid
from pipeline.read.drawn.lines import DrawnLine, find_lines
from pipeline.read.drawn.outlines import missing_letters, table_edges
from pipeline.read.drawn.paragraphs import Block, Typesetting, join_paragraphs
from pipeline.read.drawn.parted import added_edges
from pipeline.read.drawn.radicals import replace_radicals
from pipeline.read.drawn.ruled import Ruled, find_tables
from pipeline.read.drawn.turning import upright
from pipeline.read.drawn.unseen import seen_page

# Matches: 12, - 3 -, 第 3 页 共 10 页, iv, 3/10. Does not match: 3、, 2024年, 第三页.
_PAGE_MARK = re.compile(
    r"""
    [-—–·.\s]*
    (?: 第\s* )?
    (?: \d{1,4} | [ivxIVX]{1,6} )
    (?: \s*页 )?
    (?: [\s/,，]* (?: 共\s* )? \d{1,4} \s* 页? )?
    [-—–·.\s]*
    """,
    re.VERBOSE,
)
_DIGITS = re.compile(r"\d+")
# The height of the edge in which heads and page numbers are, as a share of the page's height.
_MARGIN = 0.12
# A row for text is at least so many times as high as a character.
_LOWEST_ROW = 0.7
# A remark shows so many characters of what was left out.
_TOLD = 40


def write_pages(draft: Draft, pages: Sequence[DrawnPage]) -> None:
    """Add the text of pages to a draft, without running heads and page numbers.

    Pages are turned so that their text is upright; what a reader does not see is left out.
    """
    pages = [upright(page) for page in _seen(draft, pages)]
    blocks = [_blocks(page) for page in pages]
    heads = _running_heads(blocks, pages)
    kept = [
        [block for block in one if not (isinstance(block, DrawnLine) and id(block) in heads)]
        for one in blocks
    ]
    tables = 0
    lines = [line for one in kept for line in one if isinstance(line, DrawnLine)]
    setting = Typesetting(lines, {page.number: round(page.width, 1) for page in pages})
    repaired: Counter[str] = Counter()
    for block in join_paragraphs(_joined_tables(kept), setting):
        if isinstance(block, Grid):
            tables += 1
            _write_grid(draft, block, tables, repaired)
        else:
            text = replace_radicals("".join(piece for piece, _ in block), repaired)
            draft.line(text, DraftPlace(page=block[0][1]))
    if repaired:
        found = "".join(sorted(repaired))
        message = f"{sum(repaired.values())} look-alike characters were replaced: {found[:40]}"
        draft.remark("radicals-repaired", message)


def listed(pages: Sequence[int]) -> str:
    """The numbers of pages for a message, the first ten of them."""
    return ", ".join(map(str, pages[:10])) + (" …" if len(pages) > 10 else "")


def _seen(draft: Draft, pages: Sequence[DrawnPage]) -> list[DrawnPage]:
    """The pages without text that is not seen and without watermarks.

    Remarks tell of both, and of letters that are no text of the file.
    """
    found = []
    unseen: list[str] = []
    marks: set[str] = set()
    for page in pages:
        seen, hidden, mark = seen_page(page)
        found.append(seen)
        unseen += [f"page {page.number}: {hidden[:_TOLD]}"] if hidden else []
        marks |= {mark} if mark else set()
    if unseen:
        shown = "; ".join(unseen[:5])
        draft.remark("unseen-text", f"text that the page does not show was left out: {shown}")
    if marks:
        shown = "; ".join(sorted(marks))[:_TOLD]
        draft.remark("watermark-left-out", f"a watermark was left out: {shown}")
    shapes = [page.number for page in found if missing_letters(page)]
    if shapes:
        message = f"page {listed(shapes)}: shows letters drawn as shapes, which were not read"
        draft.remark("shapes-left-out", message, warning=True)
    return found


def _write_grid(draft: Draft, grid: Grid, number: int, repaired: Counter[str]) -> None:
    for index, (row, page) in enumerate(zip(grid.rows, grid.pages, strict=True), 1):
        places = [
            DraftPlace(page=page, table=number, row=index, column=column)
            for column in range(1, len(row) + 1)
        ]
        cells = [
            DraftCell(replace_radicals(text, repaired), place)
            for text, place in zip(row, places, strict=True)
        ]
        draft.row(cells[:1] if index - 1 in grid.whole else cells)


def _blocks(page: DrawnPage) -> list[Block]:
    """The lines and tables of a page from the top down, column by column where it has two."""
    tables = _tables(page)
    inside: list[dict[int, list[Glyph]]] = [{} for _ in tables]
    outside: list[Glyph] = []
    boxes = [table.box for table in tables]
    for glyph in page.glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for table, box, cells in zip(tables, boxes, inside, strict=True):
            if box.x0 <= x <= box.x1 and box.top <= y <= box.bottom:
                region = table.region_at(x, y)
                if region is not None:
                    cells.setdefault(region, []).append(glyph)
                    break
        else:
            outside.append(glyph)
    grids = [
        make_grid(table, cells, page.number)
        for table, cells in zip(tables, inside, strict=True)
        if cells
    ]
    lines = find_lines(outside, page.number)
    return _in_order(lines, [grid for grid in grids if grid.rows])


def _tables(page: DrawnPage) -> list[Ruled]:
    """The ruled tables of a page; what is too low for a line of its text is none."""
    if not page.edges or not page.glyphs:
        return []
    edges = table_edges(page)
    found = find_tables([*edges, *added_edges(edges, page.glyphs)])
    if not found:
        return []
    usual = median(one.bottom - one.top for one in page.glyphs)
    return [table for table in found if table.tallest >= _LOWEST_ROW * usual]


def _in_order(lines: list[DrawnLine], grids: list[Grid]) -> list[Block]:
    blocks: list[Block] = [*lines, *grids]
    return sorted(blocks, key=lambda block: block.top) if grids else blocks


def _running_heads(blocks: Sequence[Sequence[Block]], pages: Sequence[DrawnPage]) -> set[int]:
    """The ids of the lines at a page's edge that are its number, or that most pages repeat.

    The first of those above a table is its title, printed again on each page: it stays.
    """
    edge: list[tuple[DrawnLine, str, bool]] = []
    seen: Counter[str] = Counter()
    for one, page in zip(blocks, pages, strict=True):
        at_edge = []
        for index, line in enumerate(one):
            where = _edge_of(line, page) if isinstance(line, DrawnLine) else ""
            if where and isinstance(line, DrawnLine):
                after = one[index + 1] if index + 1 < len(one) else None
                at_edge.append((line, where + _DIGITS.sub("#", line.text), isinstance(after, Grid)))
        seen.update({key for _, key, _ in at_edge})
        edge += at_edge
    often = max(2, len(pages) / 2)
    titles = _titles([one for one in edge if seen[one[1]] >= often])
    return {
        id(line)
        for line, key, _ in edge
        if _PAGE_MARK.fullmatch(line.text)
        or (len(pages) > 1 and seen[key] >= often and id(line) not in titles)
    }


def _titles(repeated: Sequence[tuple[DrawnLine, str, bool]]) -> set[int]:
    """The ids of the first of each repeated line that always stands right above a table."""
    above = {key for _, key, _ in repeated} - {key for _, key, is_above in repeated if not is_above}
    first: dict[str, DrawnLine] = {}
    for line, key, _ in repeated:
        if key in above:
            first.setdefault(key, line)
    return {id(line) for line in first.values()}


def _edge_of(line: DrawnLine, page: DrawnPage) -> str:
    """The edge of the page at which a line stands, or ""."""
    if line.bottom <= page.height * _MARGIN:
        return "upper "
    if line.top >= page.height * (1 - _MARGIN):
        return "lower "
    if line.is_turned and line.x1 <= page.width * _MARGIN:
        return "left "
    return "right " if line.is_turned and line.x0 >= page.width * (1 - _MARGIN) else ""


def _joined_tables(pages: Sequence[Sequence[Block]]) -> list[Block]:
    """All blocks in order; a table that goes on over a page is one, without a repeated header."""
    found: list[Block] = []
    for blocks in pages:
        for index, block in enumerate(blocks):
            last = found[-1] if found else None
            if (
                index == 0
                and isinstance(block, Grid)
                and isinstance(last, Grid)
                and is_same_shape(last, block)
            ):
                append_grid(last, block)
            else:
                found.append(block)
    return found
