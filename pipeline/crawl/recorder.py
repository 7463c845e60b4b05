"""Turn answers into a fixture: files that a test serves again as they came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.crawl.new_files import name_part
from pipeline.dataset.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.crawl.answers import Answer, Exchange

_INDEX = "fixture.json"
# A cookie of a visit is nobody else's business, and a fixture needs none.
_LEFT_OUT = frozenset({"set-cookie", "transfer-encoding"})


def record_answers(answers: Iterable[Answer], folder: Path) -> int:
    """Write the exchanges of answers into a folder: bodies as they came, and an index fixture.json.

    Entries of an earlier recording in the folder stay; the same address is recorded anew. Returns how
    many exchanges were recorded. Raises OutputError.
    """
    index = folder / _INDEX
    entries: dict[str, dict[str, object]] = {}
    if index.is_file():
        entries = {f"{one['method']} {one['path']}": one for one in json.loads(index.read_text())}
    count = 0
    for exchange in (one for answer in answers for one in answer.exchanges):
        entry = _make_entry(exchange)
        write_whole(folder / str(entry["body"]), exchange.raw)
        entries[f"{entry['method']} {entry['path']}"] = entry
        count += 1
    text = json.dumps([entries[key] for key in sorted(entries)], ensure_ascii=False, indent=1)
    write_whole(index, text.encode() + b"\n")
    return count


def _make_entry(exchange: Exchange) -> dict[str, object]:
    parts = urlsplit(exchange.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = [list(one) for one in exchange.headers if one[0].lower() not in _LEFT_OUT]
    body = f"{name_part(exchange.method + path, 'page')}.body"
    return {
        "method": exchange.method,
        "path": path,
        "status": exchange.status,
        "headers": headers,
        "body": body,
    }
