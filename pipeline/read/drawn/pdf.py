"""Read a PDF: the text layer of its pages, and recognition for those that are pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from pipeline.errors import SourceError
from pipeline.read.draft import Draft
from pipeline.read.drawn import ocr
from pipeline.read.drawn.glyphs import FARTHEST, DrawnPage
from pipeline.read.drawn.pages import listed, write_pages
from pipeline.read.drawn.pdf_forms import check_forms
from pipeline.read.drawn.pdf_objects import Handle
from pipeline.read.drawn.pdf_page import PageReading, SecondReader, read_page

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.read.document_content import Content

MEDIA_TYPE = "application/pdf"
PAGES_LIMIT = 3000
GLYPHS_LIMIT = 5_000_000
# Recognition takes seconds for a page.
PICTURES_LIMIT = 300


def read(data: bytes, place: Path) -> Content:
    """The content of a PDF file.

    Raises SourceError where it is damaged or encrypted, and where it is a scan and the extra ocr
    is not installed.
    """
    check_forms(data, place)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error):
            raise SourceError(
                place, "the PDF is encrypted", "save it without a password"
            ) from error
        raise SourceError(place, f"no readable PDF ({error})", "get the file again") from error
    draft = Draft(place)
    try:
        if len(document) > PAGES_LIMIT:
            raise SourceError(
                place, f"more than {PAGES_LIMIT} pages", "give the plan's pages alone"
            )
        write_pages(draft, _pages(document, data, draft, place))
    except pdfium.PdfiumError as error:
        raise SourceError(place, f"a damaged PDF ({error})", "get the file again") from error
    finally:
        document.close()
    if not draft.text.strip():
        raise SourceError(place, "the PDF has no text and no picture", "give the notice's own file")
    return draft.content(MEDIA_TYPE)


def _pages(document: Handle, data: bytes, draft: Draft, place: Path) -> list[DrawnPage]:
    """The pages of a document; pictures of text are recognised if the extra ocr is installed."""
    read_pages: list[DrawnPage] = []
    pictures: list[int] = []
    glyphs = 0
    second = SecondReader(data)
    for number in range(len(document)):
        try:
            page = document[number]
        except Exception as error:
            raise _damaged(place, number + 1) from error
        if not all(abs(side) < FARTHEST for side in (*page.get_size(), *page.get_bbox())):
            raise _damaged(place, number + 1)
        one = read_page(page, number + 1, second)
        if one.is_picture:
            pictures.append(number + 1)
            if ocr.is_there():
                if len(pictures) > PICTURES_LIMIT:
                    fact = f"a scan of more than {PICTURES_LIMIT} pages"
                    raise SourceError(place, fact, "give the plan's pages alone")
                one = PageReading(ocr.recognise(page, number + 1), is_picture=True)
        page.close()
        glyphs += len(one.page.glyphs)
        if glyphs > GLYPHS_LIMIT:
            raise SourceError(place, f"more than {GLYPHS_LIMIT:,} characters", "split the file")
        read_pages.append(one.page)
    if pictures:
        _remark_pictures(pictures, glyphs, draft, place)
    return read_pages


def _damaged(place: Path, number: int) -> SourceError:
    """The error of a page that cannot be opened, or is so large that no page can be."""
    return SourceError(place, f"page {number} is damaged", "get the file again")


def _remark_pictures(pictures: list[int], glyphs: int, draft: Draft, place: Path) -> None:
    shown = listed(pictures)
    if ocr.is_there():
        message = f"page {shown}: recognised from a picture; check names and numbers"
        draft.remark("text-recognised", message, warning=True)
    elif not glyphs:
        remedy = "install the extra that reads it: pip install rapidocr onnxruntime"
        raise SourceError(place, "a scan without a text layer", remedy)
    else:
        message = f"page {shown}: a picture without text was passed over (extra ocr)"
        draft.remark("picture-left-out", message, warning=True)
