"""Other libraries on the same documents in one run, beside this one: `make peers`.

The labelled documents of the shared corpus are given to each library, which is asked for the part that it
does: the text of a page, the places of names in a text, or the days in it. None of them makes a plan into items
with their owners, so no line compares the whole job. Times are of the processor, by turns, with Python's
collector at rest; quality is held against the labels, which say how each item begins and who is named for it.
"""

from __future__ import annotations

import gc
import json
import re
import statistics
import subprocess
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measure import keep_figure
from benchmarks.speed import CORPUS, ROOT
from pipeline import parse_notice, read_source
from pipeline.collector import collector_at_rest
from pipeline.model import Notice, Source
from pipeline.text import fold, print_brackets

PYTHON = ROOT / ".venv-peers" / "bin" / "python"
_TOOLS = Path(__file__).parent / "peer_tools.py"
_ROUNDS = 3
_ROLES = ("leaders", "host_units", "co_host_units")
_PAGE_TOOLS = ("trafilatura", "readability", "markitdown", "docling")
# Marks that Markdown and drawn tables put between words.
_MARKS = re.compile(r"[\s\\|*#]+")


class Document(NamedTuple):
    """A labelled document: its file, its source as read here, and what the labels say."""

    path: Path
    source: Source
    labels: dict[str, Any]

    @property
    def names(self) -> list[tuple[int, str]]:
        """Who is named for which item, in the order of the labels."""
        return [
            (number, name)
            for number, item in enumerate(self.labels["items"])
            for role in _ROLES
            for name in item[role]
        ]


def read_documents() -> list[Document]:
    """The labelled documents of the shared corpus."""
    return [
        Document(path, read_source(path), json.loads(labels.read_text("utf-8")))
        for labels in sorted(CORPUS.glob("*/gold.json"))
        for path in labels.parent.glob("doc.*")
    ]


def squeeze(text: str) -> str:
    """A text without widths, blanks and marks of Markdown, to be compared by its words."""
    return _MARKS.sub("", print_brackets(fold(text)))


