"""Speed of the main job against named baselines in the same run: `make bench`."""

from __future__ import annotations

import gc
import hashlib
import re
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline import parse_notice, read_source
from pipeline.model import Notice, Source
from tests.plans import CELLS, write_plan

RAW = Path(__file__).parent.parent / "raw" / "yantian" / "2011" / "reform-plan.txt"
_PLANS = 3000
_BARE = re.compile(
    r"(?m)^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d+[、.])|(?:牵头区领导|主办单位|协办单位):[^\n]*"
)


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


def compare(name: str, texts: list[str], times: int) -> None:
    import jieba  # noqa: PLC0415

    jieba.setLogLevel(60)
    jieba.initialize()
    sources = [source(text) for text in texts]
    records = [parse_notice(one).model_dump_json() for one in sources]
    calls: dict[str, Callable[[], object]] = {
        "text -> validated record": lambda: each(parse_notice, sources),
        "(a) model_validate_json": lambda: each(Notice.model_validate_json, records),
        "(b) jieba.lcut": lambda: each(jieba.lcut, texts),
        "(c) bare finditer": lambda: each(lambda text: list(_BARE.finditer(text)), texts),
    }
    taken = {label: median(call, times) for label, call in calls.items()}
    own = taken["text -> validated record"]
    print(f"\n{name}: {len(texts)} notices, {sum(map(len, texts)):,} characters")
    for label, seconds in taken.items():
        print(f"  {label:26} {seconds * 1e3:10.3f} ms   ours / this = {own / seconds:8.2f}")


def varied(copies: int) -> str:
    """So many different plans in one text: identical ones would be read as one that is printed twice."""
    plans = (write_plan(seed, *CELLS[seed % len(CELLS)]).text for seed in range(copies))
    return "\n".join(plans)


def growth() -> None:
    """How the time grows with the text: doubled copies of a notice, and twice as many varied plans."""
    taken = {}
    for plans in (_PLANS, 2 * _PLANS):
        many = source(varied(plans))
        gc.collect()
        start = time.process_time()
        parse_notice(many)
        taken[plans] = time.process_time() - start
    size = len(many.text.encode()) / 1e6
    ratio = taken[2 * _PLANS] / taken[_PLANS]
    print(f"\nvaried plans to {size:.1f} MB: {taken[2 * _PLANS]:.2f} s of CPU, {ratio:.2f} times")
    text = RAW.read_text("utf-8") + "\n"
    print("\ndoubling the input")
    for name, one in (("lines", text), ("one line", text.replace("\n", " "))):
        taken = {}
        for copies in (600, 1200):
            many = source(one * copies)
            gc.collect()
            taken[copies] = min(median(lambda many=many: parse_notice(many), 1) for _ in range(2))  # type: ignore[misc]
        size = len(one.encode()) * 1200 / 1e6
        print(
            f"  {name:9} to {size:4.1f} MB: {taken[1200]:6.2f} s, {taken[1200] / taken[600]:.2f} times"
        )


def start() -> None:
    def once(*args: str) -> float:
        return median(
            lambda: subprocess.run([sys.executable, *args], capture_output=True, check=True), 9
        )

    bare, help_ = once("-c", "pass"), once("-m", "pipeline", "--help")
    print(
        f"\nstart: --help {help_ * 1e3:.0f} ms, bare Python {bare * 1e3:.0f} ms, more by {(help_ - bare) * 1e3:.0f} ms"
    )


def memory() -> None:
    one = read_source(RAW)
    tracemalloc.start()
    parse_notice(one)
    print(f"\npeak memory of one parse: {tracemalloc.get_traced_memory()[1] / 1024:.0f} KiB")
    tracemalloc.stop()


if __name__ == "__main__":
    compare("the Yantian notice", [RAW.read_text("utf-8")], 300)
    compare("generated notices", [generated(n) for n in range(1000)], 3)
    growth()
    start()
    memory()
