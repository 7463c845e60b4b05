"""The words of a site round a document: menus, share bars, letter sizes, the site's own foot."""

from __future__ import annotations

import re

from pipeline.lexicon import alternation, words

# Atomic and possessive throughout: 字体大小 is one word or three, and a long line of such must not
# be tried both ways at every place.
_MARKS = r"[\s\u3000\[\]【】〔〕()（）<>《》:：|｜/·•,，、_\-+»›→]*+"
_WORD = f"(?>{alternation(words('web_words', 'menu'))})"
_MENU = re.compile(rf"{_MARKS}(?:{_WORD}{_MARKS})++", re.IGNORECASE)
_BESIDE_LINKS = re.compile(rf"{_MARKS}(?:(?:{_WORD}|[\d年月日]++){_MARKS})*+", re.IGNORECASE)
_FOOT = re.compile(alternation(words("web_words", "foot")), re.IGNORECASE)
_FOOT_MAYBE = re.compile(alternation(words("web_words", "foot_maybe")))
_OPENING = re.compile(r"[【\[(（]|[\s\u3000]{2,}")


def is_menu(text: str) -> bool:
    """Whether a text is words of menus and marks between them."""
    return _MENU.fullmatch(text) is not None


def is_beside_links(text: str) -> bool:
    """Whether a text is no more than what stands between the links of a menu: words, a date."""
    return _BESIDE_LINKS.fullmatch(text) is not None


def without_menu(text: str) -> str:
    """The text without words of menus at its end: "市府办 【打印】【关闭】" -> "市府办"."""
    for match in _OPENING.finditer(text):
        if is_menu(text[match.start() :]):
            return text[: match.start()].rstrip()
    return text


def is_foot(text: str) -> bool:
    """Whether a line belongs to the foot of a site: who registered it, who keeps it."""
    return _FOOT.search(text) is not None


def may_be_foot(text: str) -> bool:
    """Whether a line would belong to a foot if one stands next to it: 主办：甲市人民政府."""
    return _FOOT_MAYBE.match(text) is not None
