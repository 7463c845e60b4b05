"""Serve the desk on a port until it is stopped."""

from __future__ import annotations

import gc
import socket
import threading
from typing import TYPE_CHECKING, get_args

import uvicorn

from pipeline.compare.words import split_words
from pipeline.errors import PipelineError
from pipeline.messages.catalogue import load_catalogue
from pipeline.messages.language import Language
from pipeline.web.app import create_app
from pipeline.web.page import make_environment
from pipeline.web.review.shown_notice import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.web.desk import Desk
    from pipeline.web.settings import DeskSettings

# A page that waits for news holds a connection open; leaving does not wait longer for it.
_LEAVING_SECONDS = 3
# Comparisons need a dictionary that takes a second to read: it is read when the first page is shown.
_REST_AFTER = 3.0
# What the first reader would wait for longest.
_FIRST_TEMPLATES = ("plans/plans.html", "review/notice.html", *PARTS)


class AddressError(PipelineError):
    """The desk cannot listen at an address."""


def serve(settings: DeskSettings, tell_address: Callable[[str], None]) -> None:
    """Serve the desk; `tell_address` is given its address once it can be opened. Raises AddressError."""
    listening = _listen(settings.host, settings.port)
    port = listening.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_LEAVING_SECONDS,
        proxy_headers=bool(settings.proxy_user_header),
    )
    _prepare(_FIRST_TEMPLATES)
    tell_address(f"http://{host}:{port}/")
    preparing = threading.Timer(_REST_AFTER, _prepare_rest)
    preparing.daemon = True
    preparing.start()
    with listening:
        DeskServer(config, app.state.desk).run(sockets=[listening])


class DeskServer(uvicorn.Server):
    """A server that tells its desk before it waits for answers that are on their way."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what can be answered, and end."""
        self._desk.stop()
        await super().shutdown(sockets)


def _prepare(templates: Iterable[str]) -> None:
    """Read messages and templates before somebody waits for a page that is made of them."""
    for language in get_args(Language):
        load_catalogue(language)
    for name in templates:
        make_environment().get_template(name)
    # They stay for as long as the desk runs, and need not be looked at again for what may go.
    gc.freeze()


def _prepare_rest() -> None:
    split_words("计划")
    _prepare(make_environment().list_templates())


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        fact = f"cannot be listened at ({error.strerror or error})"
        remedy = "name another address by --host and --port"
        raise AddressError(f"{host}:{port}", fact, remedy) from error
    return made
