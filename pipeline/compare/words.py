"""Sentences -> words; the only module that knows jieba, which is loaded when it is first needed."""

from __future__ import annotations

import re
import warnings
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pipeline.lexicon import rows

if TYPE_CHECKING:
    from jieba import Tokenizer

# A figure is one word, with its point and sign: 2.5, 1,200, 90%.
_FIGURE = re.compile(r"(\d+(?:[.,]\d+)*[%％‰]?)")
# More than any level of `logging`: jieba's messages of loading its dictionary are not shown.
_SILENT = 60
# How many texts that were split last are kept.
_PARTS = 1 << 13


@cache
def _load_tokenizer() -> Tokenizer:
    """Jieba's dictionary with the terms of our own table; takes a second, once a process.

    Jieba's own way keeps a cache in the folder of temporary files, where anyone can put another
    one, and reads it with marshal, which is not safe. Here no cache is read or written.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415

    jieba.setLogLevel(_SILENT)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for row in rows("terms"):
        tokenizer.add_word(row["term"])
    return tokenizer


def split_words(text: str) -> list[str]:
    """The words of a text, marks included, in order; joined they are the text again.

    "创建10条示范街" -> 创建, 10, 条, 示范街
    """
    words: list[str] = []
    for n, part in enumerate(_FIGURE.split(text)):
        # A pattern with one group splits a text into what is between, figure, between, …
        if n % 2:
            words.append(part)
        elif part:
            words += _cut(part)
    return words


@lru_cache(_PARTS)
def _cut(part: str) -> tuple[str, ...]:
    """The words of a text without figures; plans of several years say most of it again."""
    return tuple(_load_tokenizer().cut(part, HMM=False))
