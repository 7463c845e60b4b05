"""How a plan's paragraphs stand on the page, and the damage that pages and copies do to them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.plans import words

if TYPE_CHECKING:
    from tests.plans.draft import Writer

Layout = Callable[["Writer", list[str]], str]
Damage = Callable[["Writer", str], str]

_CLOSED = "。；：）］〕】"
_WRAP = 28


def lines(w: Writer, paragraphs: list[str]) -> str:
    """A paragraph a line, sometimes indented with two ideographic blanks."""
    indent = w.pick("", "", "　　", "    ")
    return "\n".join(indent + one for one in paragraphs)


def blank_lines(w: Writer, paragraphs: list[str]) -> str:
    """Blank lines between all paragraphs, or here and there."""
    everywhere = w.maybe(0.5)
    found = [one + ("\n" if everywhere or w.maybe(0.4) else "") for one in paragraphs]
    return "\n".join(found)


def one_line(w: Writer, paragraphs: list[str]) -> str:
    """No line break anywhere; a blank only where nothing else would part two paragraphs."""
    joint = w.pick("", "", " ", "　　")
    text = ""
    for one in paragraphs:
        text += one + (joint if joint or one[-1] in _CLOSED else " ")
    return text.strip()


def wrapped(w: Writer, paragraphs: list[str]) -> str:
    """As text from a PDF: broken after 28 characters, blank lines, page marks in mid-sentence."""
    indent, between = w.pick("", "　　"), w.pick("\n", "\n\n")
    mark, page = w.pick("— {} —", "- {} -", "· {} ·"), 1
    left = w.chance.randint(12, 24)
    found: list[str] = []
    for one in paragraphs:
        for row in _broken(indent + one):
            if left <= 0 and not _torn(w, found[-1], row):
                found.append(mark.format(page))
                page, left = page + 1, w.chance.randint(18, 26)
            found.append(row)
            left -= 1
    return between.join(found)


def _broken(text: str) -> list[str]:
    return [text[at : at + _WRAP] for at in range(0, len(text), _WRAP)]


def _torn(w: Writer, before: str, after: str) -> bool:
    """Whether a break between two rows goes through a name."""
    return any(
        before.endswith(word[:at]) and after.startswith(word[at:])
        for word in w.whole
        for at in range(1, len(word))
    )


PROSE: dict[str, Layout] = {
    "lines": lines,
    "blank lines": blank_lines,
    "one line": one_line,
    "wrapped": wrapped,
}


def eaten_number(w: Writer, paragraphs: list[str]) -> str:
    """A number and the words beside it turned to rubbish, as by a page read in a wrong encoding."""
    found = list(paragraphs)
    numbered = [
        n for n, one in enumerate(found) if re.match(r"（[二三四五]）|[二三四五]、|[2-5]、", one)
    ]
    for n in numbered[len(numbered) // 2 :][:1]:
        found[n] = w.pick("?。ǘ┩七M", "?.?") + found[n][5:]
    return lines(w, found)


LOST: dict[str, Layout] = {"eaten number": eaten_number}

_WIDE = {ord(mark): chr(ord(mark) + 0xFEE0) for mark in map(chr, range(0x21, 0x7F))}
_HALF = {
    ord(full): half
    for full, half in zip("，：；（）［］", ",:;()[]", strict=True)
}  # fmt: skip
WIDTHS: dict[str, dict[int, str]] = {"full": {}, "half": _HALF, "wide": _WIDE}


def zero_width(w: Writer, text: str) -> str:
    """Characters that nobody sees, one in forty."""
    marks = w.pick("\u200b", "\ufeff", "\u200b\u200c\u2060", "\xad")
    return "".join(ch + (w.chance.choice(marks) if w.maybe(0.025) else "") for ch in text)


def wide_blanks(w: Writer, text: str) -> str:
    """Ideographic or unbreakable blanks behind numbers and inside names of two characters."""
    blank = w.pick("\u3000", "\xa0")
    text = re.sub(r"(?m)^([\d一二三四五六七八九十]{1,3}[、.．])", rf"\1{blank}", text)
    return re.sub(r"(领导[：:])(\w)(\w)(?=[；;。\n]|$)", rf"\1\2{blank}\3", text)


def pinyin(w: Writer, text: str) -> str:
    """A syllable in brackets after a character here and there: 責(zé)任."""
    share = w.pick("0.02", "0.1")
    return "".join(
        f"{ch}({words.PINYIN[ch]})" if ch in words.PINYIN and w.maybe(float(share)) else ch
        for ch in text
    )


_RADICALS = words.SUPPLEMENT | {
    unicodedata.normalize("NFKC", radical): radical for radical in map(chr, range(0x2F00, 0x2FD6))
}


def radicals(w: Writer, text: str) -> str:
    """Radicals that look like the characters they stand for, as PDF text layers have them."""
    share = w.chance.choice((0.2, 1.0))
    return "".join(_RADICALS[ch] if ch in _RADICALS and w.maybe(share) else ch for ch in text)


def traditional(_: Writer, text: str) -> str:
    """Some characters in their traditional shape, as mirrors convert them."""
    return text.translate({ord(new): old for new, old in words.TRADITIONAL.items()})


def furniture(w: Writer, text: str) -> str:
    """What a web page puts above and below a document."""
    head = [one for one in words.FURNITURE_HEAD.strip().split("\n") if w.maybe(0.5)]
    tail = [one for one in words.FURNITURE_TAIL.strip().split("\n") if w.maybe(0.5)]
    if "\n" not in text:
        # In one line a person could take the site's owner for an item's.
        head, tail = head[:1], [one for one in tail if ":" not in one]
        joint = " "
    else:
        joint = "\n"
    found = joint.join([*head, text, *tail])
    return found.replace("{y}", str(w.year)).replace("{place}", w.place)


def loose_lines(w: Writer, text: str) -> str:
    """Empty lines and blanks at line ends."""
    return re.sub(r"\n", lambda _: w.pick("\n", " \n", "\n\n", "\n \n\n"), text)


DAMAGES: dict[str, Damage] = {
    "zero width": zero_width,
    "wide blanks": wide_blanks,
    "pinyin": pinyin,
    "radicals": radicals,
    "traditional": traditional,
    "furniture": furniture,
    "loose lines": loose_lines,
}
