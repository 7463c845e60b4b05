"""Reading pages against named baselines in the same run, and memory against the page: `make bench`.

All times are of the processor, with Python's collector at rest for all of them.

The pages are the shared corpus's where it stands beside the checkout, else pages made here in
the manner of a government site.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lxml.html import document_fromstring

from benchmarks.measure import Turns, keep_figure
from pipeline import parse_notice
from pipeline.model import Source
from pipeline.read import to_source
from pipeline.read.web.page import read

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
PLACE = Path("page.html")
_STYLE = "margin-top: 0px; text-indent: 2em; text-align: justify; font-family: 宋体;"


def made(items: int) -> bytes:
    """A page of a site: its menu, its block, so many items in styled paragraphs."""
    lines = "".join(
        f'<p style="{_STYLE}"><span style="font-size: 16pt">{n}．推进第{n}项改革，完善制度，压实责任，'
        f"确保年底前取得实效。（市财政局牵头，市发展改革委、各县区人民政府配合）</span></p>\n"
        for n in range(1, items + 1)
    )
    menu = "".join(f'<li><a href="/c{n}/">栏目{n}</a></li>' for n in range(40))
    return (
        f"<html><head><title>关于印发2024年重点工作分工的通知</title></head><body><ul>{menu}</ul>"
        f"<table><tr><td>索 引 号：</td><td>A-1</td><td>成文日期：</td><td>2024年3月1日</td></tr></table>"
        f'<div id="UCAP-CONTENT"><p>某市2024年重点工作分工</p>{lines}</div></body></html>'
    ).encode()


def pages() -> tuple[str, list[bytes]]:
    found = [path.read_bytes() for path in sorted(CORPUS.glob("*/doc.html"))]
    return ("the corpus's pages", found) if found else ("made pages", [made(30) for _ in range(6)])


def source(page: bytes) -> Source:
    return to_source(read(page, PLACE), page, PLACE.name, None, None)


def record(page: bytes) -> object:
    return parse_notice(source(page))


def soup(page: bytes) -> object:
    from bs4 import BeautifulSoup  # noqa: PLC0415

    return BeautifulSoup(page, "lxml")


def extracted(page: bytes) -> object:
    from trafilatura import extract  # noqa: PLC0415

    return extract(page.decode())


# The calls that are compared, and what their figures are called.
_KEYS = {
    "page -> source": "source",
    "page -> record": "record",
    "lxml.html.document_fromstring": "lxml",
    "BeautifulSoup(page, 'lxml')": "soup",
    "trafilatura.extract": "trafilatura",
}


def bare_tree(page: bytes) -> object:
    return document_fromstring(page)


def each(call: Callable[[bytes], object], given: list[bytes]) -> None:
    """Call and let go of the result."""
    for page in given:
        call(page)


def compare(name: str, given: list[bytes], rounds: int, key: str = "") -> None:
    """Print what pages take, by turns in every round; keep the figures where they have a key."""
    calls = dict(zip(_KEYS, (source, record, bare_tree, soup, extracted), strict=True))
    turns = Turns({label: partial(each, call, given) for label, call in calls.items()}, rounds)
    size = sum(map(len, given)) / 1e6
    print(f"\n{name}: {len(given)} pages, {size:.2f} MB")
    for label in calls:
        seconds, share = turns.median(label), turns.ratio("page -> record", label)
        print(
            f"  {label:30} {seconds * 1e3:9.2f} ms {size / seconds:7.2f} MB/s   record / this = {share:5.2f}"
        )
        if key:
            keep_figure(f"{key}.{_KEYS[label]}", share)
    if key:
        keep_figure(f"{key}.count", len(given))
        keep_figure(f"{key}.speed", size / turns.median("page -> record"))


_PEAK = r"""
import gc, re, sys
from benchmarks.reading import PLACE, made, record, source
call, page = {"source": source, "record": record}[sys.argv[1]], made(int(sys.argv[2]))
call(made(3))
gc.collect()
def peak():
    # Of this process only: ru_maxrss begins with the peak of the process that started it.
    return int(re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1]) * 1024
before = peak()
kept = call(page)
print(len(page), peak() - before)
"""


def memory(items: int) -> None:
    """The peak of a process of its own, what it needed before the page taken off."""
    for call in ("source", "record"):
        command = [sys.executable, "-c", _PEAK, call, str(items)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        size, peak = map(int, done.stdout.split())
        print(f"  page of {size / 1e6:5.1f} MB -> {call}: peak {peak / size:5.1f} times the page")
        keep_figure(f"page.peak_{call}", peak / size)


if __name__ == "__main__":
    compare(*pages(), rounds=9, key="page")
    compare("one long page", [made(3000)], rounds=3)
    print("\nmemory")
    for items in (3000, 30_000):
        memory(items)
