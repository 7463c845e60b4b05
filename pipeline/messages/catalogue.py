"""A catalogue of messages: find a text's template, and say the text in the catalogue's language."""

from __future__ import annotations

import re
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.messages.templates import IS_LIST, IS_MESSAGE, IS_SYSTEM, Template, fill, strip_quotes

if TYPE_CHECKING:
    from pipeline.errors import PipelineError
    from pipeline.messages.language import Language

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "fengong"
# A message in a message in a message: a line of a list, its fault, the fault's reason.
_DEEPEST = 4
# No message is longer; what is longer is a text, and trying all templates on it takes time.
_LONGEST = 1500
_REMEDY_MARK = "; "
# A template whose value has such a mark is taken where no other fits.
_SWALLOWED = 10 * _LONGEST


class _File(GNUTranslations):
    """A compiled catalogue; `messages` is what it has, by the message in the code."""

    @property
    def messages(self) -> dict[str, str]:
        return {key: text for key, text in self._catalog.items() if key}  # type: ignore[attr-defined]


class _Said(NamedTuple):
    """A text in the catalogue's language, and how many of its characters are values."""

    text: str
    unexplained: int


class Catalogue:
    """The messages of one language. A text that no template fits is returned as it is."""

    def __init__(self, language: Language, translations: dict[str, str]) -> None:
        self._list_mark = "、" if language == "zh" else ", "
        self._translations = translations
        templates = [Template(one) for one in translations]
        self._whole = {
            one.literals[0]: fill(translations[one.text], {}) for one in templates if not one.places
        }
        # Templates of mere marks are tried within each other: of "{place}: {fact}" one is enough.
        parted = {tuple(one.literals): one for one in templates if one.places and not one.weight}
        self._templates = [one for one in templates if one.weight and one.places]
        self._templates += parted.values()

    def translate(self, text: str) -> str:
        """Return a text in the language of the catalogue, or as it is where its template is unknown."""
        found = self._find(text, _DEEPEST)
        return found.text if found else text

    def fill_in(self, template: str, values: dict[str, str]) -> str:
        """Return a message with its values by its template, for who has both apart."""
        return fill(self._translations.get(template, template), values)

    def _find(self, text: str, depth: int) -> _Said | None:
        """Say a text by the template that leaves the fewest characters to values; None for none."""
        if len(text) > _LONGEST:
            return None
        if text in self._whole:
            return _Said(self._whole[text], 0)
        if depth == 0:
            return None
        found = []
        for template in self._templates:
            values = template.match(text)
            said = self._say(template, values, depth - 1) if values is not None else None
            if said:
                found.append((said.unexplained, -template.weight, said))
        return min(found, key=lambda one: one[:2])[2] if found else None

    def _say(self, template: Template, values: dict[str, str], depth: int) -> _Said | None:
        """Fill the translation; None where a template of mere marks has no message within."""
        translation = self._translations[template.text]
        is_known = template.weight > 0
        unexplained = 0
        for name, is_quoted in zip(template.places, template.is_quoted, strict=True):
            value = values[name]
            inner = None if is_quoted else self._say_value(name, value, depth)
            unexplained += inner.unexplained if inner else len(value)
            if is_quoted:
                values[f"{name} bare"] = strip_quotes(value)
            elif inner is None and _REMEDY_MARK in value:
                # A value that swallowed half a sentence is of another template, but for a list at the end.
                if not template.ends_with(name):
                    return None
                unexplained += _SWALLOWED
            elif inner:
                values[name] = inner.text
                is_known = True
            elif IS_SYSTEM.fullmatch(name):
                # Words of a library in another language are left out with their brackets.
                translation = re.sub(rf"（[^（）]*{{{name}}}[^（）]*）", "", translation)
        return _Said(fill(translation, values), unexplained) if is_known else None

    def _say_value(self, name: str, value: str, depth: int) -> _Said | None:
        """Say a value that is a message of its own, words of the system, or a list of messages."""
        if IS_LIST.fullmatch(name):
            parts = [strip_quotes(self.translate(one)) for one in value.split(", ")]
            return _Said(self._list_mark.join(parts), len(value))
        if IS_MESSAGE.fullmatch(name) or IS_SYSTEM.fullmatch(name):
            return self._find(value, depth)
        return None

    def describe(self, error: PipelineError) -> str:
        """Return an error's place, fact and remedy in one line."""
        parts = {
            "place": self.translate(error.place),
            "fact": self.translate(error.fact),
            "remedy": self.translate(error.remedy),
        }
        return fill(
            self._translations.get("{place}: {fact}; {remedy}", "{place}: {fact}; {remedy}"), parts
        )


def say_in_chinese(text: str) -> str:
    """Return a message in Chinese, for what is Chinese as a whole: the task ledger, a page."""
    return load_catalogue("zh").translate(text)


@cache
def load_catalogue(language: Language) -> Catalogue:
    """Return the catalogue of a language."""
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return Catalogue(language, _File(file).messages)
