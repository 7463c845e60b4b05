"""Write the pages of a desk that are only read as plain files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Request
from lxml import html
from starlette.responses import Response

from pipeline.dataset.manifest import bytes_hash
from pipeline.web.app import create_app
from pipeline.web.page import STATIC, show_page
from pipeline.web.settings import DeskSettings
from pipeline.web.site.addresses import SEARCH, START, file_of
from pipeline.web.site.asked import ask
from pipeline.web.site.joined_scripts import join_modules
from pipeline.web.site.plain_page import SCRIPTS, find_links, make_plain
from pipeline.web.site.search_data import PART, SearchData, write_search
from pipeline.web.site.site_folder import SiteFolder

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from pipeline.messages.language import Language

_SEARCH_PAGE = "/site/search"
_STYLES = (".css", ".svg")


class SiteCopy(NamedTuple):
    """How many pages a copy has, the files of an earlier one that are gone, pages that failed."""

    pages: int
    gone: list[str]
    failed: list[str]


def write_site(
    output: Path, folder: Path, language: Language, cache: Path | None = None
) -> SiteCopy:
    """Write the copy of an OUTPUT in one language. Raises OutputError, StoreError."""
    site = SiteFolder(folder)
    app = create_app(DeskSettings(output, is_read_only=True, cache=cache))
    with TemporaryDirectory(prefix="fengong-site-") as spool:
        try:
            snapshot = app.state.library.current()
            data = write_search(snapshot, Path(spool))
            app.include_router(_search_router(data))
            pages = _Pages(app, language, Path(spool))
            notices = (f"/notices/{quote(one.notice_id)}" for one in snapshot.plans())
            pages.read_all([START, *notices])
        finally:
            app.state.desk.close()
        static = _static_files()
        site.begin([*pages.files.values(), *data.names, *static])
        for name in data.names:
            site.write(name, (Path(spool) / name).read_bytes())
        for name, content in static.items():
            site.write(name, content)
        for address, file in pages.files.items():
            site.write(file, make_plain(pages.parse(address), file, pages.files))
    return SiteCopy(len(pages.files), site.finish(), pages.failed)


class _Pages:
    """The pages of a copy as the desk shows them, kept in a folder until all are known."""

    def __init__(self, app: ASGIApp, language: Language, spool: Path) -> None:
        self._app = app
        self._language = language
        self._spool = spool
        self.files: dict[str, str] = {}
        self.failed: list[str] = []

    def read_all(self, starts: list[str]) -> None:
        """Read these pages, that of the search, and all that they lead to."""
        self._read(_SEARCH_PAGE, SEARCH)
        waiting, known = list(starts), {SEARCH, *starts}
        while waiting:
            address = waiting.pop()
            if self._read(address, address):
                found = [one for one in find_links(self.parse(address)) if one not in known]
                known.update(found)
                waiting += found

    def _read(self, asked: str, address: str) -> bool:
        answer = ask(self._app, asked, self._language)
        if answer.status != 200:
            self.failed.append(address)
            return False
        self.files[address] = file_of(address)
        self._place(address).write_bytes(answer.body)
        return True

    def _place(self, address: str) -> Path:
        return self._spool / bytes_hash(address.encode())

    def parse(self, address: str) -> html.HtmlElement:
        """Parse a page that was read."""
        parser = html.HTMLParser(encoding="utf-8")
        return html.document_fromstring(self._place(address).read_bytes(), parser=parser)


def _search_router(data: SearchData) -> APIRouter:
    """Return the page of the search of a copy, which loads the items from its scripts."""
    router = APIRouter(include_in_schema=False)

    @router.get(_SEARCH_PAGE)
    def show_search(request: Request) -> Response:
        return show_page(request, "site/search.html", data=data, part=PART)

    return router


def _static_files() -> dict[str, bytes]:
    """Return the styles, and the scripts that need no server."""
    styles = (one for one in sorted(STATIC.iterdir()) if one.suffix in _STYLES)
    made = {f"static/{one.name}": one.read_bytes() for one in styles}
    return made | {f"static/{one}": join_modules(STATIC, one) for one in SCRIPTS.values()}
