"""Sentences -> words; the only place that knows jieba, which is loaded when it is first needed."""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import TYPE_CHECKING

from pipeline.lexicon import rows

if TYPE_CHECKING:
    from jieba import Tokenizer

# A figure is one word, its point and sign in it: 2.5, 1,200, 90%.
_FIGURE = re.compile(r"(\d+(?:[.,]\d+)*[%％‰]?)")


@cache
def _tokenizer() -> Tokenizer:
    """Jieba's dictionary with our terms, half a second once a process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415

    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for row in rows("terms"):
        tokenizer.add_word(row["term"])
    return tokenizer


def split_words(text: str) -> list[str]:
    """The words of a text, marks included, in order; joined they are the text again.

    "创建10条示范街" -> 创建, 10, 条, 示范街
    """
    found: list[str] = []
    for n, part in enumerate(_FIGURE.split(text)):
        if n % 2:
            found.append(part)
        elif part:
            found += _tokenizer().cut(part, HMM=False)
    return found
