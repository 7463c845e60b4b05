"""Many plans for benchmarks: words of jieba's dictionary as often as it says, in the usual layout."""

from __future__ import annotations

import hashlib
import random
from functools import cache
from pathlib import Path

from pipeline import parse_notice
from pipeline.batch.jobs import notice_id
from pipeline.model import Notice, Source

ITEMS = 12
_UNITS = (
    "区发改局", "区教育局", "区民政局", "区财政局", "区人力局", "区卫人局", "区住建局", "区城管局",
    "区文体局", "区经促局", "区审计局", "区司法局", "区委组织部", "区委宣传部", "区编办", "区总工会",
    "团区委", "区妇联", "各街道办", "盐田公安分局", "区农业农村局", "区应急管理局", "区水务局",
    "区市场监管局", "区统计局", "区信访局", "区档案局", "区机关事务局", "区医保局", "区残联",
)  # fmt: skip
_LEADERS = ("王建", "刘红", "陈立军", "李文", "张海涛", "赵敏", "孙国庆", "周平")
_CHINESE = "一二三四五六七八九十"


@cache
def _pool() -> list[str]:
    """Three hundred thousand words, common ones as often as they are common."""
    import jieba  # noqa: PLC0415

    words, weights = [], []
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text("utf-8").splitlines():
        word, count, _ = line.split(" ")
        if 2 <= len(word) <= 4 and word.isalpha() and not word.isascii():
            words.append(word)
            weights.append(int(count) + 1)
    return random.Random(1).choices(words, weights, k=300_000)  # noqa: S311


def words_of(rng: random.Random, length: int) -> str:
    """So many characters of words, common ones as often as they are common."""
    pool = _pool()
    found, size = [], 0
    while size < length:
        found.append(pool[rng.randrange(len(pool))])
        size += len(found[-1])
    return "".join(found)


def text(seed: int, items: int = ITEMS) -> str:
    """A plan of some items (twelve) of about 150 characters, in 2004 to 2023."""
    rng = random.Random(seed)  # noqa: S311
    year = 2004 + seed % 20
    lines = [f"盐田区{year}年重点工作计划", "", "一、重点任务"]
    for number in range(1, items + 1):
        sentences = "".join(
            f"{words_of(rng, rng.randint(8, 20))}，{words_of(rng, rng.randint(8, 20))}。"
            for _ in range(rng.randint(2, 4))
        )
        units = rng.sample(_UNITS, rng.randint(2, 6))
        lines.append(f"{number}、推进{words_of(rng, 8)}。{sentences}")
        lines.append(f"牵头区领导：{rng.choice(_LEADERS)}；主办单位：{units[0]}；")
        lines.append(f"协办单位：{'、'.join(units[1:])}。")
    return "\n".join(lines) + "\n"


def notice(seed: int, items: int = ITEMS) -> Notice:
    """The record of a plan."""
    written = text(seed, items)
    digest = hashlib.sha256(written.encode()).hexdigest()
    path = f"{seed}.txt"
    return parse_notice(Source(path=path, sha256=digest, text=written), notice_id(path, digest))
