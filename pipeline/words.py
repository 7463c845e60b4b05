"""Sentences -> words; the only place that knows jieba, which is loaded when it is first needed."""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING

from pipeline.lexicon import rows

if TYPE_CHECKING:
    from jieba import Tokenizer


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
    return list(_tokenizer().cut(text, HMM=False))
