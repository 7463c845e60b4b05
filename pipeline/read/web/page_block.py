"""Read a page's own block of keys and values, and its meta names, as particulars.

来源：盐田区发布时间：2011-09-02
索 引 号： | 000014349/2018-00217 | 发文字号： | 国办发〔2018〕121号
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.lexicon import mapping, rows, words
from pipeline.read.web.menus import without_menu

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element

_FIELDS = mapping("page_keys", "field")
_KEYS = frozenset(row["key"] for row in rows("page_keys"))
PASSED_KEYS = frozenset(words("web_words", "menu_key"))
_META = mapping("meta_names", "field")
# Fields of the key table that have another name in a source.
_NAMES = {"notice_title": "title"}
_INNER = re.compile(r"[\s\u3000]+")
_AROUND = " \t\u00a0\u3000:：[]【】〔〕•·*|｜>"


def _spaced(keys: Iterable[str]) -> str:
    """Keys as they are printed, padded to one width: 标　　题, 索 引 号."""
    longest_first = sorted(keys, key=lambda key: (-len(key), key))
    return "|".join(r"[\s\u3000]{0,8}".join(map(re.escape, key)) for key in longest_first)


_ALL = _KEYS | PASSED_KEYS
_KEY = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])(?P<key>{_spaced(_ALL)})"
    rf"|(?P<glued>{_spaced(key for key in _ALL if len(key) > 3)}))"
    r"[\s\u3000]{0,4}[\]】]?[\s\u3000]{0,4}[:：]"
)
# The day of publication is often printed without a key before 来源.
_STAMP = re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?")
_NOTHING = re.compile(r"无|暂无|[-—/]+|\{[^}]*\}|")
_LONGEST = {"title": 200, "document_number": 60, "published_on": 40, "issued_on": 40}
_DATE = re.compile(
    r"(?:19|20)\d\d\s?(?:[-/.]\s?\d|年\s?\d{1,2}\s?月)|(?:19|20)\d{5,6}(?!\d)"
    r"|[一二][九〇○零OＯ0]..\s?年\s?[一二三四五六七八九十]{1,2}\s?月"
)
# A value must contain this to be one: the line after an empty key is often something else.
_SHAPES = {"published_on": _DATE, "issued_on": _DATE, "document_number": re.compile(r"\d+\s?号")}
# The line after an empty key of no known field is its value only where it is short: 有效.
_SHORT_VALUE = 20
# A page's own block has no more rows; a longer table belongs to the document.
_BLOCK_ROWS = 20

Pair = tuple[str, str]


def _bare(cell: str) -> str:
    return _INNER.sub("", cell).strip(_AROUND)


def _is_key(cell: str, *, surely: bool = False) -> bool:
    """Whether a cell is a key alone, by the table of keys or by its colon.

    `surely` accepts known keys only, short ones (来源) only with a colon.
    """
    bare = _bare(cell)
    if bare in _ALL:
        return not surely or len(bare) > 2 or cell.rstrip()[-1:] in ":：]】"
    return len(bare) <= 8 and cell.rstrip()[-1:] in ":：" and not surely


def block_pairs(table: Sequence[Sequence[str]]) -> list[Pair] | None:
    """The keys and values of a page's own block; None for any other table."""
    table = [row for row in table if any(row)]
    if not table or len(table) > _BLOCK_ROWS:
        return None
    if len(table) == 2 and len(table[0]) == len(table[1]) > 1 and _are_keys(table[0]):
        return list(zip(map(_bare, table[0]), table[1], strict=True))
    pairs: list[Pair] = []
    strays = 0
    for row in table:
        more, left = _row_pairs(row)
        pairs += more
        strays += left
    known = sum(key in _KEYS for key, _ in pairs)
    valued = sum(bool(value) for _, value in pairs)
    return pairs if known >= 2 and valued and strays <= len(pairs) // 8 else None


def _are_keys(row: Sequence[str]) -> bool:
    return all(_bare(cell) in _KEYS for cell in row) and not any(":" in c or "：" in c for c in row)


def _row_pairs(row: Sequence[str]) -> tuple[list[Pair], int]:
    """The pairs of a row, and the number of cells that are neither key nor value."""
    pairs: list[Pair] = []
    strays = 0
    waiting = None
    for cell in row:
        split = split_pairs(cell)
        if _is_key(cell):
            if waiting is not None:
                pairs.append((waiting, ""))
            waiting = _bare(cell)
        elif waiting is not None:
            pairs.append((waiting, cell.strip()))
            waiting = None
        elif split:
            pairs += split
        elif cell:
            strays += 1
    if waiting is not None:
        pairs.append((waiting, ""))
    return pairs, strays


def pair_line(key: str, value: str) -> str:
    """A pair as one line of the text."""
    return f"{key}：{value}" if key else value


def split_pairs(line: str) -> list[Pair]:
    """The pairs of a line that begins with a key or a date, split at the known keys; else none."""
    found = list(_KEY.finditer(line)) if ":" in line or "：" in line else []
    before = line[: found[0].start()].strip(_AROUND) if found else ""
    if not found or (before and not _STAMP.fullmatch(before)):
        return []
    pairs = [("", before)] if before else []
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(line)
        value = without_menu(line[match.end() : end].strip(" \t\u00a0\u3000|｜[【•"))
        pairs.append((_INNER.sub("", match["key"] or match["glued"]), value))
    return pairs


def read_pairs(lines: Iterable[str]) -> list[Pair]:
    """The pairs in some lines; a value may be on the line after its key."""
    pairs: list[Pair] = []
    waiting = None
    for line in lines:
        split = split_pairs(line)
        if split:
            pairs += split[:-1]
            key, value = split[-1]
            waiting = None if value else key
            if value:
                pairs.append((key, value))
        elif _is_key(line, surely=True):
            waiting = _bare(line)
        elif waiting is not None:
            if _FIELDS.get(waiting) or len(line) <= _SHORT_VALUE:
                pairs.append((waiting, line))
            waiting = None
    return [(key, value) for key, value in pairs if key not in PASSED_KEYS]


def to_particulars(pairs: Iterable[Pair]) -> dict[str, str]:
    """The particulars in some pairs by field; the first value of a field is kept."""
    found: dict[str, str] = {}
    for key, value in pairs:
        name = _FIELDS.get(key) if key else "published_on"
        if name:
            _keep(found, _NAMES.get(name, name), value)
    return found


def _keep(found: dict[str, str], name: str, value: str) -> None:
    value = value.strip()
    if name in found or _NOTHING.fullmatch(value) or len(value) > _LONGEST.get(name, 100):
        return
    if value[-1] in ":：":  # the label of the next field of a form
        return
    shape = _SHAPES.get(name)
    if shape is None or shape.search(value):
        found[name] = value


def meta_particulars(tree: _Element) -> dict[str, str]:
    """The particulars in a page's meta elements."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("name") or meta.get("property") or ""
        key = _META.get(name.strip().lower())
        if key:
            _keep(found, key, " ".join((meta.get("content") or "").split()))
    return found
