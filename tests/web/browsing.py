"""A desk on a port of its own, and a browser in front of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, expect

from pipeline.web.app import create_app
from pipeline.web.serving import DeskServer, _listen
from pipeline.web.settings import DeskSettings
from pipeline.web.site.copying import write_site

# A machine that is busy with other things takes its time for a page.
expect.set_options(timeout=20_000)


@contextmanager
def serve_desk(output: Path, **settings: object) -> Iterator[str]:
    """Serve a desk from a thread; yield its address."""
    chosen = {"cache": output.parent / "cache", **settings}
    app = create_app(DeskSettings(output, **chosen))  # type: ignore[arg-type]
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    server = DeskServer(config, app.state.desk)
    with _listen("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def open_page(
    browser: Browser | None,
    address: str,
    *,
    width: int = 1280,
    dark: bool = False,
    language: str = "zh",
    allowed: tuple[str, ...] = (),
) -> Iterator[Page]:
    """Open a page; at the end no script may have failed or been refused, but for `allowed` words."""
    assert browser, "CI is set, but this machine has no chromium"
    said: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        locale="zh-CN" if language == "zh" else "en-US",
    )
    page = context.new_page()
    page.on("console", lambda one: said.extend([one.text] * (one.type in ("error", "warning"))))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert [one for one in said if not any(word in one for word in allowed)] == []


def write_copy(output: Path, folder: Path, language: str = "zh") -> None:
    """Write a static copy; from a thread, since a browser's driver has the event loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        copied = pool.submit(
            write_site, output, folder, "zh" if language == "zh" else "en", folder.parent / "cache"
        ).result()
    assert copied.failed == []
