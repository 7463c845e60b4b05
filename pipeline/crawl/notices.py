"""Fetch a notice: its page and the files that the page links to as attachments."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from pipeline.crawl.addresses import join_address, parse_address
from pipeline.crawl.page_check import check_answer, check_file, is_page, read_page
from pipeline.errors import CrawlError, PipelineError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.crawl.addresses import AddressRules
    from pipeline.crawl.answers import Answer
    from pipeline.model import Attachment

    # Asks an address. Raises CrawlError.
    Ask = Callable[[str], Answer]

# A notice has a dozen attachments; a page with more is a list of downloads.
_MOST_FILES = 40
# Suffixes of files that a page links to and that no reader reads.
_NO_DOCUMENTS = frozenset({".ceb", ".gd", ".ppt", ".pptx", ".dps", ".rar", ".7z", ".tar", ".gz"})


class AttachedFile(NamedTuple):
    """An attachment that was fetched, and the words of the link to it."""

    label: str
    answer: Answer


@dataclass(slots=True)
class FetchedNotice:
    """A page with its attachments, and the errors of attachments that could not be fetched.

    `page_fault` is why the page's own text cannot be read; its attachments may hold the plan all the
    same. `text` is the page's own text.
    """

    page: Answer
    title: str = ""
    text: str = ""
    files: list[AttachedFile] = field(default_factory=list)
    errors: list[PipelineError] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def answers(self) -> list[Answer]:
        """The answers, the page's first."""
        return [self.page, *(one.answer for one in self.files)]


def fetch_notice(ask: Ask, page: Answer, rules: AddressRules) -> FetchedNotice:
    """Check a page that was fetched and fetch its attachments.

    Raises CrawlError for an answer that is no document. An attachment that cannot be fetched is an
    error of the notice.
    """
    check_answer(page)
    notice = FetchedNotice(page)
    if not is_page(page):
        return notice
    try:
        content = read_page(page)
    except SourceError as error:
        notice.errors.append(SourceError(page.final_url, error.fact, error.remedy))
        return notice
    notice.title = content.particulars.get("title", "")
    notice.text = content.text
    notice.remarks = [one.code for one in content.remarks]
    links = list(_find_files(content.attachments, page, notice, rules))
    for label, url in links[:_MOST_FILES]:
        _fetch_file(ask, label, url, notice)
    if len(links) > _MOST_FILES:
        fact = f"links to {len(links)} files, of which {_MOST_FILES} were fetched"
        notice.errors.append(CrawlError(page.final_url, fact, "fetch the others by hand"))
    return notice


def _find_files(
    attachments: tuple[Attachment, ...], page: Answer, notice: FetchedNotice, rules: AddressRules
) -> Iterator[tuple[str, str]]:
    """Yield the labels and addresses of files that may be fetched, each address once."""
    seen: set[str] = set()
    host = parse_address(page.final_url).host
    for one in attachments:
        url = join_address(page.final_url, one.url)
        if url is None:
            fact = f"links to {one.url[:100]}, which is no address of the web"
            notice.errors.append(CrawlError(page.final_url, fact, "fetch the file by hand"))
        elif url not in seen:
            seen.add(url)
            other = parse_address(url).host
            if rules.may_lead(host, other):
                yield one.text, url
            else:
                fact = f"links to a file at the host {other}"
                remedy = "allow the host by --allow-host if it belongs to the site"
                notice.errors.append(CrawlError(url, fact, remedy))


def _fetch_file(ask: Ask, label: str, url: str, notice: FetchedNotice) -> None:
    name = name_of(label, url)
    if PurePosixPath(name).suffix.lower() in _NO_DOCUMENTS:
        fact = "is a file of a kind that is not read"
        notice.errors.append(CrawlError(url, fact, "convert it by hand"))
        return
    try:
        answer = ask(url)
        check_file(answer, name)
    except CrawlError as error:
        notice.errors.append(error)
        return
    notice.files.append(AttachedFile(label, answer))


def name_of(label: str, url: str) -> str:
    """Return the name of a file: the words of its link where they have a suffix, else the address."""
    parts = urlsplit(url)
    for name in (label, unquote(parts.path).rpartition("/")[2], unquote(parts.query)):
        if PurePosixPath(name).suffix:
            return name.strip()
    return label or unquote(parts.path).rpartition("/")[2]
