"""Texts as weighted terms: pairs of neighbouring characters, of which rare ones weigh most."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import bsr_array, csc_array, csr_array, diags_array

from pipeline.text import fold, simplify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.compare.match.demands import Demand

Matrix = NDArray[np.float32]
TermsOfLists = tuple[csr_array, csr_array]

# Letters and digits are compared, years are not: every plan names its own.
# 2016年 and 2016年度 go; 12016 and 1999年 stay.
_YEARS = re.compile(r"(?<!\d)20\d\d(?:年度?)?")
_MARKS = re.compile(r"[\W_]+")
# A term of the title says more of the demand than one of the sentences below it.
_TITLE_WEIGHT = 1.5
# The exponent of a term's inverse frequency.
_RARITY = 1.25
# A term in more texts than this number and this share of a list says nothing and costs most time.
_COMMON_COUNT = 400
_COMMON_SHARE = 0.1
# Items of a plan are compared with those of several years: this many texts are cached.
_REMEMBERED = 1 << 13
# Avoids a division by zero without changing any other quotient.
TINY = np.float32(1e-9)


@lru_cache(_REMEMBERED)
def comparable_text(text: str) -> str:
    """A text as it is compared: simplified, lower case, without years, one blank for any marks.

    "到2015年底，建成5个。" -> "到 底 建成5个"
    """
    return _MARKS.sub(" ", _YEARS.sub(" ", simplify(fold(text)))).strip().lower()


def weigh_terms(previous: Sequence[Demand], current: Sequence[Demand]) -> TermsOfLists:
    """Each list's demands (rows) by their weighted terms (columns); rows have unit length."""
    demands = [*previous, *current]
    bodies = [comparable_text(one.content) or _text_without_content(one) for one in demands]
    counts = count_terms([*bodies, *(comparable_text(one.title) for one in demands)])
    total, split = len(demands), len(previous)
    weighed = _weigh_counts(counts[:total], counts[total:], split)
    return weighed[:split], weighed[split:]


def _text_without_content(demand: Demand) -> str:
    """The text that represents a demand without content: its title, or its headings and units."""
    return comparable_text(demand.title) or comparable_text(" ".join((*demand.path, *demand.units)))


def count_terms(texts: Sequence[str]) -> csr_array:
    """Texts (rows) by pairs of neighbouring characters (columns): how often each pair occurs.

    The texts are comparable ones. A character between blanks is a term of its own, or texts of
    one character would be empty.
    """
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le"), np.uint32).astype(np.int64)
    line_ends = codes == ord("\n")
    rows = np.cumsum(line_ends)
    in_word = ~line_ends & (codes != ord(" "))
    paired = in_word[:-1] & in_word[1:]
    lone = in_word.copy()
    lone[:-1] &= ~paired
    lone[1:] &= ~paired
    # No code point needs more than 21 bits.
    keys = np.concatenate([codes[:-1][paired] << 21 | codes[1:][paired], codes[lone]])
    places = np.concatenate([rows[:-1][paired], rows[lone]])
    terms, columns = np.unique(keys, return_inverse=True)
    ones = np.ones(len(keys), np.float32)
    shape = (len(texts), max(1, len(terms)))
    table = csr_array((ones, (places, columns)), shape=shape)
    table.sum_duplicates()
    return table


def _weigh_counts(bodies: csr_array, titles: csr_array, split: int) -> csr_array:
    """Weigh the counts of both lists by rarity and place; `split` is the size of the first list."""
    longest = max(split, bodies.shape[0] - split)
    seen = bodies.astype(bool).astype(np.float32)
    # A demand that goes on is in both lists; that must not make its words common.
    often = np.maximum(seen[:split].sum(axis=0), seen[split:].sum(axis=0))
    rarity = np.log1p(np.maximum(0, longest - often + 0.5) / (often + 0.5)) ** _RARITY
    rarity[often > max(_COMMON_COUNT, _COMMON_SHARE * longest)] = 0
    damped = bodies.copy()
    damped.data = 1 + np.log(damped.data)
    in_title = damped.multiply(titles.astype(bool)) * (_TITLE_WEIGHT - 1)
    return unit_rows(csr_array(damped + in_title) @ diags_array(rarity.astype(np.float32)))


def unit_rows(table: csr_array | csc_array | bsr_array) -> csr_array:
    """The table with each row scaled to length 1; empty rows stay empty."""
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    inverse = np.divide(1, length, out=np.zeros_like(length), where=length > 0)
    return csr_array(diags_array(inverse.astype(np.float32)) @ table)


def multiply_rows(before: csr_array, after: csr_array) -> Matrix:
    """The scalar product of every row of one table with every row of the other."""
    return np.asarray((before @ after.T).toarray(), np.float32)


def share_of_best(score: Matrix) -> tuple[Matrix, Matrix]:
    """Each score as a share of the best in its row, and of the best in its column."""
    rows = score / np.maximum(score.max(axis=1, keepdims=True), TINY)
    columns = score / np.maximum(score.max(axis=0, keepdims=True), TINY)
    return np.asarray(rows, np.float32), np.asarray(columns, np.float32)
