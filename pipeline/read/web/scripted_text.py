"""Find the text of a page that shows none: in the JSON of a script, or in a frame's `srcdoc`."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

# A string literal of JavaScript, without the quotation marks. One that is never closed matches too:
# each of many unclosed ones would else be searched to the end of the script.
_LITERAL = re.compile(
    r"\"((?:[^\"\\\r\n]|\\.)*+)\"?|'((?:[^'\\\r\n]|\\.)*+)'?|`((?:[^`\\]|\\.)*+)`?", re.DOTALL
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "", "v": "", "0": "", "\n": ""}
_TAG = re.compile(r"<[a-zA-Z!/][^<>]*>")
_HAN = re.compile("[\u3400-\u9fff]")
_PROSE = re.compile("[。；，、]")
# A shorter string is a message of the site: 您的浏览器版本过低，请升级。
_LEAST_HAN, _LEAST_PROSE = 60, 3


def find_scripted_page(tree: _Element) -> str | None:
    """The longest text in a page's scripts and frames as a piece of a page, None where none is long.

    Only strings count that are as long as a short notice and written in sentences.
    """
    found = max(_texts(tree), key=_han_length, default="")
    if _han_length(found) < _LEAST_HAN or len(_PROSE.findall(found)) < _LEAST_PROSE:
        return None
    if _TAG.search(found):
        return found
    return "".join(f"<p>{html.escape(line)}</p>" for line in found.splitlines() if line.strip())


def _han_length(text: str) -> int:
    return len(_HAN.findall(_TAG.sub("", text)))


def _texts(tree: _Element) -> Iterator[str]:
    for frame in tree.iter("iframe"):
        yield frame.get("srcdoc") or ""
    for script in tree.iter("script"):
        for text in _strings(script.text or ""):
            is_escaped = "<" not in text and "&lt;" in text
            yield html.unescape(text) if is_escaped else text


def _strings(script: str) -> Iterator[str]:
    """The strings in a script: the values of JSON, else the literals."""
    if script.lstrip()[:1] in ("{", "["):
        try:
            yield from _values(json.loads(script))
        except (ValueError, RecursionError):
            pass
        else:
            return
    for match in _LITERAL.finditer(script):
        literal = match[1] or match[2] or match[3] or ""
        if len(literal) >= _LEAST_HAN:
            yield _ESCAPE.sub(_unescape, literal)


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPED.get(code, code)


def _values(value: object) -> Iterator[str]:
    """The strings in a JSON value; a list of strings is one text, a string a line."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            if one and all(isinstance(inner, str) for inner in one):
                yield "\n".join(map(str, one))
            else:
                waiting += one
