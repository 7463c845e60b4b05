"""Speed and memory of text -> record against yardsticks of the same run: `make bench`.

No yardstick has code of this project: `json.loads` of the record's JSON and `jieba.lcut` of the text.
All times are of the processor, taken by turns with Python's collector at rest for all of them.

python -m benchmarks.speed [texts] [growth]
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Turns, keep_figure, kept_bytes
from pipeline import parse_notice, read_source
from pipeline.collector import collector_at_rest
from pipeline.model import Source
from tests.plans import CELLS, write_plan

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
RAW = ROOT / "raw" / "yantian" / "2011" / "reform-plan.txt"
_PLANS = 750
_RECORD, _PURGED = "text -> record", "text -> record, patterns forgotten before each"
_LOADS, _WORDS = "json.loads of the record's JSON", "jieba.lcut of the text"
# A sentence in such a plan gives the tasks of all plans of the text to somebody.
_WIDE_CARRIER = "standing"


def source(text: str) -> Source:
    return Source(sha256=hashlib.sha256(text.encode()).hexdigest(), text=text)


def generated(number: int) -> str:
    """A notice of ten items with its own words."""
    items = "".join(
        f"{n}、推进第{number}批第{n}类事项改革。完善制度,明确标准,压实责任,确保取得实效。\n"
        f"牵头区领导:王{number % 10}明;\n主办单位:区财政局;\n协办单位:区发改局、区民政局、各街道办。\n"
        for n in range(1, 11)
    )
    return f"关于印发某区2011年改革计划的通知\n某区2011年改革计划\n一、重点改革项目\n{items}"


def median(call: Callable[[], object], times: int = 3) -> float:
    """The median time of a call."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def each(call: Callable[[Any], object], values: Sequence[object]) -> None:
    """Call and let go of the result, as a run over a folder does."""
    for value in values:
        call(value)


def parse_without_patterns(one: Source) -> object:
    """Parse as if `re` had forgotten every pattern: what is compiled at run time is paid again."""
    re.purge()
    return parse_notice(one)


def compare(key: str, name: str, sources: list[Source], rounds: int) -> None:
    """Print and keep what records of these texts take beside the yardsticks."""
    import jieba  # noqa: PLC0415

    jieba.setLogLevel(60)
    jieba.initialize()
    texts = [one.text for one in sources]
    records = [parse_notice(one).model_dump_json() for one in sources]
    turns = Turns(
        {
            _RECORD: lambda: each(parse_notice, sources),
            _PURGED: lambda: each(parse_without_patterns, sources),
            _LOADS: lambda: each(json.loads, records),
            _WORDS: lambda: each(jieba.lcut, texts),
        },
        rounds,
    )
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"\n{name}: {len(texts)} notices, {size:.2f} MB of text")
    for label in turns.seconds:
        seconds = turns.median(label)
        print(
            f"  {label:48} {seconds * 1e3:9.2f} ms {size / seconds:7.2f} MB/s"
            f"   record / this = {turns.ratio(_RECORD, label):6.2f}"
        )
    keep_figure(f"{key}.count", len(texts))
    keep_figure(f"{key}.loads", turns.ratio(_RECORD, _LOADS))
    keep_figure(f"{key}.jieba", turns.ratio(_RECORD, _WORDS))
    keep_figure(f"{key}.purged", turns.ratio(_PURGED, _RECORD))
    keep_figure(f"{key}.speed", size / turns.median(_RECORD))


def corpus() -> list[Source]:
    """The sources of the shared corpus; none where it is not there."""
    return [read_source(path) for path in sorted(CORPUS.glob("*/doc.*"))]


def varied(copies: int) -> str:
    """So many different plans in one text: identical ones would be read as one that is printed twice.

    None of them has a sentence about all tasks, which would reach those of the other plans too: then the
    record itself, not the time for it, grows with the square of the text.
    """
    cells = [cell for cell in CELLS if cell[0] != _WIDE_CARRIER]
    plans = (write_plan(seed, *cells[seed % len(cells)]).text for seed in range(copies))
    return "\n".join(plans)


def growth() -> None:
    """How time and record grow when the text has twice as many plans, all of them different."""
    once, twice = source(varied(_PLANS)), source(varied(2 * _PLANS))
    sizes = [len(parse_notice(one).model_dump_json()) for one in (once, twice)]
    turns = Turns({"once": lambda: parse_notice(once), "twice": lambda: parse_notice(twice)}, 3)
    times, text = turns.ratio("twice", "once"), len(twice.text) / len(once.text)
    record = sizes[1] / sizes[0]
    seconds = turns.median("twice")
    print(
        f"\nvaried plans to {len(twice.text):,} characters: {seconds:.2f} s, {times:.2f} times for"
        f" {text:.2f} times the text; the record {record:.2f} times, so a byte of it {times / record:.2f} times"
    )
    keep_figure("growth.characters", len(twice.text))
    keep_figure("growth.seconds", seconds)
    keep_figure("growth.times", times)
    keep_figure("growth.a_byte", times / record)


def start() -> None:
    """What `fengong --help` takes beside an empty program."""

    def once(*args: str) -> float:
        before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        subprocess.run([sys.executable, *args], capture_output=True, check=True)
        return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before

    pairs = [(once("-c", "pass"), once("-m", "pipeline", "--help")) for _ in range(9)]
    more = statistics.median(help_ - bare for bare, help_ in pairs) * 1e3
    print(f"\nstart: --help takes {more:.0f} ms of the processor more than bare Python")
    keep_figure("start.more_ms", more)


def memory(key: str, name: str, sources: list[Source]) -> None:
    """The memory of records, their text not counted, beside the bytes of that text in UTF-8."""
    kept = most = size = 0
    with collector_at_rest():
        for one in sources:
            record, peak = kept_bytes(lambda one=one: parse_notice(one))  # type: ignore[misc]
            kept, most, size = kept + record, most + peak, size + len(one.text.encode())
            gc.collect()
    print(
        f"\nmemory, {name}: a record keeps {kept / size:.1f} times the bytes of its text,"
        f" the parse takes up to {most / size:.1f} times (Python's own memory)"
    )
    keep_figure(f"{key}.kept", kept / size)
    keep_figure(f"{key}.most", most / size)


def texts() -> None:
    """Speed and memory of texts; those of the shared corpus only where it is there."""
    real, documents = [read_source(RAW)], corpus()
    compare("real", "the Yantian notice", real, 15)
    compare("generated", "generated notices", [source(generated(n)) for n in range(100)], 5)
    memory("real", "the Yantian notice", real)
    if documents:
        compare("corpus", "the shared corpus", documents, 5)
        memory("corpus", "the shared corpus", documents)


if __name__ == "__main__":
    asked = sys.argv[1:] or ["texts", "growth"]
    if "texts" in asked:
        texts()
    if "growth" in asked:
        growth()
        start()
