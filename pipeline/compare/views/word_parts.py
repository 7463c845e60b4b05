"""Pieces of a Word document for Chinese offices: pages, fonts, tables; the only module with docx.

Sizes and margins are those of GB/T 9704 for official documents; the fonts are those that Windows, WPS
and their counterparts have.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from pipeline.compare.views.xml_text import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docx.document import Document
    from docx.section import Section
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

    from pipeline.compare.views.shown_items import Run

BODY, HEADING, TITLE, LATIN = "仿宋", "黑体", "宋体", "Times New Roman"
# Points: 二号 of the title, 三号 of the text, 五号 of tables.
TITLE_SIZE, TEXT_SIZE, TABLE_SIZE = 22, 16, 10.5
# Millimetres: a sheet of A4; top, bottom, left and right margins, upright and sideways.
_SHORT, _LONG = 210, 297
_UPRIGHT, _SIDEWAYS = (37, 35, 28, 26), (25, 22, 20, 20)
_REMOVED, _ADDED = RGBColor(0xA8, 0x26, 0x1C), RGBColor(0x0B, 0x4F, 0x9E)
# A file in a package has a day; one that is always the same lets equal comparisons be equal files.
_DAY = (2000, 1, 1, 0, 0, 0)


def open_document() -> Document:
    """An empty A4 document with the styles of an official document and page numbers."""
    document = docx.Document()
    _set_font(document.styles["Normal"], BODY, TEXT_SIZE)
    language = document.styles["Normal"].element.get_or_add_rPr()
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), "en-US")
    mark.set(qn("w:eastAsia"), "zh-CN")
    language.append(mark)
    _set_font(document.styles["Title"], TITLE, TITLE_SIZE, bold=True)
    _set_font(document.styles["Heading 1"], HEADING, TEXT_SIZE)
    _set_font(document.styles["Heading 2"], "楷体", TEXT_SIZE)
    _remove_borders(document.styles["Title"])
    section = document.sections[0]
    _set_page(section, sideways=False)
    _add_page_number(section)
    core = document.core_properties
    core.author = core.comments = core.keywords = ""
    core.language = "zh-CN"
    # By this the reader of sources knows that it is no plan.
    core.category = "fengong"
    return document


def _set_font(style: Any, name: str, size: float, *, bold: bool = False) -> None:  # noqa: ANN401
    """Give a style its font for Latin and for Chinese characters; no theme has a say in it."""
    style.font.name, style.font.size, style.font.bold = LATIN, Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _remove_borders(style: Any) -> None:  # noqa: ANN401
    """Take the line below the title away."""
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _set_page(section: Section, *, sideways: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT
    width, height = (_LONG, _SHORT) if sideways else (_SHORT, _LONG)
    section.page_width, section.page_height = Mm(width), Mm(height)
    top, bottom, left, right = _SIDEWAYS if sideways else _UPRIGHT
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.footer_distance = Mm(bottom - 10)


def _add_page_number(section: Section) -> None:
    """Put — 1 — into the middle of the foot; later sections take it over."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, "— ", size=14, font=TITLE)
    run = paragraph.add_run()
    _set_run_font(run, TITLE, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
        if kind == "text":
            run.add_text(text)
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)  # noqa: SLF001 - a field has no method of its own
    _write(paragraph, " —", size=14, font=TITLE)


def turn_sideways(document: Document) -> None:
    """Begin a new page, and go on with A4 sideways."""
    _set_page(document.add_section(WD_SECTION.NEW_PAGE), sideways=True)


def add_title(document: Document, text: str) -> None:
    """The title in the middle."""
    paragraph = document.add_paragraph(xml_text(text), style="Title")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(18)


def add_heading(document: Document, text: str, level: int = 1) -> None:
    """A heading that stays with what follows."""
    paragraph = document.add_paragraph(xml_text(text), style=f"Heading {level}")
    paragraph.paragraph_format.space_before = Pt(12)
    paragraph.paragraph_format.space_after = Pt(6)


def add_text(document: Document, text: str) -> None:
    """A paragraph of the text: its first line two characters in, lines 28 points apart."""
    paragraph = document.add_paragraph(xml_text(text))
    form = paragraph.paragraph_format
    form.first_line_indent, form.line_spacing = Pt(TEXT_SIZE * 2), Pt(28)
    form.space_after = Pt(0)


def add_note(document: Document, runs: Sequence[tuple[str, str]]) -> None:
    """A small paragraph; each run is a text and its mark: kept, removed, added."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(4)
    for text, fate in runs:
        _write(paragraph, text, size=TABLE_SIZE + 1.5, fate=fate)


def add_table(document: Document, heads: Sequence[str], widths: Sequence[float]) -> Table:
    """A table with a head that every page repeats; `widths` are the columns' in millimetres."""
    table: Table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    row = table.rows[0]
    _mark_row(row, "w:tblHeader")
    for cell, head in zip(row.cells, heads, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(paragraph, head, size=TABLE_SIZE, font=HEADING)
        _shade(cell)
    _set_widths(row.cells, widths)
    return table


def add_row(table: Table, widths: Sequence[float], *, whole: bool = True) -> tuple[_Cell, ...]:
    """An empty row; a `whole` one is not torn by the end of a page."""
    row = table.add_row()  # type: ignore[no-untyped-call]
    if whole:
        _mark_row(row, "w:cantSplit")
    cells: tuple[_Cell, ...] = row.cells
    _set_widths(cells, widths)
    return cells


def _set_widths(cells: Iterable[_Cell], widths: Iterable[float]) -> None:
    for cell, width in zip(cells, widths, strict=True):
        cell.width = Mm(width)


def _mark_row(row: Any, mark: str) -> None:  # noqa: ANN401
    row._tr.get_or_add_trPr().append(OxmlElement(mark))  # noqa: SLF001


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEFF2")):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def write_cell(cell: _Cell, text: str, *, middle: bool = False) -> None:
    """A text as the first paragraph of a cell."""
    paragraph = cell.paragraphs[0]
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(paragraph, text, size=TABLE_SIZE)


def write_lines(cell: _Cell, lines: Iterable[tuple[str, Sequence[Run]]], fate: str) -> None:
    """Lines of a cell: a leading word in another font, and runs of which changed ones are marked."""
    for n, (head, runs) in enumerate(lines):
        paragraph = cell.paragraphs[0] if not n else cell.add_paragraph()
        if head:
            _write(paragraph, head, size=TABLE_SIZE, font=HEADING)
        for run in runs:
            _write(paragraph, run.text, size=TABLE_SIZE, fate=fate if run.changed else "kept")


def _write(
    paragraph: Paragraph, text: str, *, size: float, font: str = BODY, fate: str = "kept"
) -> None:
    """A run; what was removed is struck through, what was added underlined, both coloured."""
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(xml_text(text))
    _set_run_font(run, font, size)
    if fate == "removed":
        run.font.strike, run.font.color.rgb = True, _REMOVED
    elif fate == "added":
        run.font.underline, run.font.color.rgb = True, _ADDED


def _set_run_font(run: Any, font: str, size: float) -> None:  # noqa: ANN401
    run.font.size = Pt(size)
    if font != BODY:
        run.font.name = LATIN
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001


def pack_document(document: Document) -> bytes:
    """The bytes of a .docx; the same document gives the same bytes."""
    written, packed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with (
        zipfile.ZipFile(written) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
