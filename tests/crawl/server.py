"""A server on loopback whose pages are functions of the request; it counts what it was asked."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """What the server answers; `etag` makes it answer 304 to who has it already."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    # Pieces that are sent with no length told, one after the other.
    pieces: Callable[[], Iterator[bytes]] | None = None


@dataclass
class Request:
    """A request: its method, its path with query, its headers and body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Route = Callable[[Request], Reply]


@dataclass
class Site:
    """A running server: its address, what it was asked and when, the bytes of the bodies it sent."""

    url: str
    asked: list[Request] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    sent: int = 0
    open: int = 0
    most_open: int = 0

    @property
    def paths(self) -> Counter[str]:
        return Counter(one.path for one in self.asked)


@contextmanager
def serve(route: Route) -> Iterator[Site]:
    """Serve until the block ends."""
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            site.open += 1
            site.most_open = max(site.most_open, site.open)

        def finish(self) -> None:
            site.open -= 1
            with suppress(OSError):
                super().finish()

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            request = Request(self.command, self.path, dict(self.headers.items()), body)
            site.asked.append(request)
            site.times.append(time.monotonic())
            reply = route(request)
            if reply.etag and request.headers.get("If-None-Match") == reply.etag:
                reply = Reply(b"", 304, {"ETag": reply.etag})
            with suppress(OSError):
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.etag and reply.status == 200:
                self.send_header("ETag", reply.etag)
            if reply.pieces:
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True
                for piece in reply.pieces():
                    self.wfile.write(piece)
                    self.wfile.flush()
                return
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            site.sent += len(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}_甲区人民政府</title></head>
<body><div class="nav"><a href="/">首页</a></div><h1>{title}</h1><div class="content">{body}</div></body></html>"""


def page(title: str, *lines: str, charset: str = "utf-8") -> Reply:
    """A page of a notice with paragraphs, which may have links."""
    body = "".join(f"<p>{line}</p>" for line in lines)
    data = PAGE.format(title=title, body=body, charset=charset).encode(
        "gb18030" if charset.startswith("gb") else charset
    )
    return Reply(data, headers={"Content-Type": f"text/html; charset={charset}"})
