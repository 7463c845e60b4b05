"""What other libraries make of the same documents: run by the Python of `.venv-peers`, which has them.

Reads a job as JSON from stdin, {"tool": …, "documents": […]}, and writes {"seconds": […], "results": […]} as
JSON to stdout; seconds are of the processor, without imports and without one document for warming up.
Imports nothing of this project.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import re
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

Tool = Callable[[dict[str, Any]], Any]
_SENTENCE_END = re.compile(r"[。;；\n]")


def trafilatura() -> Tool:
    """The text that trafilatura extracts from a page."""
    extract = import_module("trafilatura").extract
    return lambda document: extract(document["page"]) or ""


def readability() -> Tool:
    """The text of the part of a page that readability-lxml takes for the article."""
    read, html = import_module("readability").Document, import_module("lxml.html")
    return lambda document: html.document_fromstring(
        read(document["page"]).summary()
    ).text_content()


def markitdown() -> Tool:
    """The Markdown that markitdown makes of a page."""
    package = import_module("markitdown")
    convert, kind = package.MarkItDown(enable_plugins=False).convert_stream, package.StreamInfo
    about = kind(extension=".html", mimetype="text/html", charset="utf-8")
    return lambda document: (
        convert(io.BytesIO(document["page"].encode()), stream_info=about).text_content
    )


def docling() -> Tool:
    """The text of a page by docling's own reader of HTML; its pipeline for all formats needs torch."""
    backend = import_module("docling.backend.html_backend").HTMLDocumentBackend
    kind = import_module("docling.datamodel.base_models").InputFormat.HTML
    document_of = import_module("docling.datamodel.document").InputDocument

    def read(document: dict[str, Any]) -> Any:  # noqa: ANN401  docling has no types here
        data = document["page"].encode()
        given = document_of(
            path_or_stream=io.BytesIO(data), format=kind, backend=backend, filename="page.html"
        )
        return backend(given, io.BytesIO(data)).convert().export_to_text()

    return read


def langextract() -> Tool:
    """Where langextract's aligner finds names in a text, given the right names in their order.

    Its usual tokenizer takes a run of Chinese characters for one word; the other one is for such text.
    """
    align = import_module("langextract.resolver").WordAligner().align_extractions
    extraction = import_module("langextract.data").Extraction
    tokenizer = import_module("langextract.core.tokenizer").UnicodeTokenizer()

    def read(document: dict[str, Any]) -> list[list[int] | None]:
        asked = [extraction("name", name) for name in document["names"]]
        aligned = align([asked], document["text"], tokenizer_impl=tokenizer)
        places = (one.char_interval for group in aligned for one in group)
        return [[place.start_pos, place.end_pos] if place else None for place in places]

    return read


def jionlp() -> Tool:
    """The days that jionlp finds, sentence by sentence: a whole text at once takes it minutes."""
    find = import_module("jionlp").ner.extract_time

    def read(document: dict[str, Any]) -> list[str]:
        days = []
        for sentence in _SENTENCE_END.split(document["text"]):
            # It raises on some sentences; what it finds in the others counts.
            with contextlib.suppress(Exception):
                found = find(sentence)
                days += [one["detail"]["time"][0][:10] for one in found if _is_day(one)]
        return days

    return read


def _is_day(found: dict[str, Any]) -> bool:
    times = found.get("detail", {}).get("time")
    return isinstance(times, list) and len(times) == 2 and times[0][:10] == times[1][:10]


TOOLS: dict[str, Callable[[], Tool]] = {
    one.__name__: one
    for one in (trafilatura, readability, markitdown, docling, langextract, jionlp)
}


def main() -> None:
    """Do the job on stdin."""
    job = json.load(sys.stdin)
    # Some libraries greet on stdout.
    with contextlib.redirect_stdout(sys.stderr):
        tool = TOOLS[job["tool"]]()
        tool(job["documents"][0])
        gc.collect()
        gc.disable()
        seconds, results = [], []
        for document in job["documents"]:
            start = time.process_time()
            results.append(tool(document))
            seconds.append(time.process_time() - start)
    json.dump({"seconds": seconds, "results": results}, sys.stdout)


if __name__ == "__main__":
    main()
