"""Whether an answer is the page or the file that was asked for, by its bytes and its words.

Servers answer with 200 and an error page, with a page that only sets a cookie, with a page in the
place of a file; what they tell of the type is often wrong.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pipeline.errors import CrawlError, SourceError
from pipeline.lexicon import alternation, words
from pipeline.read import SUFFIXES
from pipeline.read.charset import decode_page
from pipeline.read.file_signatures import office_format
from pipeline.read.kinds import kind_of
from pipeline.read.web import page

if TYPE_CHECKING:
    from pipeline.crawl.answers import Answer
    from pipeline.read.document_content import Content

_PAGE_SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xhtml"})
_OFFICE = {"sheet": ".xls", "ofd": ".ofd", "word": ".docx"}
# Types of what is no document, whatever its bytes.
_NO_DOCUMENT = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript")
# With more text a page is more than an excuse.
_SHORT, _POOR = 400, 60
_ERROR = re.compile(alternation(words("web_words", "error_page")), re.IGNORECASE)
_WALL = re.compile(alternation(words("web_words", "wall")), re.IGNORECASE)
# Scripts of a page that only sets a cookie and loads itself again.
_WALL_SCRIPT = re.compile(
    r"document\.cookie|location\.(?:reload|replace)|location\s*=|eval\(", re.IGNORECASE
)
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_HEAD = 200_000
_WALL_REMEDY = "open it in a browser and save it; programs are kept out"


def is_page(answer: Answer) -> bool:
    """Answer whether the bytes are a web page."""
    return kind_of(answer.body).name == "html"


def may_be_cut(answer: Answer) -> bool:
    """Answer whether a page begins and does not end: a server may cut it and tell the shorter length."""
    body = answer.body.lower()
    return b"<html" in body[:_HEAD] and b"</html" not in body


def check_answer(answer: Answer) -> None:
    """Raise CrawlError for an answer that is no document: empty, of another type, an excuse."""
    place = answer.final_url
    if not answer.body:
        raise CrawlError(place, "answers with nothing", "try again later")
    if answer.media_type.startswith(_NO_DOCUMENT):
        fact = f"is of the type {answer.media_type}, which is no document"
        raise CrawlError(place, fact, "check the address")
    if kind_of(answer.body).name == "refused":
        raise CrawlError(
            place, "is a file of a kind that is not read", "unpack or convert it by hand"
        )
    if is_page(answer):
        _check_words(answer)


def _check_words(answer: Answer) -> None:
    """Raise CrawlError for a page that says an error, or only sets a cookie."""
    try:
        text = decode_page(answer.body[:_HEAD], Path(answer.final_url)).text
    except SourceError as error:
        raise CrawlError(answer.final_url, error.fact, error.remedy) from error
    title = _TITLE.search(text)
    shown = " ".join(_TAG.sub(" ", text).split())
    if len(shown) < _POOR and _WALL_SCRIPT.search(text):
        raise CrawlError(answer.final_url, "is a page that only sets a cookie", _WALL_REMEDY)
    if len(shown) < _SHORT:
        if _WALL.search(shown):
            raise CrawlError(answer.final_url, "is a page that keeps programs out", _WALL_REMEDY)
        if _ERROR.search((title[1] if title else "") + shown):
            fact = "is an error page, though its status is 200"
            raise CrawlError(answer.final_url, fact, "see the list for its new address")


def check_file(answer: Answer, name: str) -> None:
    """Raise CrawlError for an answer that is not the file of a name: a page in its place."""
    check_answer(answer)
    suffix = PurePosixPath(name).suffix.lower()
    if is_page(answer) and suffix not in _PAGE_SUFFIXES:
        fact = f"is a page, where a file {suffix or name} is linked"
        raise CrawlError(answer.final_url, fact, "open the page of the notice by hand")


def read_page(answer: Answer) -> Content:
    """Read a page. Raises SourceError for one without text."""
    return page.read(answer.body, Path(answer.final_url))


def suffix_of(answer: Answer, label: str = "") -> str:
    """Return the suffix under which an answer is kept, by its bytes; that of its name where it fits."""
    kind = kind_of(answer.body).name
    named = _named_suffix(answer, label)
    if kind == "html":
        return ".html"
    if kind == "pdf":
        return ".pdf"
    if kind == "office":
        is_named = named in SUFFIXES and named not in _PAGE_SUFFIXES | {".pdf", ".txt", ".zip"}
        return named if is_named else _OFFICE.get(office_format(answer.body) or "", ".doc")
    if kind == "archive":
        return ".zip"
    return named if named in SUFFIXES and named not in _PAGE_SUFFIXES else ".txt"


def _named_suffix(answer: Answer, label: str) -> str:
    path = unquote(urlsplit(answer.final_url).path)
    found = (PurePosixPath(one).suffix.lower() for one in (label, path))
    return next((one for one in found if one in SUFFIXES), "")
