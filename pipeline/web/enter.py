"""The page on which the token of a desk is entered, and the way out."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from pipeline.web.page import show_page
from pipeline.web.rights import TOKEN_COOKIE, seal

if TYPE_CHECKING:
    from pipeline.web.settings import DeskSettings

router = APIRouter(include_in_schema=False)
_HALF_A_YEAR = 15_552_000


@router.get("/enter")
def show_entrance(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Show the form for the token."""
    return show_page(request, "enter.html", back=_own_address(next), is_wrong=False)


@router.post("/enter")
def enter(
    request: Request,
    token: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the name of the field
) -> Response:
    """Give whoever knows a token the cookie for it."""
    settings: DeskSettings = request.app.state.settings
    known = (settings.write_token, settings.read_token)
    given = token.strip()
    if not any(one and hmac.compare_digest(given.encode(), one.encode()) for one in known):
        values = {"back": _own_address(next), "is_wrong": True}
        return show_page(request, "enter.html", status=403, **values)
    response = RedirectResponse(_own_address(next), 303)
    response.set_cookie(
        TOKEN_COOKIE,
        seal(given),
        _HALF_A_YEAR,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


@router.post("/leave")
def leave(request: Request) -> Response:  # noqa: ARG001 - every endpoint is given it
    """Take the cookie back."""
    response = RedirectResponse("/enter", 303)
    response.delete_cookie(TOKEN_COOKIE, httponly=True, samesite="strict")
    return response


def _own_address(address: str) -> str:
    """Return an address of this desk: never one that leads to another site, as //example.org does."""
    is_own = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_own and address.isprintable() else "/"
