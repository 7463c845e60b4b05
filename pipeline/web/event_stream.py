"""Answer with server-sent events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable


class EventStream(StreamingResponse):
    """Events as they come; proxies such as nginx are told to pass each on at once."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterable[str] | Iterable[str]) -> None:
        super().__init__(events, headers={"x-accel-buffering": "no"})
