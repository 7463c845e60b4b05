"""Does the time grow with the length, whatever the text? `make bench`.

Every input repeats one shape that a pattern could stumble over. It is grown until parsing takes
long enough to measure, then doubled: a parse of twice the length may take 2.6 times as long.
Prints a line an input; exit 1 where one grows faster.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import sys
import time

from pipeline import parse_notice
from pipeline.model import Source

LIMIT = 2.6
ENOUGH, LONGEST = 0.06, 3_000_000
_HEAD = "甲区2023年重点工作\n一、重点任务\n1.完善机制。(区财政局负责)\n"

# Name: what stands before, the shape, what stands behind.
SHAPES: dict[str, tuple[str, str, str]] = {
    "open brackets": ("", "(", ""),
    "open brackets of four kinds": ("", "(〔[【", ""),
    "closing brackets": ("", ")", ""),
    "unclosed clauses": ("", "(区财政局牵头,区教育局配合", ""),
    "unclosed labels": ("", "(责任单位:区财政局", ""),
    "unclosed plates": ("责任单位:", "区发改局(区统计局、", ""),
    "quotes": ("", "《", ""),
    "nested quotes": ("", "《〈“", ""),
    "enumeration marks": ("责任单位:", "、", ""),
    "names": ("责任单位:", "区财政局、", "区教育局\n"),
    "names in a bracket": ("2.推进改革。(", "区财政局、", "区教育局负责)\n"),
    "plates": ("责任单位:", "区发改局(区统计局)、", "区教育局\n"),
    "ands": ("责任单位:", "区财政局和", "区教育局\n"),
    "and-so-ons": ("责任单位:", "区财政局等", "\n"),
    "commas": ("责任单位:", "区财政局,", "\n"),
    "numbers": ("", "1.", ""),
    "Chinese numbers": ("", "一、", ""),
    "bracketed numbers": ("", "(一)", ""),
    "circled numbers": ("", "①", ""),
    "all levels": ("", "一、(一)1.(1)①", ""),
    "digits": ("", "1", ""),
    "numerals": ("", "十", ""),
    "decimals": ("", "1.5", ""),
    "years": ("", "2023年", ""),
    "dates": ("", "2023年6月底前,", ""),
    "months": ("完成时限:", "6月底前", ""),
    "colons": ("", ":", ""),
    "labels": ("", "责任单位:", ""),
    "labels with names": ("", "牵头单位:区财政局;", ""),
    "label lines": ("", "牵头单位:区财政局\n", ""),
    "leads": ("", "区财政局牵头,", ""),
    "by whom": ("", "由区财政局牵头,", ""),
    "together with": ("", "会同", ""),
    "helpers": ("", "配合", ""),
    "standing sentences": ("", "以下均需区财政局落实,不再列出。", ""),
    "closing sentences": ("", "以上任务由区财政局负责。", ""),
    "lists with closing sentences": ("", "1.修路。\n2.种树。\n以上任务由区财政局负责。\n", ""),
    "notes": ("", "列第一位者为牵头单位,下同。", ""),
    "brackets after sentences": ("", "推进改革。(区财政局负责)", ""),
    "tasks": ("", "1.推进改革。(区财政局牵头,区教育局配合)\n", ""),
    "tasks without owners": ("", "1.推进改革。\n", ""),
    "headings": ("", "一、深化改革\n", ""),
    "headings with leaders": ("", "一、王纲市长牵头重点工作\n", ""),
    "annexes": ("", "附件1\n甲区2023年计划\n", ""),
    "notices": ("", "关于印发甲区2023年计划的通知\n", ""),
    "titles in one line": ("", "关于印发甲区2023年计划的通知", ""),
    "table rows": ("序号\t任务\t责任单位\n", "1\t推进改革\t区财政局\n", ""),
    "table columns": ("序号\t任务\t责任单位\n1\t推进改革", "\t区财政局", "\n"),
    "bars": ("", "|", ""),
    "barred rows": ("序号 | 任务 | 责任单位 |\n", "1 | 推进改革 | 区财政局 |\n", ""),
    "box rows": ("┌──┬──┐\n", "│推进│财局│\n├──┼──┤\n", "└──┴──┘\n"),
    "box rules": ("", "─", ""),
    "cells": ("序号\n任务\n责任单位\n", "1\n推进改革\n区财政局\n", ""),
    "page marks": ("", "— 1 —\n", ""),
    "torn lines": ("2.推进改革。(", "区财政\n\n局、", "区教育局负责)\n"),
    "blank lines": ("", "\n", ""),
    "blanks": ("", " ", ""),
    "ideographic blanks": ("责任单位:", "\u3000", "区财政局\n"),
    "unseen characters": ("", "\u200b", ""),
    "syllables": ("", "责(zé)", ""),
    "radicals": ("", "⽉", ""),
    "traditional": ("", "責任單位:區財政局\n", ""),
    "stops": ("", "。", ""),
    "no stops": ("", "推进改革发展", ""),
    "one character": ("", "推", ""),
    "column heads": ("", "编号", ""),
    "column heads apart": ("", "序号 任务 责任单位 ", ""),
    "words of manner": ("责任单位:", "各自", ""),
    "words of basis": ("责任单位:", "按照职责负责", ""),
    "subjects of a department": ("责任单位:", "新建", "局"),
    "Latin letters": ("", "a", ""),
    "unpaired characters": ("", "\U0001f600", ""),
}


def taken(text: str) -> float:
    """Seconds of one parse, of this process alone."""
    one = Source(sha256=hashlib.sha256(text.encode()).hexdigest(), text=text)
    gc.collect()
    # Looking for cycles among more and more records is the interpreter's growth, not the parser's.
    gc.disable()
    try:
        start = time.process_time()
        parse_notice(one)
        return time.process_time() - start
    finally:
        gc.enable()


def written(name: str, many: int) -> str:
    """An input with so many of its shape."""
    before, shape, after = SHAPES[name]
    return _HEAD + before + shape * many + after


def grown(name: str) -> int:
    """How many of a shape take long enough to measure, or make the longest text."""
    many = 500
    while taken(written(name, many)) < ENOUGH and len(written(name, many)) < LONGEST:
        many *= 2
    return many


def ratio(name: str, many: int) -> tuple[float, float]:
    """Seconds for twice as many, and how many times longer that takes; the best of five."""
    once, twice = float("inf"), float("inf")
    for _ in range(5):
        once = min(once, taken(written(name, many)))
        twice = min(twice, taken(written(name, 2 * many)))
        if twice <= LIMIT * once * 0.9:
            break
    return twice, twice / once


def main() -> int:
    """Print a line an input; exit 1 where the time grows faster than the length."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="only these inputs")
    args = parser.parse_args()
    steep = []
    for name in args.names or SHAPES:
        many = grown(name)
        seconds, times = ratio(name, many)
        mark = "" if times <= LIMIT else "  grows too fast"
        steep += [name] if mark else []
        length = len(written(name, 2 * many))
        print(
            f"{name:28} {length:>9,} characters {seconds:7.3f} s {times:6.2f} times{mark}",
            flush=True,
        )
    print(f"{len(steep)} of {len(args.names or SHAPES)} inputs grow faster than {LIMIT}: {steep}")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
