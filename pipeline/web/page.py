"""Show a template as a page, in the language of the reader, with what all pages have."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, JSONResponse

from pipeline.messages.catalogue import load_catalogue
from pipeline.web.modules import list_modules
from pipeline.web.rights import rights_of
from pipeline.web.spoken import LANGUAGE_COOKIE, choose_page_language, translate_to
from pipeline.web.visible import shorten, show_hidden

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pipeline.messages.language import Language

API = "/api/v1"
STATIC = Path(__file__).parent / "static"
_YEAR = 31_536_000


class Link(NamedTuple):
    """An entry of the navigation: its address and its text, a message."""

    address: str
    message: str


def show_page(
    request: Request, template: str, *, status: int = 200, **values: object
) -> HTMLResponse:
    """Return a page. Templates get `say`, `translate`, `language`, `rights`, `navigation` and `values`.

    `say("{count} items", count=3)` fills a message of the template, `translate(text)` says a text
    that a record or an error has.
    """
    language = choose_page_language(request)
    text = (
        make_environment()
        .get_template(template)
        .render(
            say=partial(fill_in, language),
            translate=partial(translate_to, language),
            language=language,
            other_language=_switch_address(request, language),
            rights=rights_of(request),
            navigation=request.app.state.navigation,
            path=request.url.path,
            static=static_address,
            preload=_preload,
            is_guarded=request.app.state.settings.is_guarded,
            **values,
        )
    )
    page = HTMLResponse(text, status)
    keep_language(request, page)
    return page


def keep_language(request: Request, response: Response) -> None:
    """Set the cookie of the language where the address asks for one."""
    if "lang" in request.query_params:
        response.set_cookie(
            LANGUAGE_COOKIE, choose_page_language(request), _YEAR, samesite="strict", httponly=True
        )


def show_failure(request: Request, status: int, fact: str, remedy: str) -> Response:
    """Return what is shown where something fails: a page, or JSON where no page is wanted."""
    if request.url.path.startswith(API):
        return fault_answer(status, fact, remedy)
    if wants_json(request):
        return JSONResponse({"error": fact, "remedy": remedy}, status)
    return show_page(request, "error.html", status=status, code=status, fact=fact, remedy=remedy)


def fault_answer(status: int, fact: str, remedy: str, **more: object) -> Response:
    """Return a failure as JSON for programs, as RFC 9457 has it."""
    told = {"type": "about:blank", "title": fact, "status": status, "remedy": remedy, **more}
    return JSONResponse(told, status, media_type="application/problem+json")


def wants_json(request: Request) -> bool:
    """Answer whether a script of ours asks, which shows the message itself."""
    return "application/json" in request.headers.get("accept", "")


def fill_in(language: Language, template: str, **values: object) -> str:
    """Return a message of a template in a language, with its values."""
    shown = {key: str(one) for key, one in values.items()}
    return load_catalogue(language).fill_in(template, shown)


@cache
def make_environment() -> Environment:
    """Return what renders the desk's templates: everything is escaped, a missing value is an error."""
    environment = Environment(
        loader=PackageLoader("pipeline.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.filters["visible"] = show_hidden
    environment.filters["brief"] = shorten
    environment.filters["query"] = urlencode
    return environment


@cache
def static_address(name: str) -> str:
    """Return the address of a file in static/, which changes with its bytes."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@cache
def _preload(name: str) -> Markup:
    """Have the modules that a script imports fetched together with it."""
    link = Markup('<link rel="modulepreload" href="/static/{}">')
    return Markup().join(link.format(one) for one in list_modules(STATIC, name)[:-1])


def _switch_address(request: Request, language: Language) -> str:
    """Return the address of this page in the other language."""
    other = "en" if language == "zh" else "zh"
    query = [one for one in request.query_params.multi_items() if one[0] != "lang"]
    path = request.url.path if request.method == "GET" else "/"
    return f"{path}?{urlencode([*query, ('lang', other)])}"