def run_peer(tool: str, documents: list[dict[str, Any]]) -> tuple[float, list[Any]]:
    """A library's results, and the processor seconds for all documents."""
    job = json.dumps({"tool": tool, "documents": documents})
    done = subprocess.run(
        [PYTHON, _TOOLS], input=job, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    if done.returncode:
        sys.exit(f"{tool} did not run:\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout)
    return sum(told["seconds"]), told["results"]


def run_own(call: Callable[[Document], Any], documents: list[Document]) -> tuple[float, list[Any]]:
    """The same for this library, which is measured as the others are."""
    call(documents[0])
    with collector_at_rest():
        gc.collect()
        start = time.process_time()
        results = [call(document) for document in documents]
        return time.process_time() - start, results


def by_turns(
    runs: dict[str, Callable[[], tuple[float, list[Any]]]],
) -> dict[str, tuple[float, list[Any]]]:
    """Each run once a round: the middle time of each, and its results."""
    rounds = [{name: run() for name, run in runs.items()} for _ in range(_ROUNDS)]
    return {
        name: (statistics.median(one[name][0] for one in rounds), rounds[0][name][1])
        for name in runs
    }


def compare_pages(documents: list[Document]) -> None:
    """The text of pages: what of the labelled items and names is in it, and how long it is."""
    pages = [document for document in documents if document.path.suffix == ".html"]
    given = [{"page": page.path.read_text("utf-8", errors="replace")} for page in pages]
    found = by_turns(
        {
            "fengong": lambda: run_own(lambda page: read_source(page.path).text, pages),
            **{tool: lambda tool=tool: run_peer(tool, given) for tool in _PAGE_TOOLS},  # type: ignore[misc]
        }
    )
    print(f"\npage -> text, {len(pages)} labelled pages")
    print(f"{'':14}{'ms a page':>10}{'openings':>10}{'names':>8}{'characters':>12}")
    for tool, (seconds, texts) in found.items():
        openings, names = find_words(pages, texts)
        length = sum(map(len, texts))
        each = seconds / len(pages) * 1e3
        print(f"{tool:14}{each:10.1f}{openings:10.3f}{names:8.3f}{length:12,}")
        for key, value in (("ms", each), ("openings", openings), ("names", names)):
            keep_figure(f"peers.page.{tool}.{key}", value)


def find_words(documents: list[Document], texts: list[str]) -> tuple[float, float]:
    """The shares of labelled openings of items and of names that the texts have, word for word."""
    openings: list[bool] = []
    names: list[bool] = []
    for document, text in zip(documents, texts, strict=True):
        squeezed = squeeze(text)
        openings += [squeeze(item["starts"]) in squeezed for item in document.labels["items"]]
        names += [squeeze(name) in squeezed for name in {name for _, name in document.names}]
    return statistics.mean(openings), statistics.mean(names)


class Windows:
    """Where each labelled item is in a text: from its opening to the next opening of any item."""

    def __init__(self, text: str, labels: dict[str, Any]) -> None:
        kept = [at for at, char in enumerate(text) if not _MARKS.match(char)]
        squeezed = squeeze("".join(text[at] for at in kept))
        self._starts: dict[int, int] = {}
        after = 0
        for number, item in enumerate(labels["items"]):
            opening = squeeze(item["starts"])
            found = squeezed.find(opening, after)
            found = squeezed.find(opening) if found < 0 else found
            if found >= 0:
                self._starts[kept[found]] = number
                after = found + 1
        self._ordered = sorted(self._starts)

    def item_at(self, offset: int) -> int | None:
        """The labelled item whose window an offset is in."""
        before = bisect_right(self._ordered, offset) - 1
        return self._starts[self._ordered[before]] if before >= 0 else None


def compare_names(documents: list[Document]) -> None:
    """Places of names: found by this library, and for the right names given by langextract's aligner."""
    named = [document for document in documents if document.names]
    given = [{"text": one.source.text, "names": [name for _, name in one.names]} for one in named]
    found = by_turns(
        {
            "fengong": lambda: run_own(lambda one: parse_notice(one.source), named),
            "langextract": lambda: run_peer("langextract", given),
        }
    )
    asked = sum(len(one.names) for one in named)
    windows = [Windows(one.source.text, one.labels) for one in named]
    seconds, records = found["fengong"]
    own = sum(map(count_found, named, windows, records))
    other_seconds, places = found["langextract"]
    other = sum(map(count_aligned, named, windows, places))
    print(f"\nnames -> places in the text, {asked:,} labelled names of {len(named)} documents")
    print(f"{'':14}{'ms a text':>10}{'in their item':>15}")
    for tool, spent, right, given_too in (
        ("fengong", seconds, own, "finds the names itself, and all else of the record"),
        ("langextract", other_seconds, other, "is given the right names in their order"),
    ):
        each = spent / len(named) * 1e3
        print(f"{tool:14}{each:10.1f}{right / asked:15.3f}   {given_too}")
        keep_figure(f"peers.names.{tool}.ms", each)
        keep_figure(f"peers.names.{tool}.right", right / asked)


def count_found(document: Document, windows: Windows, record: Notice) -> int:
    """How many labelled names the record has at a place inside their item."""
    found = {
        (windows.item_at(name.span.start), squeeze(name.name))
        for item in record.items
        for role in _ROLES
        for name in getattr(item, role)
    }
    return sum((number, squeeze(name)) in found for number, name in document.names)


def count_aligned(document: Document, windows: Windows, places: list[list[int] | None]) -> int:
    """How many labelled names are aligned with their own words inside their item."""
    right = 0
    for (number, name), place in zip(document.names, places, strict=True):
        if place is not None:
            words = squeeze(document.source.text[place[0] : place[1]])
            right += words == squeeze(name) and windows.item_at(place[0]) == number
    return right


def compare_days(documents: list[Document]) -> None:
    """The day of the document: as this library says it, and among all days that jionlp finds."""
    dated = [one for one in documents if one.labels.get("meta", {}).get("issued_on")]
    given = [{"text": one.source.text} for one in dated]
    found = by_turns(
        {
            "fengong": lambda: run_own(lambda one: parse_notice(one.source).issued_on, dated),
            "jionlp": lambda: run_peer("jionlp", given),
        }
    )
    print(f"\ntext -> day of the document, {len(dated)} documents with a labelled day")
    print(f"{'':14}{'ms a text':>10}{'right':>8}")
    for tool, (seconds, days) in found.items():
        answers = zip(dated, days, strict=True)
        right = sum(
            one.labels["meta"]["issued_on"] in (day if isinstance(day, list) else [day])
            for one, day in answers
        )
        note = "the day is among all that it finds" if tool == "jionlp" else "and all else"
        each = seconds / len(dated) * 1e3
        print(f"{tool:14}{each:10.1f}{right / len(dated):8.3f}   {note}")
        keep_figure(f"peers.day.{tool}.ms", each)
        keep_figure(f"peers.day.{tool}.right", right / len(dated))


def main() -> None:
    """Print the three tables; needs the corpus and the environment of the other libraries."""
    if not PYTHON.exists():
        sys.exit(f"{PYTHON} is missing: call make peers, which sets it up")
    documents = read_documents()
    if not documents:
        sys.exit(f"no labelled documents in {CORPUS}")
    compare_pages(documents)
    compare_names(documents)
    compare_days(documents)


if __name__ == "__main__":
    main()
