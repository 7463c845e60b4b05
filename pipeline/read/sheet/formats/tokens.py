"""Split a number format into its sections and their pieces: 0"个";-0"个" -> two sections."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"
# Excel takes no longer format; a cell with a longer one is shown without it.
_LONGEST = 255
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|[\\!](?P<escaped>.)"
    r"|(?P<blank>_.)"
    r"|(?P<fill>\*.)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>G/通用格式|General)"
    r"|(?P<date>AM/PM|A/P|上午/下午|y+|m+|d+|h+|s+(?:\.0{1,3})?|a{3,4}|e+(?![+-])|b+|g+)"
    r"|(?P<power>E[+-])"
    r"|(?P<number>[0#?.,%/])"
    r"|(?P<text>@)"
    r"|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT = re.compile(r'((?:"[^"]*"?|[\\!_*].|\[[^\]]*\]|[^;"])*)(;|\Z)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)")
# The language stands behind the sign, by its number or its name: $¥-804, $-zh-CN,1.
_CURRENCY = re.compile(r"\$([^-]*)(?:-([\w,-]+))?")
_NUMERALS = re.compile(r"dbnum([123])", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
# The date of the system, in its long form: what stands in the format is for other systems.
_SYSTEM_DATE = "F800"
_LONG_DATE = 'yyyy"年"m"月"d"日"'
_SAME = {"quoted": "literal", "escaped": "literal"}


class Token(NamedTuple):
    """A piece of a format: literal, general, date, elapsed, power, number or text; its characters."""

    kind: str
    text: str


class Section(NamedTuple):
    """One of the parts of a format: its pieces, the condition on the value, the Chinese numerals."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None = None
    numerals: int = 0
    locale: str = ""

    def has(self, *kinds: str) -> bool:
        """Whether a piece of one of these kinds is in the section."""
        return any(token.kind in kinds for token in self.tokens)


@lru_cache(maxsize=1024)
def read_format(code: str) -> tuple[Section, ...]:
    """The sections of a format, one to four."""
    if len(code) > _LONGEST or not code:
        code = GENERAL
    parts = []
    for match in _SPLIT.finditer(code):
        parts.append(match[1])
        if not match[2]:
            break
    return tuple(map(_read_section, parts[:4]))


def _read_section(code: str) -> Section:
    section = Section(())
    tokens: list[Token] = []
    for match in _TOKEN.finditer(code):
        kind = str(match.lastgroup)
        if kind == "bracket":
            section = _read_bracket(match[kind], section, tokens)
        elif kind == "blank":
            tokens.append(Token("literal", " "))
        elif kind != "fill":
            tokens.append(Token(_SAME.get(kind, kind), match[kind]))
    if section.locale == _SYSTEM_DATE and code != _LONG_DATE:
        tokens = list(_read_section(_LONG_DATE).tokens)
    return section._replace(tokens=tuple(tokens))


def _read_bracket(text: str, section: Section, tokens: list[Token]) -> Section:
    """The section with what a bracket adds to it; a colour adds nothing."""
    if condition := _CONDITION.fullmatch(text.strip()):
        return section._replace(condition=(condition[1], float(condition[2])))
    if numerals := _NUMERALS.fullmatch(text):
        return section._replace(numerals=int(numerals[1]))
    if currency := _CURRENCY.fullmatch(text):
        tokens.append(Token("literal", currency[1]))
        return section._replace(locale=(currency[2] or section.locale).upper())
    if _ELAPSED.fullmatch(text):
        tokens.append(Token("elapsed", text.lower()))
    return section
