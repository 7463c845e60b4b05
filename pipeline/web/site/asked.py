"""Ask the desk for a page within this process, as a browser of a reader would."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from starlette.types import ASGIApp

_HOST = b"localhost"


class Answer(NamedTuple):
    """The status and the body of an answer."""

    status: int
    body: bytes


def ask(app: ASGIApp, address: str, language: str) -> Answer:
    """Return the answer to a request for an address such as /search?words=x."""
    return asyncio.run(_ask(app, address, language))


async def _ask(app: ASGIApp, address: str, language: str) -> Answer:
    parts = urlsplit(address)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", _HOST), (b"accept-language", language.encode())],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
    status, body = 500, bytearray()

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        body.extend(message.get("body", b""))

    await app(scope, receive, send)
    return Answer(status, bytes(body))
