"""Check every request before a page sees it, and give every answer the headers that keep it safe."""

from __future__ import annotations

import logging
import re
from ipaddress import ip_address
from secrets import token_hex
from socket import gethostname
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse

from pipeline.web.page import show_failure, wants_json
from pipeline.web.rights import Rights, find_rights

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pipeline.web.settings import DeskSettings

LOG = logging.getLogger("fengong.web")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "private, no-cache",
    "vary": "Accept-Language, Cookie",
}
# A name or an address, with a port.
_HOST = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?")
_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
# What anybody may see: the page on which a token is entered, and what it looks like.
_OPEN_PATHS = ("/static/", "/enter")
ENTER = "/enter"
UPLOAD = "/uploads"


class _Refusal(NamedTuple):
    """Why a request is not let through."""

    status: int
    fact: str
    remedy: str


class _TooLargeError(Exception):
    """A request sends more than it may, though it did not say so before."""


class Guard:
    """The outermost layer: who asks, from where, how much; failures become pages without internals."""

    def __init__(self, app: ASGIApp, settings: DeskSettings) -> None:
        self._app = app
        self._settings = settings
        self._names = {"localhost", gethostname().lower(), *_names_of(settings)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        rights = find_rights(request, self._settings)
        scope.setdefault("state", {})["rights"] = rights
        answer = _Answer(send, is_static=request.scope["path"].startswith("/static/"))
        response = self._refuse(request, rights)
        if response:
            await response(scope, receive, answer.send)
            return
        limit = self._limit(request)
        try:
            await self._app(scope, _limited(receive, limit), answer.send)
        except _TooLargeError:
            await _show(_too_large(limit), request, receive, answer)
        except Exception:
            number = token_hex(4)
            LOG.exception("failure %s at %s %s", number, request.method, request.scope["path"])
            fact = f"the desk failed at this page (number {number})"
            remedy = "try again; the log of the desk has the same number and tells more"
            await _show(_Refusal(500, fact, remedy), request, receive, answer)

    def _refuse(self, request: Request, rights: Rights) -> Response | None:
        """Return the answer to a request that is not let through, None for one that is."""
        found = self._find_fault(request)
        if found:
            return show_failure(request, *found)
        if rights.reading or request.scope["path"].startswith(_OPEN_PATHS):
            return None
        if request.method == "GET" and not _is_for_program(request):
            back = request.scope["path"] + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"{ENTER}?next={quote(back)}", 303)
        remedy = "enter the token of this desk, or send it in a header Authorization: Bearer"
        return show_failure(request, 401, "this desk is read with a token only", remedy)

    def _find_fault(self, request: Request) -> _Refusal | None:
        host = request.headers.get("host", "")
        if not self._is_own(host):
            # A page of another site whose name was pointed to this machine sends its own name.
            remedy = "open it by its own address, or start it with --allow-host NAME"
            return _Refusal(421, "the desk is not known under this name", remedy)
        if request.method not in _SAFE_METHODS and not _is_same_origin(request, host):
            remedy = "open the page again and repeat it there"
            return _Refusal(403, "a page of another site may not change anything here", remedy)
        declared = request.headers.get("content-length", "0")
        limit = self._limit(request)
        if not declared.isdigit() or int(declared) > limit:
            return _too_large(limit)
        return None

    def _is_own(self, host: str) -> bool:
        # Anything else would lead to another path or address where it is put together with one.
        if not _HOST.fullmatch(host):
            return False
        name = urlsplit(f"//{host}").hostname or ""
        return name in self._names or _is_address(name)

    def _limit(self, request: Request) -> int:
        is_upload = request.scope["path"] == UPLOAD
        return self._settings.largest_upload if is_upload else self._settings.largest_form


class _Answer:
    """Sends an answer with the headers of all answers; `has_begun` once the first byte is out."""

    def __init__(self, send: Send, *, is_static: bool) -> None:
        self._send = send
        self._is_static = is_static
        self.has_begun = False

    async def send(self, message: Message) -> None:
        """Send one part."""
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(raw=message["headers"])
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if self._is_static and message["status"] == 200:
                headers["cache-control"] = "public, max-age=31536000, immutable"
            message["headers"] = headers.raw
        await self._send(message)


async def _show(refusal: _Refusal, request: Request, receive: Receive, answer: _Answer) -> None:
    if not answer.has_begun:
        await show_failure(request, *refusal)(request.scope, receive, answer.send)


def _too_large(limit: int) -> _Refusal:
    megabytes = limit / 1_000_000
    return _Refusal(413, f"more than {megabytes:g} MB were sent at once", "send less at once")


def _limited(receive: Receive, limit: int) -> Receive:
    """Count what a request sends, whatever length it declared."""
    count = 0

    async def receive_counted() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > limit:
            raise _TooLargeError
        return message

    return receive_counted


def _is_same_origin(request: Request, host: str) -> bool:
    """Answer whether a request that changes something comes from a page of the desk itself.

    Browsers send Sec-Fetch-Site or Origin with it; a program that sends neither is no browser, and no
    page of another site can make it ask.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


def _is_for_program(request: Request) -> bool:
    return request.scope["path"].startswith("/api/") or wants_json(request)


def _is_address(name: str) -> bool:
    """Answer whether a host is a number: only a name can be pointed to another machine."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _names_of(settings: DeskSettings) -> set[str]:
    return {one.lower() for one in (settings.host, *settings.allowed_hosts)}
