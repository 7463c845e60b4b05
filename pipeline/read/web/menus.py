"""Recognise the words of a site around a document: menus, share bars, the site's own foot."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.lexicon import alternation, words

# Atomic and possessive throughout: 字体大小 is one word or three, and a long line of these must not
# be tried both ways at every position.
_MARKS = r"[\s\u3000\[\]【】〔〕()（）<>《》:：|｜/·•,，、_\-+»›→]*+"
_WORD = f"(?>{alternation(words('web_words', 'menu'))})"
_MENU = re.compile(rf"{_MARKS}(?:{_WORD}{_MARKS})++", re.IGNORECASE)
_BESIDE_LINKS = re.compile(rf"{_MARKS}(?:(?:{_WORD}|[\d年月日]++){_MARKS})*+", re.IGNORECASE)
_FOOT = re.compile(alternation(words("web_words", "foot")), re.IGNORECASE)
# Words that plans use too (提供技术支持) are of a foot where the line begins with them or names a value.
_FOOT_KEY = alternation(words("web_words", "foot_key"))
_FOOT_KEYED = re.compile(rf"\A{_MARKS}(?:{_FOOT_KEY})|(?:{_FOOT_KEY})\s*[:：]")
_FOOT_MAYBE = re.compile(alternation(words("web_words", "foot_maybe")))
_NAMED = {
    kind: frozenset(words("web_words", kind))
    for kind in ("content", "content_maybe", "title", "skip")
}
_TITLE_PART = re.compile(alternation(words("web_words", "title_part")))
_SKIP_PART = re.compile(alternation(words("web_words", "skip_part")))
_OPENING = re.compile(r"[【\[(（]|[\s\u3000]{2,}")


class Sense(NamedTuple):
    """The meaning of an element's class and id."""

    content: bool = False
    content_maybe: bool = False
    title: bool = False
    menu: bool = False
    ruled: bool = False


_SILENT = Sense()


@lru_cache(maxsize=4096)
def _sense(names: str) -> Sense:
    found = set(names.lower().split())
    has = {kind: not known.isdisjoint(found) for kind, known in _NAMED.items()}
    return Sense(
        content=has["content"],
        content_maybe=has["content_maybe"],
        title=has["title"] or any(map(_TITLE_PART.search, found)),
        menu=has["skip"] or any(map(_SKIP_PART.search, found)),
        ruled=any(name.startswith(("mso", "tablegrid")) for name in found),
    )


def sense_of(classes: str | None, id_: str | None) -> Sense:
    """The meaning of an element's names, cached: pages repeat few of them many times."""
    if classes is None:
        return _SILENT if id_ is None else _sense(id_)
    return _sense(classes if id_ is None else f"{classes} {id_}")


def is_menu(text: str) -> bool:
    """Whether a text consists of menu words and marks: 打印 | 关闭."""
    return _MENU.fullmatch(text) is not None


def is_beside_links(text: str) -> bool:
    """Whether a text consists of menu words and dates, as between the links of a menu."""
    return _BESIDE_LINKS.fullmatch(text) is not None


def without_menu(text: str) -> str:
    """The text without menu words at its end: "市府办 【打印】【关闭】" -> "市府办"."""
    for match in _OPENING.finditer(text):
        if is_menu(text[match.start() :]):
            return text[: match.start()].rstrip()
    return text


def is_foot(text: str) -> bool:
    """Whether a line belongs to the foot of a site: its registration or its operator."""
    return _FOOT.search(text) is not None or _FOOT_KEYED.search(text) is not None


def may_be_foot(text: str) -> bool:
    """Whether a line belongs to a foot if the next line does: 主办：甲市人民政府."""
    return _FOOT_MAYBE.match(text) is not None
