"""A message's template: literal text with named places for values."""

from __future__ import annotations

import re
from functools import cached_property

# A place with one of these names has a message of its own: {fact}, {remedy}, {first_reason}.
IS_MESSAGE = re.compile(r"(?:\w+_)?(?:fact|remedy|message|reason|why|fault|warning)(?:_\d)?")
# A place with one of these names has words of the system or of a library.
IS_SYSTEM = re.compile(r"(?:error|strerror|words)(?:_\d)?")
# A place with one of these names has a list of messages, parted by commas.
IS_LIST = re.compile(r"\w+_parts")
PLACE = re.compile(r"(?<!\{)\{(\w+)(!r)?\}(?!\})")
_WORD = re.compile(r"[A-Za-z\u4e00-\u9fff]")
_QUOTES = "\"'"
_QUOTED = r"""('.*?'|".*?")"""


class Template:
    """A template such as "holds {found} plans"; `weight` is its number of letters outside places."""

    def __init__(self, text: str) -> None:
        self.text = text
        pieces = PLACE.split(text)
        self.literals = [_unescape(one) for one in pieces[::3]]
        self.places = pieces[1::3]
        self.is_quoted = [bool(one) for one in pieces[2::3]]
        self.weight = sum(len(_WORD.findall(one)) for one in self.literals)

    def ends_with(self, name: str) -> bool:
        """Answer whether a place is all that follows words of the template and a colon."""
        return (
            self.places[-1] == name and not self.literals[-1] and self.literals[-2].endswith(": ")
        )

    @cached_property
    def anchor(self) -> str:
        """The longest literal; a text without it cannot match."""
        return max(self.literals, key=len)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = [re.escape(self.literals[0])]
        for is_quoted, literal in zip(self.is_quoted, self.literals[1:], strict=True):
            parts += [_QUOTED if is_quoted else "(.*?)", re.escape(literal)]
        return re.compile("".join(parts), re.DOTALL)

    def match(self, text: str) -> dict[str, str] | None:
        """Return the values of the places if the text is of this template."""
        found = self._pattern.fullmatch(text) if self.anchor in text else None
        return dict(zip(self.places, found.groups(), strict=True)) if found else None


def fill(template: str, values: dict[str, str]) -> str:
    """Return a template with its values; {name!r} keeps the quotes of a value, {name} has none."""

    def replace(match: re.Match[str]) -> str:
        value = values.get(match[1], "")
        return value if match[2] else values.get(f"{match[1]} bare", value)

    parts = PLACE.split(template)
    # The literals are unescaped, not the values.
    shown = [_unescape(parts[0])]
    for n in range(1, len(parts), 3):
        place = PLACE.sub(replace, f"{{{parts[n]}{parts[n + 1] or ''}}}")
        shown += [place, _unescape(parts[n + 2])]
    return "".join(shown)


def strip_quotes(text: str) -> str:
    """Return a value without the quotes that {value!r} puts around it."""
    is_quoted = len(text) > 1 and text[0] in _QUOTES and text[0] == text[-1]
    return text[1:-1] if is_quoted else text


def _unescape(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")
