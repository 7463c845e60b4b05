"""Replace radicals and compatibility forms by the characters that they look like."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from pipeline.lexicon import mapping

_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


def replace_radicals(text: str, found: Counter[str]) -> str:
    """The text without look-alike radicals: ⼀、⾏政 -> 一、行政. Counts those replaced in `found`."""
    if not _RADICAL.search(text):
        return text

    def ideograph(match: re.Match[str]) -> str:
        sign = match[0]
        other = mapping("radicals", "ideograph").get(sign) or unicodedata.normalize("NFKC", sign)
        if other != sign:
            found[sign] += 1
        return other

    return _RADICAL.sub(ideograph, text)
