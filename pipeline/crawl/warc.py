"""Keep answers whole, as they came, in WARC files: one for each notice, written once."""

from __future__ import annotations

import io
from http.client import responses
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.crawl.answers import Answer, Exchange

# A body is kept without the chunks in which it was sent, so that this header is true no more.
_CHUNKS = "transfer-encoding"


class _Writer(WARCWriter):  # type: ignore[misc]
    """The library's writer, which would leave temporary files open; bodies are in memory anyway."""

    def _create_temp_file(self) -> io.BytesIO:
        return io.BytesIO()


def warc_bytes(answers: Iterable[Answer]) -> bytes:
    """Return a packed WARC file with every request and response of some answers.

    Headers of requests that hold secrets are not among them.
    """
    file = io.BytesIO()
    writer = _Writer(file, gzip=True)
    for answer in answers:
        for exchange in answer.exchanges:
            _write(writer, exchange, answer.retrieved_at)
    return file.getvalue()


def _write(writer: WARCWriter, exchange: Exchange, retrieved_at: str) -> None:
    date = {"WARC-Date": retrieved_at.replace("+00:00", "Z")}
    words = f"{exchange.status} {responses.get(exchange.status, '')}".strip()
    headers = [
        (f"X-Archive-Orig-{key}" if key.lower() == _CHUNKS else key, value)
        for key, value in exchange.headers
    ]
    response = writer.create_warc_record(
        exchange.url,
        "response",
        payload=io.BytesIO(exchange.raw),
        http_headers=StatusAndHeaders(words, headers, protocol="HTTP/1.1"),
        warc_headers_dict=dict(date),
    )
    asked = StatusAndHeaders(
        f"{exchange.method} {exchange.url} HTTP/1.1", list(exchange.sent), is_http_request=True
    )
    request = writer.create_warc_record(
        exchange.url, "request", http_headers=asked, warc_headers_dict=dict(date)
    )
    writer.write_request_response_pair(request, response)
