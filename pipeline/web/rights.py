"""Who may read and who may write: by a token in a cookie or a header, or by the user that a proxy names."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, NamedTuple

from fastapi import HTTPException
from starlette.requests import HTTPConnection, Request

if TYPE_CHECKING:
    from pipeline.web.settings import DeskSettings

TOKEN_COOKIE = "fengong_token"  # noqa: S105 - the name of a cookie
_BEARER = "Bearer "


class Rights(NamedTuple):
    """What a request may do, and the user that a proxy names."""

    reading: bool
    writing: bool
    user: str = ""


def find_rights(request: HTTPConnection, settings: DeskSettings) -> Rights:
    """Return what a request may do. Without tokens and proxy everybody who reaches the desk may all."""
    may_write = not settings.is_read_only
    if not settings.is_guarded:
        return Rights(reading=True, writing=may_write)
    if settings.proxy_user_header:
        user = request.headers.get(settings.proxy_user_header, "").strip()
        if user:
            return Rights(reading=True, writing=may_write, user=_decode(user))
    writing = _has_token(request, settings.write_token)
    reading = writing or _has_token(request, settings.read_token)
    return Rights(reading, writing and may_write)


def rights_of(request: HTTPConnection) -> Rights:
    """Return the rights that the guard found for a request."""
    found: Rights = request.state.rights
    return found


def require_writing(request: Request) -> Rights:
    """Refuse a request that may not write: the dependency of every endpoint that changes something.

    That the request comes from a page of the desk itself has been checked by the guard.
    """
    rights = rights_of(request)
    if not rights.writing:
        raise HTTPException(403)
    return rights


def seal(token: str) -> str:
    """Return the value of the cookie of whoever knows a token; the token cannot be found from it."""
    return hmac.new(token.encode(), b"fengong desk", hashlib.sha256).hexdigest()


def _has_token(request: HTTPConnection, token: str) -> bool:
    if not token:
        return False
    header = request.headers.get("authorization", "")
    if header.startswith(_BEARER):
        given = header.removeprefix(_BEARER).strip()
        return hmac.compare_digest(given.encode("latin-1", "replace"), token.encode())
    cookie = request.cookies.get(TOKEN_COOKIE, "")
    return hmac.compare_digest(cookie.encode("latin-1", "replace"), seal(token).encode())


def _decode(user: str) -> str:
    """Return the name of a user as UTF-8, which headers carry as Latin-1."""
    try:
        return user.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return user
